#include <algorithm>
#include <array>
#include <utility>

#include "suites/math/expression/clean.h"
#include "suites/math/expression/parser_state.h"
#include "suites/math/expression/said.h"

namespace assay::math {
namespace {

constexpr std::size_t tokens_of_unit_max = 24;

constexpr std::array<std::string_view, 27> words_of_sentences = {
    "and",  "or",     "in",   "if",   "for",  "when", "where", "otherwise", "is",
    "are",  "equals", "to",   "with", "和",   "与",   "或",    "且",        "或者",
    "以及", "为",     "等于", "大于", "小于", "属于", "及",    "并且",      "the"};

bool is_sentence_word(std::string_view word) {
  return std::find(words_of_sentences.begin(), words_of_sentences.end(), word) !=
         words_of_sentences.end();
}

Node scaled(Node value, const Rational& factor) {
  if (value.kind == Kind::number) {
    value.number *= factor;
    return value;
  }
  return make_node(Kind::multiply, {std::move(value), make_number(factor)});
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
  if (peek().text == "in" && (behind.type == TokenType::end || at("^", 1))) return true;
  return peek().text == "in" && peek().in_text &&
         (behind.type == TokenType::end || at("^", 1) || at(",", 1) || at(")", 1));
}

// The number of tokens of "^2", "^{-1}" at a place; 0 where none stands there. Sets the exponent.
std::size_t Parser::unit_exponent(std::size_t ahead, int& exponent) const {
  if (!at("^", ahead)) return 0;
  const std::size_t group = at("{", ahead + 1) ? 1 : 0;
  const std::size_t minus = at("-", ahead + 1 + group) ? 1 : 0;
  const Token& digit = peek(ahead + 1 + group + minus);
  if (digit.type != TokenType::number || digit.text.size() != 1) return 0;
  if (group == 1 && !at("}", ahead + 2 + group + minus)) return 0;
  exponent = (minus == 1 ? -1 : 1) * (digit.text[0] - '0');
  return 2 + 2 * group + minus;
}

// Letters with / and ^ that end an item behind a number: "m/s^2", "J s". It is asked at each
// letter: no unit is as long as a run of letters can be.
bool Parser::letter_unit_follows() const {
  std::size_t i = 0;
  for (bool any = false;; any = true) {
    const Token& token = peek(i);
    const bool letter = token.type == TokenType::letter && find_letter_unit(token.text[0]);
    const bool word = any && token.type != TokenType::letter && unit_at(token);
    if ((!letter && !word) || i > tokens_of_unit_max) return false;
    const bool joined = !any && !token.blank_before;
    ++i;
    // "6s^2" is a formula, "6 s^2" may be seconds; "6m^2" is an area.
    if (at("^", i) && joined && token.text != "m") return false;
    int exponent = 1;
    i += unit_exponent(i, exponent);
    if (at("/", i) && at("(", i + 1)) return true;
    if (at("/", i) || at("*", i)) {
      ++i;
      continue;
    }
    if (peek(i).type == TokenType::command && peek(i).text == "cdot") {
      ++i;
      continue;
    }
    const Token& next = peek(i);
    if (next.type == TokenType::end || next.text == "," || next.text == ")" || next.text == "]" ||
        next.text == ";")
      return true;
    // "2 h 30 min"
    if (next.type == TokenType::number && next.blank_before) return true;
    if (!next.blank_before) return false;
  }
}

std::optional<Unit> Parser::one_unit() {
  int exponent = 1;
  if (peek().type == TokenType::word) {
    const std::string word = lower(peek().text);
    if (word == "square" || word == "sq") exponent = 2;
    if (word == "cubic" || word == "cu") exponent = 3;
    if (exponent > 1) {
      const auto next = find_unit(peek(1).text == "in" ? "inch" : peek(1).text);
      if (peek(1).type != TokenType::word || !next) return std::nullopt;
      advance();
      if (peek().text == "in") {
        advance();
        return times({}, *next, exponent);
      }
    }
  }
  std::optional<Unit> unit;
  if (thousand_of_ohms_follows()) {
    // k\Omega
    unit = find_unit(peek().text == "k" ? "kiloohm" : peek().text == "M" ? "megaohm" : "milliohm");
    advance();
  } else if (at_command("mu")) {
    // Micrometres and their like.
    unit = peek(1).text.size() == 1 ? find_micro_unit(peek(1).text[0]) : std::nullopt;
    if (unit) advance();
  } else {
    unit = unit_at(peek());
  }
  if (!unit) return std::nullopt;
  int written = 1;
  const std::size_t tokens = unit_exponent(1, written);
  if (peek().text == "ms" && written < 0) {
    // m s^-1
    unit = times(*find_letter_unit('m'), *find_letter_unit('s'), written);
    written = 1;
  }
  if (tokens > 0) exponent = written;
  for (std::size_t i = 0; i <= tokens; ++i) advance();
  if (tokens == 0 && peek().type == TokenType::word) {
    const std::string word = lower(peek().text);
    if (word == "squared") exponent = 2;
    if (word == "cubed") exponent = 3;
    if (word == "squared" || word == "cubed") advance();
  }
  return times({}, *unit, exponent);
}

// The unit that a token is behind a number, letters included.
std::optional<Unit> Parser::unit_at(const Token& token) const {
  const bool letter = token.text.size() == 1;
  if (token.type == TokenType::word) {
    if (auto unit = find_unit(&token == &peek() && is_inch() ? "inch" : token.text)) return unit;
    return letter && token.in_text ? find_letter_unit(token.text[0]) : std::nullopt;
  }
  if (token.type == TokenType::command && token.text == "Omega") return find_unit("ohm");
  if (token.type == TokenType::name) {
    const bool named = token.text == "min" || token.text == "sec";
    return named ? find_unit(token.text) : std::nullopt;
  }
  return token.type == TokenType::letter ? find_letter_unit(token.text[0]) : std::nullopt;
}

// What joins a unit to the next one: 1 to multiply, -1 to divide, 0 for the end. Takes the sign.
int Parser::unit_joiner(bool letters) {
  const bool per = peek().type == TokenType::word && (peek().text == "per" || peek().text == "每");
  if (per || (at("/") && (peek(1).type == TokenType::word || letters || unit_at(peek(1)) ||
                          (at("(", 1) && unit_at(peek(2)))))) {
    advance();
    return -1;
  }
  const bool times_sign = at("*") || at_command("cdot") || at_command("times");
  if (times_sign && unit_at(peek(1))) {
    advance();
    return 1;
  }
  // "5 kg m/s": letters that end the item are units behind a unit.
  const bool letter_alone = peek().type == TokenType::letter && !letters && !letter_unit_follows();
  return unit_at(peek()) && !letter_alone ? 1 : 0;
}

// The words behind a number that are no unit: what they say of it goes to `sides`, the rest is what
// was counted. No number is left where they bind it.
std::string Parser::unknown_words(std::string& sides) {
  std::string words;
  while (unit_word(peek())) {
    const std::string word = lower(peek().text);
    if (word == "per" && !words.empty()) break;
    if (binds_number(word)) {
      fail("'" + word + "' behind a number");
      return {};
    }
    const char side = side_of(word);
    if (side != 0) sides += side;
    if (side == 0 && !words.empty()) words += ' ';
    if (side == 0) words += word;
    advance();
  }
  return words;
}

Node Parser::based(const Node& value) {
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

// "2 h 30 min", "5 ft 6 in": each part of the same dimension and smaller than the one before.
Node Parser::with_smaller_units(Node value) {
  while (value.kind == Kind::quantity && peek().type == TokenType::number && error_.empty()) {
    Node next = with_unit(product());
    if (next.kind != Kind::quantity || next.name != value.name || next.number >= value.number)
      return fail("two numbers side by side");
    const Rational part = next.number / value.number;
    Node small = make_node(Kind::multiply, {std::move(next.children[0]), make_number(part)});
    value.children[0] = make_node(Kind::add, {Node(value.children[0]), std::move(small)});
  }
  return value;
}

// "3 out of 8", "5 choose 2", "40 percent", "30 degrees", "5 squared", "101 base 2", "2 million".
Node Parser::with_words(Node value) {
  while (peek().type == TokenType::word) {
    const std::string word = lower(peek().text);
    if (word == "out" && peek(1).text == "of" && peek(2).type == TokenType::number) {
      // 3 out of 8
      advance();
      advance();
      value = make_node(Kind::divide, {std::move(value), number()});
    } else if (word == "choose" && peek(1).type == TokenType::number) {
      advance();
      value = make_call("binom", {std::move(value), number()});
    } else if (word == "percent" || word == "pct" || word == "percentage" || word == "percents") {
      advance();
      value = make_call("percent", {std::move(value)});
    } else if (word == "degree" || word == "degrees" || word == "deg" || word == "度" ||
               word == "degs") {
      advance();
      value = degrees(std::move(value));
    } else if ((word == "squared" || word == "cubed") && peek(1).type != TokenType::word) {
      advance();
      value = make_node(Kind::power, {std::move(value), make_number(word == "squared" ? 2 : 3)});
    } else if (word == "factorial") {
      advance();
      value = make_call("factorial", {std::move(value)});
    } else if (word == "base" || word == "进制") {
      return based(value);
    } else if (const auto scale = scale_of(word)) {
      advance();
      value = scaled(std::move(value), *scale);
    } else {
      break;
    }
  }
  return value;
}

// Whether what follows could be a unit or say something of a number: mostly it is a sign.
bool Parser::unit_may_follow() const {
  const Token& next = peek();
  if (next.type == TokenType::word) return is_inch() || !is_sentence_word(next.text);
  if (next.type == TokenType::mark) return next.text == "(" || next.text == "/";
  return next.type != TokenType::end;
}

Node Parser::with_unit(Node value) {
  if (!unit_may_follow()) return value;
  if (value.kind == Kind::number && lower(peek().text) == "noon" && value.number == 12) {
    advance();
    Node noon = make_node(Kind::ratio, {make_number(12), make_number(0)});
    noon.closed_left = true;
    return noon;
  }
  if (base_follows()) {
    // 34 (base 5)
    advance();
    value = based(value);
    return accept(")") ? std::move(value) : fail("missing ')'");
  }
  value = with_words(std::move(value));
  if (value.kind == Kind::number && value.rows > 0) return value;
  while (remark_follows()) {
    while (!accept(")")) advance();
  }
  const bool letters = options_.letters_are_units && letter_unit_follows();
  const bool micro = at_command("mu") && peek(1).text.size() == 1 && value.kind == Kind::number;
  const bool rate = rate_follows();
  words_ambiguous_ = words_ambiguous_ || spells_product(peek());
  if (!letters && !micro && !rate && !thousand_of_ohms_follows() && !at_command("Omega") &&
      !unit_word(peek()) && !(peek().type == TokenType::name && unit_at(peek())))
    return value;
  // "$15 an hour": money is measured before its words are read.
  Node node = value.kind == Kind::quantity ? std::move(value)
                                           : make_node(Kind::quantity, {std::move(value)});
  std::optional<Unit> unit = rate ? Unit{} : one_unit();
  if (!unit) {
    const std::string words = unknown_words(node.operators);
    const bool counted = !words.empty() && node.name.empty();
    unit = Unit{.dimension = counted ? "?" + words : std::string()};
  }
  if (!node.name.empty()) unit = times({node.name, node.number}, *unit, 1);
  if (!with_more_units(*unit, letters)) return make_text("");
  unknown_words(node.operators);  // "5 cm long"
  node.name = std::move(unit->dimension);
  node.number = unit->size;
  if (node.name.empty() && node.operators.empty()) return std::move(node.children.front());
  return node;
}

bool Parser::base_follows() const {
  return at("(") && lower(peek(1).text) == "base" && peek(2).type == TokenType::number &&
         at(")", 3);
}

// A short run of different letters outside of \text{..} that is a unit or a product: mg, nm, am.
bool Parser::spells_product(const Token& token) const {
  constexpr std::size_t letters_max = 3;
  if (token.type != TokenType::word || token.in_text || token.text.size() > letters_max ||
      token.text.find_first_not_of("abcdefghijklmnopqrstuvwxyzNJWVAKCFLTPHGM") != std::string::npos)
    return false;
  const bool different = token.text.find(token.text[0], 1) == std::string::npos &&
                         (token.text.size() < 3 || token.text[1] != token.text[2]);
  return different && (find_unit(token.text) || token.text == "am" || token.text == "pm");
}

// "k\Omega" at the end of an item.
bool Parser::thousand_of_ohms_follows() const {
  return (peek().text == "k" || peek().text == "M" || peek().text == "m") &&
         peek(1).type == TokenType::command && peek(1).text == "Omega" && ends_item(2);
}

// "/hour", "per hour" behind a number.
bool Parser::rate_follows() const {
  const Token& unit = peek(1);
  const bool named = unit.type == TokenType::word && unit.text.size() > 1 && find_unit(unit.text);
  return named && (at("/") || peek().text == "per");
}

// The units that are joined to the first one. False after a mistake.
bool Parser::with_more_units(Unit& unit, bool letters) {
  while (const int joiner = unit_joiner(letters)) {
    const bool group = joiner < 0 && accept("(");
    std::optional<Unit> next = one_unit();
    if (!next) {
      std::string sides;
      const std::string words = unknown_words(sides);
      if (words.empty()) return fail("a unit is missing behind '/'"), false;
      next = Unit{"?" + words, 1};
    }
    unit = times(unit, *next, joiner);
    while (group && !at(")")) {
      accept_command("cdot");
      next = one_unit();
      if (!next) return fail("a unit is missing in brackets"), false;
      unit = times(unit, *next, joiner);
    }
    if (group) accept(")");
  }
  return true;
}

}  // namespace assay::math
