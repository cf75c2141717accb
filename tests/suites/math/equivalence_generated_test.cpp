// Pairs made by rule: rewritings that keep an answer, and near misses that do not.
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "suites/math/equivalence.h"
#include "tests/catch.h"

using namespace assay::math;

namespace {

using Pair = std::pair<std::string, std::string>;

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  int between(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<unsigned>(high - low + 1));
  }

  int signed_digit(int high) {
    const int n = between(1, high);
    return between(0, 1) == 0 ? n : -n;
  }

  Pair integer() {
    const int n = signed_digit(9999);
    const std::vector<std::string> forms = {
        fmt::format("{}.0", n),         fmt::format("\\boxed{{{}}}", n),
        fmt::format("$ {} $", n),       fmt::format("\\frac{{{}}}{{3}}", n * 3),
        fmt::format("x = {}", n),       fmt::format("{}\\text{{ cm}}", n),
        fmt::format("{}+{}", n - 7, 7), fmt::format("{}\\cdot 1", n)};
    return {std::to_string(n), pick(forms)};
  }

  Pair fraction() {
    const int p = signed_digit(60);
    const int q = between(2, 40);
    const int k = between(2, 9);
    const std::vector<std::string> forms = {
        fmt::format("{}/{}", p, q), fmt::format("\\dfrac{{{}}}{{{}}}", p * k, q * k),
        fmt::format("-\\frac{{{}}}{{{}}}", -p, q), fmt::format("{}\\cdot\\frac{{1}}{{{}}}", p, q),
        fmt::format("{}{}⁻¹", p, fmt::format("\\cdot {}", q))};
    return {fmt::format("\\frac{{{}}}{{{}}}", p, q), pick(forms)};
  }

  Pair radical() {
    const int a = between(2, 12);
    const int b = between(2, 11);
    const std::vector<std::string> forms = {
        fmt::format("\\sqrt{{{}}}", a * a * b), fmt::format("{}*sqrt({})", a, b),
        fmt::format("{}√{}", a, b), fmt::format("\\frac{{{}}}{{\\sqrt{{{}}}}}", a * b, b)};
    return {fmt::format("{}\\sqrt{{{}}}", a, b), pick(forms)};
  }

  Pair interval() {
    const int a = signed_digit(30);
    const int b = a + between(1, 30);
    const bool left = between(0, 1) == 1;
    const bool right = between(0, 1) == 1;
    const std::string text = fmt::format("{}{},{}{}", left ? '[' : '(', a, b, right ? ']' : ')');
    const std::vector<std::string> forms = {
        fmt::format("{} {} x {} {}", a, left ? "\\le" : "<", right ? "\\leq" : "<", b),
        fmt::format("x \\in \\left{}{}, {}\\right{}", left ? '[' : '(', a, b, right ? ']' : ')'),
        fmt::format("{} {} x {} {}", b, right ? "≥" : ">", left ? "≥" : ">", a)};
    return {text, pick(forms)};
  }

  Pair list() {
    const int a = signed_digit(50);
    const int b = a + between(1, 9);
    const int c = b + between(1, 9);
    const std::vector<std::string> forms = {
        fmt::format("{}, {}, {}", c, a, b), fmt::format("\\{{{},{},{}\\}}", b, a, c),
        fmt::format("x={} or x={} or x={}", b, c, a), fmt::format("{}, {} and {}", a, c, b)};
    return {fmt::format("{}, {}, {}", a, b, c), pick(forms)};
  }

  Pair tuple() {
    const int a = signed_digit(50);
    const int b = between(2, 50);
    const std::vector<std::string> forms = {
        fmt::format("(x,y)=({}, {}/{})", a, 3 * b, 3 * 7),
        fmt::format("\\left( {}, \\frac{{{}}}{{7}} \\right)", a, b),
        fmt::format("\\begin{{pmatrix}}{} \\\\ {}/7\\end{{pmatrix}}", a, b)};
    return {fmt::format("({}, \\frac{{{}}}{{{}}})", a, b, 7), pick(forms)};
  }

  Pair polynomial() {
    const int a = signed_digit(9);
    const int b = signed_digit(9);
    return {fmt::format("(x{:+})(x{:+})", a, b), fmt::format("x^2{:+}x{:+}", a + b, a * b)};
  }

  Pair line() {
    const int a = signed_digit(9);
    const int b = signed_digit(9);
    const int k = between(2, 5);
    const std::vector<std::string> forms = {fmt::format("{}x - y {:+} = 0", a, b),
                                            fmt::format("{}y = {}x{:+}", k, k * a, k * b),
                                            fmt::format("y{:+} = {}x", -b, a)};
    return {fmt::format("y = {}x{:+}", a, b), pick(forms)};
  }

  Pair inequality() {
    const int a = signed_digit(40);
    const int k = between(2, 6);
    const std::vector<std::string> forms = {
        fmt::format("{} < x", a), fmt::format("{}x > {}", k, k * a),
        fmt::format("({}, \\infty)", a), fmt::format("-x < {}", -a)};
    return {fmt::format("x > {}", a), pick(forms)};
  }

  Pair complex() {
    const int a = signed_digit(20);
    const int b = between(2, 20);
    const std::vector<std::string> forms = {fmt::format("{}i{:+}", b, a),
                                            fmt::format("{} + {}\\cdot i", a, b),
                                            fmt::format("\\frac{{{}+{}i}}{{2}}", 2 * a, 2 * b)};
    return {fmt::format("{}+{}i", a, b), pick(forms)};
  }

  Pair multiple_of_pi() {
    const int p = between(1, 11);
    const int q = between(2, 12);
    const std::vector<std::string> forms = {
        fmt::format("\\frac{{{}}}{{{}}}\\pi", p, q), fmt::format("{}π/{}", p, q),
        fmt::format("{}^\\circ \\cdot \\frac{{{}}}{{{}}}", 180, p, q)};
    return {fmt::format("\\frac{{{}\\pi}}{{{}}}", p, q), pick(forms)};
  }

  Pair any(int kind) {
    switch (kind % kinds) {
      case 0:
        return integer();
      case 1:
        return fraction();
      case 2:
        return radical();
      case 3:
        return interval();
      case 4:
        return list();
      case 5:
        return tuple();
      case 6:
        return polynomial();
      case 7:
        return line();
      case 8:
        return inequality();
      case 9:
        return complex();
      default:
        return multiple_of_pi();
    }
  }

  // The answer with one number, sign, bracket or relation changed. Empty where nothing could be.
  std::string near_miss(const std::string& text) {
    switch (between(0, 6)) {
      case 0:
        return change_number(text, [](int n) { return n + 1; });
      case 1:
        return change_number(text, [](int n) { return n * 2 + (n == 0 ? 1 : 0); });
      case 2:
        return change_number(text, [](int n) { return n > 1 ? n - 1 : n + 2; });
      case 3:
        return change_number(text, [](int n) { return n * 10 + 1; });
      case 4:
        return swap_ends(text);
      case 5:
        return flip_sign(text);
      default:
        return swap_fraction(text);
    }
  }

  static constexpr int kinds = 11;

 private:
  std::string pick(const std::vector<std::string>& forms) {
    return forms[static_cast<std::size_t>(between(0, static_cast<int>(forms.size()) - 1))];
  }

  template <class Change>
  std::string change_number(const std::string& text, Change change) {
    std::vector<Pair> unused;
    std::vector<std::pair<std::size_t, std::size_t>> numbers;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (std::isdigit(static_cast<unsigned char>(text[i])) == 0) continue;
      std::size_t end = i;
      while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
      numbers.emplace_back(i, end - i);
      i = end;
    }
    if (numbers.empty()) return {};
    const auto [at, length] =
        numbers[static_cast<std::size_t>(between(0, static_cast<int>(numbers.size()) - 1))];
    std::string changed = text;
    return changed.replace(at, length, std::to_string(change(std::stoi(text.substr(at, length)))));
  }

  static std::string swap_ends(std::string text) {
    if (text.find('=') != std::string::npos || text.empty()) return {};
    if (text.front() == '[' && (text.back() == ']' || text.back() == ')'))
      return '(' + text.substr(1);
    if (text.front() == '(' && text.back() == ']') return text.substr(0, text.size() - 1) + ')';
    if (const auto at = text.find('>'); at != std::string::npos) return text.replace(at, 1, "\\ge");
    return {};
  }

  static std::string flip_sign(const std::string& text) {
    if (text.find(',') != std::string::npos || text.find('=') != std::string::npos ||
        text.find('>') != std::string::npos)
      return {};
    return "-(" + text + ")";
  }

  static std::string swap_fraction(const std::string& text) {
    const std::string open = "\\frac{";
    if (!text.starts_with(open) || text.find('}') == std::string::npos) return {};
    const auto middle = text.find("}{");
    const std::string top = text.substr(open.size(), middle - open.size());
    const std::string bottom = text.substr(middle + 2, text.size() - middle - 3);
    const std::string positive = top.starts_with('-') ? top.substr(1) : top;
    if (positive == bottom) return {};
    return open + bottom + "}{" + top + "}";
  }

  std::mt19937 random_;
};

int count_of(const char* variable, int fallback) {
  const char* text =
      std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): tests run in one thread
  return text == nullptr ? fallback : std::atoi(text);
}

}  // namespace

TEST_CASE("rewritten answers stay equal, and near misses of them do not become so") {
  Maker maker(20260101);
  const Policy& strict = policy("strict");
  for (int i = 0; i < 150 * Maker::kinds; ++i) {
    const auto [gold, answer] = maker.any(i);
    const Judgement judgement = equivalent(gold, answer, strict);
    INFO(gold << "   " << answer << "   " << judgement.reason);
    CHECK(judgement.decision == Decision::equal);
    CHECK(equivalent(answer, gold, strict).decision == Decision::equal);
  }
}

// ASSAY_MATH_MUTATIONS=100000 for the whole test.
TEST_CASE("near misses are told apart in at least 999 of 1000 generated pairs") {
  Maker maker(7);
  const Policy& strict = policy("strict");
  const int wanted = count_of("ASSAY_MATH_MUTATIONS", 10'000);
  int pairs = 0;
  int equal = 0;
  std::string first;
  for (int i = 0; pairs < wanted; ++i) {
    const auto [gold, rewritten] = maker.any(i);
    const std::string answer = maker.near_miss(gold);
    if (answer.empty() || answer == gold) continue;
    ++pairs;
    if (equivalent(gold, answer, strict).decision != Decision::equal) continue;
    if (equal++ < 10) first += gold + "   " + answer + "\n";
  }
  INFO(equal << " of " << pairs << " called equal, such as\n" << first);
  CHECK(equal * 1000 <= pairs);
}
