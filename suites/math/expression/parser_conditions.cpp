// What an answer says of its letters: "for all x", "where n is a positive integer", "if x > 0".
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "suites/math/expression/parser_state.h"

namespace assay::math {
namespace {

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Words that say nothing by themselves: "for all real numbers x", "where C is an arbitrary
// constant".
bool is_filler(std::string_view word) {
  static constexpr std::array<std::string_view, 26> words = {
      "all",  "any",    "every",     "each",     "some",      "is",      "are",   "be",     "a",
      "an",   "the",    "real",      "reals",    "number",    "numbers", "value", "values", "of",
      "that", "scalar", "arbitrary", "constant", "constants", "是",      "为",    "常数"};
  return is_in(words, word);
}

// What nouns and adjectives make of a letter: the name of a set, or of a residue class of 2.
struct Said {
  bool positive = false;
  bool not_negative = false;
  bool integer = false;
  bool natural = false;
  bool even = false;
  bool odd = false;
  std::string rest = {};  // all other words

  void hear(const std::string& word) {
    static constexpr std::array<std::string_view, 4> integers = {"integer", "integers", "整数",
                                                                 "whole"};
    if (is_in(integers, word)) {
      integer = true;
    } else if (word == "positive" || word == "正整数") {
      positive = true;
      integer = integer || word != "positive";
    } else if (word == "nonnegative" || word == "non-negative") {
      not_negative = true;
    } else if (word == "natural" || word == "naturals" || word == "自然数") {
      natural = true;
    } else if (word == "even" || word == "偶数") {
      even = true;
    } else if (word == "odd" || word == "奇数") {
      odd = true;
    } else if (!is_filler(word)) {
      rest += ' ' + word;
    }
  }
};

}  // namespace

bool Parser::condition_word_follows() const {
  static constexpr std::array<std::string_view, 13> words = {
      "for",   "where", "when",    "whenever", "if", "with", "provided",
      "given", "as",    "for all", "其中",     "当", "若"};
  if (at_command("forall")) return true;
  if (peek().type != TokenType::word || !is_in(words, peek().text)) return false;
  return peek().text != "as" || (peek(1).text == "long" && peek(2).text == "as");
}

// "(x > 0)" behind an answer.
bool Parser::condition_bracket_follows() const {
  constexpr std::size_t tokens_max = 16;
  if (!at("(") || position_ == 0) return false;
  bool relation = false;
  int depth = 0;
  for (std::size_t i = 0; i < tokens_max; ++i) {
    const Token& token = peek(i);
    if (token.type == TokenType::end) return false;
    if (token.text == "(" || token.text == "{") ++depth;
    if ((token.text == ")" || token.text == "}") && --depth == 0) return relation;
    static constexpr std::array<std::string_view, 12> commands = {
        "le", "leq", "leqslant", "ge", "geq", "geqslant", "lt", "gt", "ne", "neq", "in", "leqq"};
    static constexpr std::array<std::string_view, 5> marks = {"<", ">", "<=", ">=", "!="};
    relation = relation || (token.type == TokenType::command && is_in(commands, token.text)) ||
               (token.type == TokenType::mark && is_in(marks, token.text));
  }
  return false;
}

// "x is even", "n positive integer", "C": up to the end of the item; nothing where it goes on with
// anything but words.
bool Parser::said_of_letter_follows() const {
  if (peek().type != TokenType::letter) return false;
  constexpr std::size_t words_max = 8;
  for (std::size_t i = 1; i <= words_max; ++i) {
    const Token& token = peek(i);
    if (token.type == TokenType::word) continue;
    return token.type == TokenType::end || token.text == "," || token.text == ";" ||
           token.text == ")" || token.text == "." || token.text == "&" || token.text == "\\\\" ||
           (token.type == TokenType::command && token.text == "end");
  }
  return false;
}

// Behind "for", "where" or "if". What says no more than that a letter is a number adds nothing.
void Parser::condition(std::vector<Node>& items) {
  Said said;
  const auto hear_words = [&] {
    while (peek().type == TokenType::word) {
      said.hear(peek().text);
      advance();
    }
  };
  hear_words();
  if (!said_of_letter_follows()) {
    Node node = item();
    if (node.kind != Kind::relation) {
      fail("a condition that says nothing");
      return;
    }
    items.push_back(std::move(node));
    return;
  }
  Node letter = make_symbol(peek().text);
  advance();
  hear_words();
  if (!said.rest.empty()) {
    items.push_back(make_text(letter.name + said.rest));
  } else if (said.even || said.odd) {
    Node class_of_two = make_call("pmod", {make_number(said.odd ? 1 : 0), make_number(2)});
    items.push_back(make_relation(std::move(letter), '=', std::move(class_of_two)));
  } else if (said.integer || said.natural) {
    Node set{.kind = Kind::named_set};
    set.name = said.positive ? "Z+" : said.natural || said.not_negative ? "N" : "Z";
    items.push_back(make_relation(std::move(letter), 'I', std::move(set)));
  }
}

// Values and conditions by turns, the conditions first where they were written so.
Node Parser::cases_of(std::vector<Node> items, bool conditions_first) {
  for (std::size_t i = 0; conditions_first && i + 1 < items.size(); i += 2)
    std::swap(items[i], items[i + 1]);
  return make_node(Kind::cases, std::move(items));
}

// Items up to a closer. One item is itself; several are a list, or the cases of a function:
// "1 if x > 0, 0 if x < 0", "if x > 0, 1; if x < 0, 0".
Node Parser::list(std::string_view closers) {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  std::vector<Node> items;
  std::size_t conditions = 0;
  bool in_turn = true;  // every second item is a condition
  bool is_or = false;
  while (separator(is_or)) {
  }
  const bool conditions_first = !in_table_ && peek().text == "if" && condition_word_follows();
  const std::size_t values_first = conditions_first ? 0 : 1;
  while (!list_ends(closers)) {
    if (!items.empty() && !in_table_ && condition_bracket_follows()) {
      advance();
      items.push_back(list(")"));
      if (!accept(")")) return fail("missing ')'");
    } else if ((!items.empty() || conditions_first) && !in_table_ && condition_word_follows()) {
      in_turn = in_turn && items.size() == 2 * conditions + values_first;
      ++conditions;
      while (condition_word_follows()) advance();
      condition(items);
    } else {
      items.push_back(item());
    }
    if (list_ends(closers)) break;
    bool any = false;
    while (!list_ends(closers) && separator(is_or)) any = true;
    const bool said = condition_word_follows() || condition_bracket_follows();
    const bool goes_on = any || (!in_table_ && said);
    if (!goes_on) return fail("'" + peek().text + "' is not expected");
  }
  if (items.empty()) return make_node(Kind::list, {});
  if (items.size() == 1 && !conditions_first) return std::move(items.front());
  if (conditions > 1 && in_turn && items.size() == 2 * conditions)
    return cases_of(std::move(items), conditions_first);
  if (conditions_first) return fail("a condition in front of nothing");
  Node node = make_node(Kind::list, std::move(items));
  if (is_or) node.name = "or";
  return node;
}

}  // namespace assay::math
