#include "suites/censorship/features.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

#include "suites/censorship/rules.h"

namespace assay::censorship {

namespace {

constexpr std::size_t lengths = 24;
constexpr std::size_t tenths = 11;
constexpr std::size_t counts_max = 5;

// 2 log2(n + 1), rounded down, in whole numbers so that it is the same everywhere.
std::size_t log_bucket(std::size_t n) {
  assert(n < (std::uint64_t{1} << 32U));
  const std::uint64_t m = n + 1;
  const auto whole = static_cast<unsigned>(std::bit_width(m)) - 1;
  return 2 * whole + (m * m >= std::uint64_t{1} << (2 * whole + 1) ? 1 : 0);
}

// Puts on one fact of each kind, in the order of the names in weights_*.txt.
class Facts {
 public:
  explicit Facts(std::vector<std::uint32_t>& on) : on_(on) { on_.clear(); }

  void pass(std::size_t kinds) { base_ += static_cast<std::uint32_t>(kinds); }
  void put(std::size_t kinds, std::size_t which) {
    on_.push_back(base_ + static_cast<std::uint32_t>(std::min(which, kinds - 1)));
    pass(kinds);
  }
  void put_if(bool is, std::size_t kinds, std::size_t which) {
    is ? put(kinds, which) : pass(kinds);
  }

 private:
  std::vector<std::uint32_t>& on_;
  std::uint32_t base_ = 0;
};

// The distinct n-grams of a question, and which of them were looked up. Open addressing, a quarter
// full at most: nearly every look-up finds nothing, at its first place.
class Wanted {
 public:
  explicit Wanted(std::size_t hashes_max)
      : places_(std::bit_ceil(4 * hashes_max + 1)), found_(places_.size()) {}

  void add(std::uint64_t hash) {
    const std::size_t at = place_of(hash);
    distinct_ += places_[at] == 0 ? 1 : 0;
    places_[at] = hash;
  }

  void look(std::uint64_t hash) {
    const std::size_t at = place_of(hash);
    if (places_[at] != 0) {
      hits_ += found_[at] == 0 ? 1 : 0;
      found_[at] = 1;
    }
  }

  bool empty() const { return distinct_ == 0; }
  std::size_t tenths_found() const { return hits_ * 10 / distinct_; }

 private:
  std::size_t place_of(std::uint64_t hash) const {
    const std::size_t mask = places_.size() - 1;
    std::size_t at = hash & mask;
    while (places_[at] != hash && places_[at] != 0) {
      at = (at + 1) & mask;
    }
    return at;
  }

  std::vector<std::uint64_t> places_;  // 0: empty
  std::vector<char> found_;            // by place
  std::size_t distinct_ = 0;
  std::size_t hits_ = 0;
};

// Collects each bucket that `for_each` names once, at most `buckets_max`. Without a branch: which
// buckets repeat cannot be predicted.
template <class ForEach>
void collect(const ForEach& for_each, std::size_t buckets_max, std::vector<std::uint32_t>& out) {
  constexpr std::size_t buckets = std::size_t{1} << ngram_bits;
  std::array<std::uint64_t, buckets / 64> seen{};
  out.resize(buckets_max);
  std::uint32_t* next = out.data();
  for_each([&](std::size_t, std::size_t, std::uint32_t bucket) {
    std::uint64_t& word = seen[bucket % buckets / 64];
    const std::uint64_t bit = std::uint64_t{1} << bucket % 64;
    *next = bucket;
    next += (word & bit) == 0 ? 1 : 0;
    word |= bit;
  });
  out.resize(static_cast<std::size_t>(next - out.data()));
}

void put_overlap(const Tokens& question, const Tokens& response, Facts& facts) {
  const std::vector<Token>& asked = question.tokens;
  const std::size_t n = asked.size();
  Wanted words(n);
  Wanted pairs(n);
  for (std::size_t i = 0; i < n; ++i) {
    words.add(asked[i].hash);
    if (i + 1 < n) {
      pairs.add(detail::longer(asked[i].hash, asked[i + 1].hash, 1));
    }
  }
  const std::vector<Token>& said = response.tokens;
  for (std::size_t i = 0; i < said.size(); ++i) {
    words.look(said[i].hash);
    if (i + 1 < said.size()) {
      pairs.look(detail::longer(said[i].hash, said[i + 1].hash, 1));
    }
  }
  facts.put_if(!words.empty(), tenths, words.empty() ? 0 : words.tenths_found());
  facts.put_if(!pairs.empty(), tenths, pairs.empty() ? 0 : pairs.tenths_found());
}

bool mostly_han(const Tokens& tokens) {
  return 2 * tokens.han > tokens.tokens.size();
}

void put_scripts(const Tokens& question, const Tokens& response, std::size_t n, Facts& facts) {
  const std::size_t all = response.tokens.size();
  const std::size_t minority =
      std::min(response.han, all - response.han) * 1000 / std::max<std::size_t>(1, all);
  facts.put(4, minority == 0 ? 0 : minority < 10 ? 1 : minority < 100 ? 2 : 3);
  facts.put_if(n > 0 && !question.tokens.empty() && mostly_han(question) != mostly_han(response), 1,
               0);
  facts.put_if(n < all, 1, 0);
}

std::size_t density(std::size_t total, std::size_t n) {
  return total == 0 ? 0 : total * 100 < n ? 1 : total * 50 < n ? 2 : total * 25 < n ? 3 : 4;
}

void put_rules(std::span<const int> counts, std::size_t n, Facts& facts) {
  const RuleTable& table = grader_rules();
  bool refused = false;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::string& name = table.rules()[i].name;
    facts.put_if(counts[i] > 0, 1, 0);
    refused = refused || (counts[i] > 0 && (name == "refuse.cannot" || name == "refuse.sorry"));
  }
  for (std::size_t group = 0; group < table.groups().size(); ++group) {
    std::size_t different = 0;
    std::size_t total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] > 0 && table.rules()[i].group == group) {
        ++different;
        total += static_cast<std::size_t>(counts[i]);
      }
    }
    facts.put(counts_max, different);
    facts.put(counts_max, density(total, n));
  }
  facts.put_if(refused, 4, n < 60 ? 0 : n < 150 ? 1 : n < 400 ? 2 : 3);
}

}  // namespace

std::size_t fact_count() {
  const RuleTable& table = grader_rules();
  return lengths + 2 * tenths + 4 + 2 + table.rules().size() +
         2 * counts_max * table.groups().size() + 4;
}

void extract(const Tokens& question, const Tokens& response, std::size_t from,
             std::span<const int> rule_counts, Features& out) {
  const std::span<const Token> said = std::span(response.tokens).subspan(from);
  // One more than there can be: the last place is written before it is known to be new.
  collect([said](auto&& f) { for_each_body_ngram(said, f); }, 2 * said.size() + 1, out.body);
  collect([said](auto&& f) { for_each_head_ngram(said, f); },
          3 * std::min(said.size(), detail::head_tokens) + 1, out.head);
  Facts facts(out.facts);
  facts.put(lengths, log_bucket(said.size()));
  put_overlap(question, response, facts);
  put_scripts(question, response, said.size(), facts);
  put_rules(rule_counts, said.size(), facts);
}

}  // namespace assay::censorship
