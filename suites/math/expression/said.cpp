#include "suites/math/expression/said.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace assay::math {
namespace {

using Words = std::unordered_map<std::string_view, char>;

constexpr std::pair<std::string_view, char> opposites[] = {{"east", 'E'},
                                                           {"eastward", 'E'},
                                                           {"west", 'e'},
                                                           {"westward", 'e'},
                                                           {"north", 'N'},
                                                           {"northward", 'N'},
                                                           {"south", 'n'},
                                                           {"southward", 'n'},
                                                           {"up", 'U'},
                                                           {"upward", 'U'},
                                                           {"upwards", 'U'},
                                                           {"above", 'U'},
                                                           {"down", 'u'},
                                                           {"downward", 'u'},
                                                           {"downwards", 'u'},
                                                           {"below", 'u'},
                                                           {"left", 'L'},
                                                           {"right", 'l'},
                                                           {"clockwise", 'C'},
                                                           {"counterclockwise", 'c'},
                                                           {"anticlockwise", 'c'},
                                                           {"forward", 'F'},
                                                           {"forwards", 'F'},
                                                           {"backward", 'f'},
                                                           {"backwards", 'f'},
                                                           {"higher", 'M'},
                                                           {"lower", 'm'},
                                                           {"late", 'b'},
                                                           {"early", 'B'},
                                                           {"inward", 'I'},
                                                           {"outward", 'i'},
                                                           {"increase", 'G'},
                                                           {"increased", 'G'},
                                                           {"growth", 'G'},
                                                           {"rise", 'G'},
                                                           {"gain", 'G'},
                                                           {"profit", 'G'},
                                                           {"decrease", 'g'},
                                                           {"decreased", 'g'},
                                                           {"decline", 'g'},
                                                           {"drop", 'g'},
                                                           {"loss", 'g'},
                                                           {"more", 'M'},
                                                           {"fewer", 'm'},
                                                           {"less", 'm'},
                                                           {"larger", 'M'},
                                                           {"greater", 'M'},
                                                           {"bigger", 'M'},
                                                           {"smaller", 'm'},
                                                           {"longer", 'W'},
                                                           {"shorter", 'w'},
                                                           {"faster", 'V'},
                                                           {"slower", 'v'},
                                                           {"older", 'O'},
                                                           {"younger", 'o'},
                                                           {"heavier", 'H'},
                                                           {"lighter", 'h'},
                                                           {"warmer", 'T'},
                                                           {"hotter", 'T'},
                                                           {"colder", 't'},
                                                           {"cooler", 't'},
                                                           {"before", 'B'},
                                                           {"earlier", 'B'},
                                                           {"ago", 'B'},
                                                           {"after", 'b'},
                                                           {"later", 'b'},
                                                           {"maximum", 'X'},
                                                           {"minimum", 'x'},
                                                           {"positive", 'P'},
                                                           {"negative", 'p'},
                                                           {"real", 'R'},
                                                           {"complex", 'r'},
                                                           {"imaginary", 'r'},
                                                           {"even", 'D'},
                                                           {"odd", 'd'}};

const Words& sides() {
  static const Words words(std::begin(opposites), std::end(opposites));
  return words;
}

constexpr char opposite(char side) {
  return static_cast<char>(side ^ ' ');
}

}  // namespace

char side_of(std::string_view word) {
  const auto found = sides().find(word);
  return found == sides().end() ? '\0' : found->second;
}

bool sides_contradict(std::string_view a, std::string_view b) {
  const auto denied = [&](char side) {
    return b.find(opposite(side)) != std::string_view::npos &&
           b.find(side) == std::string_view::npos;
  };
  const bool turned =
      a.size() == 2 && b.size() == 2 && a[0] != b[0] && a[0] == b[1] && b[0] == a[1];
  return turned || std::any_of(a.begin(), a.end(), denied);
}

bool binds_number(std::string_view word) {
  static constexpr std::array<std::string_view, 36> words = {
      "but",     "anything", "everything", "excluded",     "rejected",  "extraneous",
      "fails",   "wrong",    "doubled",    "halved",       "bounded",   "not",
      "no",      "never",    "none",       "neither",      "nor",       "cannot",
      "without", "than",     "except",     "excluding",    "unless",    "if",
      "least",   "most",     "infinitely", "multiple",     "multiples", "divisible",
      "divides", "false",    "impossible", "insufficient", "between",   "exceeds"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool binds_next_number(std::string_view word) {
  static constexpr std::array<std::string_view, 24> words = {
      "power", "powers", "root",   "roots",  "square",  "cube",     "factor",     "factors",
      "above", "below",  "over",   "under",  "beyond",  "up",       "diverge",    "diverges",
      "half",  "twice",  "double", "triple", "divisor", "divisors", "reciprocal", "logarithm"};
  return binds_number(word) || std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<Rational> scale_of(std::string_view word) {
  using Scale = std::pair<std::string_view, Rational>;
  static const std::array<Scale, 26> scales = {{{"ones", 1},
                                                {"tens", 10},
                                                {"dozen", 12},
                                                {"hundred", 100},
                                                {"hundreds", 100},
                                                {"thousand", 1000},
                                                {"thousands", 1000},
                                                {"千", 1000},
                                                {"million", 1'000'000},
                                                {"millions", 1'000'000},
                                                {"百万", 1'000'000},
                                                {"billion", 1'000'000'000},
                                                {"billions", 1'000'000'000},
                                                {"trillion", 1'000'000'000'000},
                                                {"trillions", 1'000'000'000'000},
                                                {"halves", Rational(1, 2)},
                                                {"thirds", Rational(1, 3)},
                                                {"fourths", Rational(1, 4)},
                                                {"fifths", Rational(1, 5)},
                                                {"sixths", Rational(1, 6)},
                                                {"sevenths", Rational(1, 7)},
                                                {"eighths", Rational(1, 8)},
                                                {"ninths", Rational(1, 9)},
                                                {"tenths", Rational(1, 10)},
                                                {"hundredths", Rational(1, 100)},
                                                {"thousandths", Rational(1, 1000)}}};
  for (const auto& [name, factor] : scales) {
    if (name == word) return factor;
  }
  return std::nullopt;
}

}  // namespace assay::math
