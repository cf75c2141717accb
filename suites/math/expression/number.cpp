#include "suites/math/expression/number.h"

#include <algorithm>
#include <cmath>

namespace assay::math {
namespace {

unsigned bits_of(Integer value) {
  if (value.is_zero()) return 0;
  if (value.sign() < 0) value = -value;
  return static_cast<unsigned>(msb(value)) + 1;
}

double log2_of(const Integer& value) {
  constexpr unsigned kept_bits = 64;  // more than a double holds
  const unsigned bits = bits_of(value);
  const unsigned dropped = bits > kept_bits ? bits - kept_bits : 0;
  return std::log2(Integer(value >> dropped).convert_to<double>()) + dropped;
}

// Newton's iteration from above: as many steps as bits at the very most, about log(bits) in truth.
Integer floor_root(const Integer& value, unsigned n) {
  if (n == 2) return sqrt(value);
  Integer guess = Integer(1) << (bits_of(value) / n + 1);
  while (true) {
    const Integer next = ((n - 1) * guess + value / pow(guess, n - 1)) / n;
    if (next >= guess) return guess;
    guess = next;
  }
}

std::optional<Integer> exact_root(const Integer& value, unsigned n) {
  if (value == 0 || value == 1) return value;
  if (n >= bits_of(value)) return std::nullopt;
  Integer root = floor_root(value, n);
  if (pow(root, n) != value) return std::nullopt;
  return root;
}

}  // namespace

unsigned bits_of(const Rational& value) {
  return std::max(bits_of(Integer(numerator(value))), bits_of(Integer(denominator(value))));
}

double log2_of(const Rational& value) {
  return log2_of(Integer(numerator(value))) - log2_of(Integer(denominator(value)));
}

std::optional<Rational> parse_decimal(std::string_view digits) {
  if (digits.empty() || digits.size() > digits_max) return std::nullopt;
  Integer value = 0;
  std::uint64_t chunk = 0;
  std::uint64_t scale = 1;
  unsigned places = 0;
  bool point = false;
  bool any = false;
  for (const char c : digits) {
    if (c == '.') {
      if (point) return std::nullopt;
      point = true;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    any = true;
    chunk = chunk * 10 + static_cast<std::uint64_t>(c - '0');
    scale *= 10;
    if (point) ++places;
    if (scale == 1'000'000'000'000'000'000ULL) {
      value = value * scale + chunk;
      chunk = 0;
      scale = 1;
    }
  }
  if (!any) return std::nullopt;
  value = value * scale + chunk;
  if (places == 0) return Rational(value);
  return Rational(value, pow(Integer(10), places));
}

std::optional<Rational> parse_based(std::string_view digits, int base) {
  if (digits.empty() || digits.size() > digits_max / 4 || base < 2 || base > 36) {
    return std::nullopt;
  }
  Integer value = 0;
  for (const char c : digits) {
    int digit = 36;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'A' && c <= 'Z') digit = c - 'A' + 10;
    if (c >= 'a' && c <= 'z') digit = c - 'a' + 10;
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  return Rational(value);
}

std::optional<Rational> power(const Rational& value, const Integer& exponent) {
  if (exponent == 0) return Rational(1);
  if (value == 0) return exponent > 0 ? std::optional<Rational>(0) : std::nullopt;
  if (value == 1) return value;
  if (value == -1) return Rational((exponent & 1) == 0 ? 1 : -1);
  const Integer size = abs(exponent);
  if (size > work_bits_max) return std::nullopt;
  const auto n = size.convert_to<unsigned>();
  if (static_cast<std::uint64_t>(bits_of(value)) * n > work_bits_max + n) return std::nullopt;
  const Integer top = pow(Integer(numerator(value)), n);
  const Integer bottom = pow(Integer(denominator(value)), n);
  if (exponent > 0) return Rational(top, bottom);
  return top < 0 ? Rational(-bottom, -top) : Rational(bottom, top);
}

std::optional<Rational> exact_root(const Rational& value, unsigned n) {
  if (n == 0 || n > 64) return std::nullopt;
  if (value < 0) {
    if (n % 2 == 0) return std::nullopt;
    const auto root = exact_root(Rational(-value), n);
    return root ? std::optional<Rational>(-*root) : std::nullopt;
  }
  const auto top = exact_root(Integer(numerator(value)), n);
  if (!top) return std::nullopt;
  const auto bottom = exact_root(Integer(denominator(value)), n);
  if (!bottom) return std::nullopt;
  return Rational(*top, *bottom);
}

}  // namespace assay::math
