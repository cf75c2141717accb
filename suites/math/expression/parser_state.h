// The recursive descent itself; only parser*.cpp include this.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/math/expression/parser.h"
#include "suites/math/expression/units.h"

namespace assay::math {

// After a mistake the position is at the end, so that every loop finishes by itself; what is
// returned from then on means nothing.
class Parser {
 public:
  Parser(std::vector<Token> tokens, const ParseOptions& options)
      : tokens_(std::move(tokens)), options_(options) {}

  Parsed run();

 private:
  // What surrounds: parser.cpp, parser_conditions.cpp.
  Node list(std::string_view closers);
  bool list_ends(std::string_view closers) const;
  bool condition_word_follows() const;
  bool condition_bracket_follows() const;
  bool said_of_letter_follows() const;
  void condition(std::vector<Node>& items);
  static Node cases_of(std::vector<Node> items, bool conditions_first);
  Node item();
  char relation_operator();
  bool separator(bool& is_or);
  Node set_expression();
  Node ratio();
  Node with_modulus(Node value);

  // Units: parser_units.cpp.
  Node with_unit(Node value);
  bool unit_may_follow() const;
  Node with_words(Node value);
  bool unit_word(const Token& token) const;
  bool spells_product(const Token& token) const;
  bool base_follows() const;
  bool is_inch() const;
  std::optional<Unit> one_unit();
  std::optional<Unit> unit_at(const Token& token) const;
  std::size_t unit_exponent(std::size_t ahead, int& exponent) const;
  int unit_joiner(bool letters);
  Node with_smaller_units(Node value);
  std::string unknown_words(std::string& sides);
  bool rate_follows() const;
  bool thousand_of_ohms_follows() const;
  bool with_more_units(Unit& unit, bool letters);
  bool letter_unit_follows() const;
  Node time_of_day(Node value, bool afternoon);
  Node based(const Node& value);

  // Formulas: parser_formula.cpp.
  Node sum();
  Node product();
  bool takes_next(Node& left);
  bool ends_product(const Node& left);
  Node quotient(Node left, Node right, std::size_t sign);
  Node signed_factor();
  Node factor();
  Node postfix(Node base);
  Node degrees(Node base);
  Node exponent();
  Node function(const std::string& name);
  Node function_argument();
  Node currency();
  bool ends_item(std::size_t ahead) const;
  bool starts_factor() const;
  bool explicit_operator(bool& divides);
  int modulus_operator();

  // Atoms: parser_atom.cpp and parser_bracket.cpp.
  Node atom();
  Node number();
  Node mixed_number(Node whole);
  Node letter(std::string name);
  std::string primes();
  bool inverse_follows(const std::string& name) const;
  bool event_follows(const std::string& name) const;
  Node event(std::string name);
  Node choice_out_of();
  std::optional<Node> half_of_reals(std::size_t ahead);
  std::optional<Node> plain_set();
  std::optional<Node> blackboard_set(const std::string& name);
  std::string marks_of_set();
  bool remark_follows() const;
  bool choice_between_follows() const;
  bool sign_of_unit_follows() const;
  Node word_product();
  std::optional<Node> angle();
  Node command();
  Node command_with_arguments(const std::string& name);
  Node decorated(const std::string& name);
  Node big_operator(const std::string& name);
  Node bracketed();
  Node braces();
  Node set();
  bool builder_follows() const;
  Node absolute(std::string_view closer);
  Node environment();
  void join_lines();
  Node group_or_one();
  Node subscripted(std::string name);
  std::vector<std::vector<Node>> table();
  bool introduction_follows() const;
  bool introduction();
  bool otherwise_follows() const;
  Node words_cell();

  // Asked at every turn, of one byte nearly always: hence here, and the first bytes first.
  const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(position_ + ahead, tokens_.size() - 1)];
  }
  bool at(std::string_view mark, std::size_t ahead = 0) const {
    const Token& token = peek(ahead);
    return token.type == TokenType::mark && token.text.size() == mark.size() &&
           token.text[0] == mark[0] && (mark.size() == 1 || token.text == mark);
  }
  bool at_command(std::string_view name) const {
    const Token& token = tokens_[position_];
    return token.type == TokenType::command && token.text.size() == name.size() &&
           token.text == name;
  }
  bool accept(std::string_view mark);
  bool accept_command(std::string_view name);
  void advance();
  Node fail(std::string_view why);
  bool too_deep();

  std::vector<Token> tokens_;
  ParseOptions options_;
  std::size_t position_ = 0;
  std::string error_;
  int depth_ = 0;
  int nodes_ = 0;
  int bars_ = 0;           // open |..|, in which | closes
  bool no_colon_ = false;  // within { x : .. }
  bool in_table_ = false;  // & and \\ separate
  bool slash_ambiguous_ = false;
  bool letters_ambiguous_ = false;
  bool words_ambiguous_ = false;

  friend struct DepthGuard;
};

struct DepthGuard {
  explicit DepthGuard(Parser& parser) : parser(parser) { ++parser.depth_; }
  ~DepthGuard() { --parser.depth_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;
  Parser& parser;
};

}  // namespace assay::math
