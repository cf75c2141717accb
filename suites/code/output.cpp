#include "suites/code/output.h"

#include <optional>
#include <vector>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace assay {

namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  return begin == std::string_view::npos
             ? std::string_view()
             : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::vector<std::string_view> parts_of(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    parts.push_back(trimmed(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return parts;
}

// A decimal number in a form that is equal for equal values: sign, digits without leading or
// trailing zeros, exponent. Empty: not a number. Exact, unlike a double.
std::optional<std::string> decimal(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    text.remove_prefix(1);
  }
  std::string digits;
  long exponent = 0;
  bool point = false;
  std::size_t i = 0;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.' && !point) {
      point = true;
    } else if (text[i] >= '0' && text[i] <= '9') {
      digits += text[i];
      exponent -= point ? 1 : 0;
    } else {
      return std::nullopt;
    }
  }
  if (digits.empty()) {
    return std::nullopt;
  }
  if (i < text.size()) {
    const std::string power(text.substr(i + 1));
    char* end = nullptr;
    const long value = std::strtol(power.c_str(), &end, 10);
    if (power.empty() || *end != '\0' || power.size() > 6) {
      return std::nullopt;
    }
    exponent += value;
  }
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) {
    return "0";
  }
  const std::size_t last = digits.find_last_not_of('0');
  exponent += static_cast<long>(digits.size() - 1 - last);
  return fmt::format("{}{}e{}", negative ? "-" : "", digits.substr(first, last - first + 1),
                     exponent);
}

bool same_line(std::string_view out, std::string_view expected) {
  if (out == expected) {
    return true;
  }
  const auto words = [](std::string_view line) {
    std::vector<std::string_view> parts = parts_of(line, " \t");
    std::erase_if(parts, [](std::string_view part) { return part.empty(); });
    return parts;
  };
  const std::vector<std::string_view> left = words(out);
  const std::vector<std::string_view> right = words(expected);
  if (left.size() != right.size() || left.empty()) {
    return false;
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    const std::optional<std::string> number = decimal(left[i]);
    if (!number || number != decimal(right[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool same_output(std::string_view out, std::string_view expected) {
  const std::vector<std::string_view> left = parts_of(trimmed(out), "\n");
  const std::vector<std::string_view> right = parts_of(trimmed(expected), "\n");
  if (left.size() != right.size()) {
    return false;
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!same_line(left[i], right[i])) {
      return false;
    }
  }
  return true;
}

Outcome check_output(const ProgramRun& run, const nlohmann::json& tests) {
  Outcome total{.kind = Kind::passed, .why = {}};
  for (const nlohmann::json& test : tests) {
    std::string out;
    Outcome outcome = run(test.at("input").get<std::string>(), out);
    ++total.calls;
    total.time_s += outcome.time_s;
    const std::string expected = test.at("output");
    if (outcome.kind == Kind::passed && !same_output(out, expected)) {
      outcome.kind = Kind::wrong_answer;
      outcome.why = fmt::format("test {}: printed '{}', not '{}'", total.calls,
                                one_line(std::string_view(out).substr(0, 100)),
                                one_line(std::string_view(expected).substr(0, 100)));
    }
    if (outcome.kind != Kind::passed) {
      total.kind = outcome.kind;
      total.why = outcome.why;
      return total;
    }
  }
  if (total.calls == 0) {
    return {.kind = Kind::harness_failure, .why = "there are no tests"};
  }
  return total;
}

}  // namespace assay
