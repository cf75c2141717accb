// Exact numbers and what they may cost.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/multiprecision/cpp_int.hpp>

namespace assay::math {

using Integer = boost::multiprecision::cpp_int;
using Rational = boost::multiprecision::cpp_rational;

inline constexpr unsigned bits_max = 4096;  // of a numerator or denominator that is written down
inline constexpr unsigned work_bits_max = 2048;  // of one that is computed with
inline constexpr std::size_t digits_max = 1200;  // of a literal

// What one judgement may still cost, in estimated nanoseconds: the reason why no input is slow.
struct Budget {
  std::int64_t left_ns = 250'000;
  bool spend(std::int64_t cost_ns) {
    left_ns -= cost_ns;
    return left_ns > 0;
  }
};

// The larger of the bit lengths of numerator and denominator.
unsigned bits_of(const Rational& value);

// Of a positive value of any size, to the precision of a double.
double log2_of(const Rational& value);

// Digits with at most one '.', nothing else. Empty where there are no digits or too many.
std::optional<Rational> parse_decimal(std::string_view digits);

// Digits 0-9, A-Z of a base 2..36. Empty where a digit does not belong to the base.
std::optional<Rational> parse_based(std::string_view digits, int base);

// value^exponent where the result stays within work_bits_max and is defined.
std::optional<Rational> power(const Rational& value, const Integer& exponent);

// The exact n-th root of a value that has a rational one (for odd n also of negative values).
std::optional<Rational> exact_root(const Rational& value, unsigned n);

}  // namespace assay::math
