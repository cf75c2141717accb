#include <algorithm>
#include <array>
#include <utility>

#include "suites/math/expression/clean.h"
#include "suites/math/expression/parser_state.h"

namespace assay::math {
namespace {

constexpr std::array<std::string_view, 27> words_of_sentences = {
    "and",  "or",     "in",   "if",   "for",  "when", "where", "otherwise", "is",
    "are",  "equals", "to",   "with", "和",   "与",   "或",    "且",        "或者",
    "以及", "为",     "等于", "大于", "小于", "属于", "及",    "并且",      "the"};

bool is_sentence_word(std::string_view word) {
  return std::find(words_of_sentences.begin(), words_of_sentences.end(), word) !=
         words_of_sentences.end();
}

std::optional<Rational> scale_of(std::string_view word) {
  if (word == "hundred") return Rational(100);
  if (word == "thousand" || word == "千") return Rational(1000);
  if (word == "million" || word == "millions" || word == "百万") return Rational(1'000'000);
  if (word == "billion" || word == "billions") return Rational(1'000'000'000);
  if (word == "trillion") return Rational(1'000'000'000'000);
  if (word == "dozen") return Rational(12);
  return std::nullopt;
}

Node scaled(Node value, const Rational& factor) {
  if (value.kind == Kind::number) {
    value.number *= factor;
    return value;
  }
  return make_node(Kind::multiply, {std::move(value), make_number(factor)});
}

// "厘米" dimension names multiply by exponents: "length" to the second is "length^2".
void raise(Unit& unit, int exponent) {
  if (exponent == 1 || unit.dimension.empty()) return;
  unit.dimension += "^" + std::to_string(exponent);
  unit.size = *power(unit.size, exponent);
}

}  // namespace

bool Parser::unit_word(const Token& token) const {
  if (token.type == TokenType::word && is_inch()) return &token == &peek();
  return token.type == TokenType::word && !is_sentence_word(token.text) &&
         !is_sentence_word(lower(token.text));
}

// "8 \text{ in}^3": "in" is a unit where nothing stands behind it that could hold anything.
bool Parser::is_inch() const {
  const Token& behind = peek(1);
  return peek().text == "in" && peek().in_text &&
         (behind.type == TokenType::end || at("^", 1) || at(",", 1) || at(")", 1));
}

// A letter (or letters with / and ^) that ends an item behind a number.
bool Parser::letter_unit_follows() const {
  std::size_t i = 0;
  bool any = false;
  while (true) {
    const Token& token = peek(i);
    if (token.type != TokenType::letter || !find_letter_unit(token.text[0])) return false;
    const bool joined = !any && !token.blank_before;
    any = true;
    ++i;
    // "6s^2" is a formula, "6 s^2" may be seconds; "6m^2" is an area.
    if (at("^", i) && joined && token.text != "m") return false;
    if (at("^", i) && peek(i + 1).type == TokenType::number) i += 2;
    if (at("^", i) && at("{", i + 1) && peek(i + 2).type == TokenType::number && at("}", i + 3))
      i += 4;
    if (at("/", i)) {
      ++i;
      continue;
    }
    const Token& next = peek(i);
    return any && (next.type == TokenType::end || next.text == "," || next.text == ")" ||
                   next.text == "]" || next.text == ";");
  }
}

std::optional<Unit> Parser::one_unit() {
  int exponent = 1;
  if (peek().type == TokenType::word) {
    const std::string word = lower(peek().text);
    if (word == "square" || word == "sq") exponent = 2;
    if (word == "cubic" || word == "cu") exponent = 3;
    if (exponent > 1) {
      const auto next = find_unit(peek(1).text);
      if (peek(1).type == TokenType::word && next) advance();
      if (!next) return std::nullopt;
    }
  }
  const Token& token = peek();
  std::optional<Unit> unit;
  if (token.type == TokenType::word) {
    unit = find_unit(is_inch() ? "inch" : token.text);
    if (!unit && token.text.size() == 1 && token.in_text) unit = find_letter_unit(token.text[0]);
  } else if (token.type == TokenType::letter ||
             (token.type == TokenType::name && token.text == "min")) {
    unit = token.text.size() == 1 ? find_letter_unit(token.text[0]) : find_unit(token.text);
  }
  if (!unit) return std::nullopt;
  advance();
  if (at("^")) {
    const bool group = at("{", 1);
    const Token& digit = peek(group ? 2 : 1);
    if (digit.type == TokenType::number && digit.text.size() == 1) {
      exponent = digit.text[0] - '0';
      for (int i = 0; i < (group ? 4 : 2); ++i) advance();
    }
  } else if (peek().type == TokenType::word && lower(peek().text) == "squared") {
    exponent = 2;
    advance();
  } else if (peek().type == TokenType::word && lower(peek().text) == "cubed") {
    exponent = 3;
    advance();
  }
  raise(*unit, exponent);
  return unit;
}

std::string Parser::unknown_words() {
  std::string words;
  while (unit_word(peek())) {
    if (!words.empty()) words += ' ';
    words += lower(peek().text);
    advance();
  }
  return words;
}

Node Parser::based(Node value) {
  advance();
  const Token digits = peek();
  const auto base = digits.type == TokenType::number ? parse_decimal(digits.text) : std::nullopt;
  if (!base || value.kind != Kind::number || value.decimal || *base > 36 || *base < 2) {
    return fail("'base' needs an integer and a base");
  }
  advance();
  const int radix = Integer(numerator(*base)).convert_to<int>();
  const auto read = parse_based(Integer(numerator(value.number)).str(), radix);
  if (!read) return fail("a digit does not belong to the base");
  Node node = make_number(*read);
  node.rows = radix;
  return node;
}

Node Parser::time_of_day(Node value, bool afternoon) {
  Node& hours = value.children.front();
  if (hours.kind != Kind::number || hours.number > 12) return fail("no time of day");
  if (hours.number == 12) hours.number = 0;
  if (afternoon) hours.number += 12;
  hours.name.clear();
  value.closed_left = true;
  return value;
}

Node Parser::with_unit(Node value) {
  while (peek().type == TokenType::word) {
    const std::string word = lower(peek().text);
    if (word == "percent" || word == "pct" || word == "percentage" || word == "percents") {
      advance();
      value = make_call("percent", {std::move(value)});
    } else if (word == "degree" || word == "degrees" || word == "deg" || word == "度" ||
               word == "degs") {
      advance();
      value = degrees(std::move(value));
    } else if (word == "base" || word == "进制") {
      return based(std::move(value));
    } else if (const auto scale = scale_of(word)) {
      advance();
      value = scaled(std::move(value), *scale);
    } else {
      break;
    }
  }
  const bool letters = options_.letters_are_units && letter_unit_follows();
  if (!letters && !unit_word(peek()) && !(peek().type == TokenType::name && peek().text == "min"))
    return value;
  std::optional<Unit> unit = one_unit();
  Node node = make_node(Kind::quantity, {std::move(value)});
  if (!unit) {
    const std::string words = unknown_words();
    if (words.empty()) return std::move(node.children.front());
    node.name = "?" + words;
    node.number = 1;
    return node;
  }
  node.name = unit->dimension;
  node.number = unit->size;
  if (node.name == "length^1") node.name = "length";
  const bool per = peek().type == TokenType::word && (peek().text == "per" || peek().text == "每");
  if ((at("/") && (peek(1).type == TokenType::word || letters ||
                   (peek(1).type == TokenType::letter && find_letter_unit(peek(1).text[0])))) ||
      per) {
    advance();
    const auto below = one_unit();
    if (!below) {
      const std::string words = unknown_words();
      if (words.empty()) return fail("a unit is missing behind '/'");
      node.name += "/?" + words;
      return node;
    }
    node.name += "/" + below->dimension;
    node.number /= below->size;
  }
  unknown_words();  // "5 cm long"
  if (node.name.empty()) return std::move(node.children.front());
  return node;
}

}  // namespace assay::math
