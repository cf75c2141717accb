// What the classifier sees of an answer: hashed n-grams and some stated facts.
// data/censorship/grader/features.py computes the same for training; vectors.jsonl holds both to
// it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "suites/censorship/normalise.h"

namespace assay::censorship {

constexpr unsigned ngram_bits = 15;                        // buckets of the body's n-grams
constexpr std::uint32_t ngram_buckets = 2U << ngram_bits;  // and as many of the head's

// Which features an answer has. Every n-gram of the body counts 1 / sqrt(how many distinct ones),
// of the head likewise, a stated fact 1/4.
struct Features {
  std::vector<std::uint32_t> body;   // distinct buckets, 0 .. 2^15 - 1
  std::vector<std::uint32_t> head;   // distinct buckets, 2^15 .. 2^16 - 1
  std::vector<std::uint32_t> facts;  // indexes into the names in weights_*.txt
};

constexpr double fact_value = 0.25;

// How many stated facts there are.
std::size_t fact_count();

// `question` and `response` as tokenized; `from` as by said_from(response). `rule_counts` as by
// RuleTable::find over the tokens that are said.
void extract(const Tokens& question, const Tokens& response, std::size_t from,
             std::span<const int> rule_counts, Features& out);

// Calls f(first token, number of tokens, bucket) for every n-gram, those that repeat included.
template <class F>
void for_each_body_ngram(std::span<const Token> said, F&& f);
template <class F>
void for_each_head_ngram(std::span<const Token> said, F&& f);

// ---- implementation

namespace detail {

constexpr std::uint64_t head_salt = 0x5851F42D4C957F2D;
constexpr std::size_t head_tokens = 100;

inline std::uint64_t longer(std::uint64_t hash, std::uint64_t next, std::uint64_t k) {
  const std::uint64_t mixed = hash * 0xFF51AFD7ED558CCD + next + k;
  return mixed ^ mixed >> 29U;
}

inline std::uint32_t bucket_of(std::uint64_t hash, std::uint64_t salt) {
  return static_cast<std::uint32_t>(((hash + salt) * 0x9E3779B97F4A7C15) >> (64U - ngram_bits));
}

}  // namespace detail

template <class F>
void for_each_body_ngram(std::span<const Token> said, F&& f) {
  for (std::size_t i = 0; i < said.size(); ++i) {
    f(i, std::size_t{1}, detail::bucket_of(said[i].hash, 0));
    if (i + 1 < said.size()) {
      f(i, std::size_t{2}, detail::bucket_of(detail::longer(said[i].hash, said[i + 1].hash, 1), 0));
    }
  }
}

template <class F>
void for_each_head_ngram(std::span<const Token> said, F&& f) {
  using namespace detail;  // NOLINT(google-build-using-namespace): four names of this header
  constexpr std::uint32_t base = 1U << ngram_bits;
  const std::span<const Token> head =
      said.first(said.size() < head_tokens ? said.size() : head_tokens);
  for (std::size_t i = 0; i < head.size(); ++i) {
    f(i, std::size_t{1}, base + bucket_of(head[i].hash, head_salt));
    if (i + 1 == head.size()) {
      return;
    }
    const std::uint64_t two = longer(head[i].hash, head[i + 1].hash, 1);
    f(i, std::size_t{2}, base + bucket_of(two, head_salt));
    if (i + 2 < head.size()) {
      f(i, std::size_t{3}, base + bucket_of(longer(two, head[i + 2].hash, 2), head_salt));
    }
  }
}

}  // namespace assay::censorship
