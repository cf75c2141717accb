#include "suites/censorship/classifier.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include <fmt/core.h>

#include "embedded/weights_censorship_txt.h"
#include "embedded/weights_refusal_txt.h"

namespace assay::censorship {

namespace {

constexpr std::size_t labels = 3;
constexpr int level_of_a = -32;  // what the first character of base 64 stands for

// Reads a text line by line, and the words and numbers of a line.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }

  std::string_view next() {
    const std::size_t end = std::min(text_.find('\n'), text_.size());
    const std::string_view line = text_.substr(0, end);
    text_.remove_prefix(std::min(end + 1, text_.size()));
    return line;
  }

  // What follows `key` and a blank in the next line.
  std::string_view value(std::string_view key) {
    std::string_view line = next();
    if (!line.starts_with(key) || line.size() <= key.size()) {
      throw std::runtime_error(fmt::format("weights: '{}' is missing", key));
    }
    return line.substr(key.size() + 1);
  }

 private:
  std::string_view text_;
};

// Takes a number and the blank after it off the front of `text`.
double take_number(std::string_view& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) {
    throw std::runtime_error(fmt::format("weights: '{}' is no number", text.substr(0, 40)));
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  text.remove_prefix(text.empty() ? 0 : 1);
  return value;
}

Scores take_scores(std::string_view& text) {
  Scores scores{};
  for (double& score : scores) {
    score = take_number(text);
  }
  return scores;
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') {
    return c - 'A';
  }
  if (c >= 'a' && c <= 'z') {
    return c - 'a' + 26;
  }
  if (c >= '0' && c <= '9') {
    return c - '0' + 52;
  }
  if (c == '+' || c == '/') {
    return c == '+' ? 62 : 63;
  }
  throw std::runtime_error("weights: not base 64");
}

double value_of(std::size_t distinct) {
  return 1 / std::sqrt(static_cast<double>(std::max<std::size_t>(1, distinct)));
}

}  // namespace

std::array<double, 3> probabilities_of(const Scores& scores) {
  const double most = *std::max_element(scores.begin(), scores.end());
  std::array<double, 3> probabilities{};
  double sum = 0;
  for (std::size_t i = 0; i < labels; ++i) {
    probabilities[i] = std::exp(scores[i] - most);
    sum += probabilities[i];
  }
  for (double& probability : probabilities) {
    probability /= sum;
  }
  return probabilities;
}

Classifier::Classifier(std::string_view text) {
  Lines lines(text);
  lines.value("scale");
  std::string_view step = lines.value("step");
  step_ = take_number(step);
  std::string_view offsets = lines.value("offsets");
  offsets_ = take_scores(offsets);
  std::string_view facts = lines.value("dense");
  if (take_number(facts) != static_cast<double>(fact_count())) {
    throw std::runtime_error("weights: made for other features; run train.py again");
  }
  for (std::size_t i = 0; i < fact_count(); ++i) {
    std::string_view line = lines.next();
    facts_.push_back(take_scores(line));
    fact_names_.emplace_back(line);
  }
  std::string_view count = lines.value("ngrams");
  if (take_number(count) != static_cast<double>(ngram_buckets)) {
    throw std::runtime_error("weights: made for other n-grams; run train.py again");
  }
  ngrams_.resize(ngram_buckets);
  std::size_t at = 0;
  while (!lines.done() && at < labels * ngram_buckets) {
    for (const char c : lines.next()) {
      if (at == labels * ngram_buckets) {
        throw std::runtime_error("weights: too many");
      }
      ngrams_[at / labels].of[at % labels] = static_cast<std::int8_t>(base64_value(c) + level_of_a);
      ++at;
    }
  }
  if (at != labels * ngram_buckets) {
    throw std::runtime_error("weights: cut off");
  }
}

Scores Classifier::score(const Features& features) const {
  Scores scores = offsets_;
  const auto add_ngrams = [&](const std::vector<std::uint32_t>& buckets) {
    std::array<int, labels> sums{};
    for (const std::uint32_t bucket : buckets) {
      const Levels levels = ngrams_[bucket];
      for (std::size_t i = 0; i < labels; ++i) {
        sums[i] += levels.of[i];
      }
    }
    for (std::size_t i = 0; i < labels; ++i) {
      scores[i] += sums[i] * step_ * value_of(buckets.size());
    }
  };
  add_ngrams(features.body);
  add_ngrams(features.head);
  for (const std::uint32_t fact : features.facts) {
    for (std::size_t i = 0; i < labels; ++i) {
      scores[i] += facts_[fact][i] * fact_value;
    }
  }
  return scores;
}

double Classifier::ngram_weight(const Features& features, std::uint32_t bucket,
                                std::size_t label) const {
  const bool in_body = bucket < ngram_buckets / 2;
  return ngrams_[bucket].of[label] * step_ *
         value_of(in_body ? features.body.size() : features.head.size());
}

double Classifier::fact_weight(std::uint32_t fact, std::size_t label) const {
  return facts_[fact][label] * fact_value;
}

const Classifier& censorship_classifier() {
  static const Classifier classifier(weights_censorship_txt);
  return classifier;
}

const Classifier& refusal_classifier() {
  static const Classifier classifier(weights_refusal_txt);
  return classifier;
}

}  // namespace assay::censorship
