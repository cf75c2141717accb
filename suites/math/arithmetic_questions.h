// The questions of math/arithmetic. Everything is integer arithmetic on a stated generator, so that
// a seed gives the same questions on every machine and in every language.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace assay::arithmetic {

constexpr int level_count = 10;
constexpr int questions_per_level = 25;

// splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  // Uniform in [low, high]: low + next() % (high - low + 1). The bias is below 2^-44 for the
  // ranges used here.
  std::int64_t between(std::int64_t low, std::int64_t high);

 private:
  std::uint64_t state_;
};

struct Problem {
  int level = 0;  // 1 .. level_count
  std::string text;
  std::int64_t answer = 0;
};

// One more question of `level`, drawn from `random`.
Problem draw_problem(int level, SplitMix64& random);

// All questions of a seed, in order of level; no text appears twice. Level n is drawn from a
// generator that is seeded with the n-th output of SplitMix64(seed).
std::vector<Problem> problems(std::uint64_t seed);

}  // namespace assay::arithmetic
