#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "suites/math/expression/parser_state.h"

namespace assay::math {
namespace {

Node tuple_of(Node members, char open, char close) {
  members.kind = Kind::tuple;
  members.open = open;
  members.close = close;
  return members;
}

}  // namespace

Node Parser::bracketed() {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  const char open = peek().text[0];
  advance();
  if (open == '<') {
    Node members = make_node(Kind::list, {});
    while (!at(">") && error_.empty()) {
      members.children.push_back(sum());
      if (!accept(",")) break;
    }
    if (!accept(">")) return fail("missing '>'");
    return tuple_of(std::move(members), '(', ')');
  }
  const bool table = std::exchange(in_table_, false);
  const int bars = std::exchange(bars_, 0);
  Node inner = list(")]");
  in_table_ = table;
  bars_ = bars;
  const char close = at(")") ? ')' : at("]") ? ']' : ' ';
  if (close == ' ') return fail("a bracket is not closed");
  advance();
  const bool several = inner.kind == Kind::list && inner.children.size() != 1;
  const bool matched = (open == '(') == (close == ')');
  if (!several) {
    if (!matched) return fail("brackets do not match");
    return inner;
  }
  if (inner.children.empty()) return fail("empty brackets");
  const bool pair = inner.children.size() == 2;
  if (!matched && !pair) return fail("brackets do not match");
  if (pair && (open == '[' || close == ']')) {
    inner.kind = Kind::interval;
    inner.closed_left = open == '[';
    inner.closed_right = close == ']';
    return inner;
  }
  return tuple_of(std::move(inner), open, close);
}

// A LaTeX group; with a comma at its top level it is a set that lacks its backslashes.
Node Parser::braces() {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  if (builder_follows()) return set();
  advance();
  const bool table = std::exchange(in_table_, false);
  const bool colon = std::exchange(no_colon_, false);
  const int bars = std::exchange(bars_, 0);
  if (accept("}")) {
    in_table_ = table;
    no_colon_ = colon;
    bars_ = bars;
    // {}^{10}C_3
    if (at("^") || at("_")) return choice_out_of();
    return Node{.kind = Kind::named_set, .name = "empty"};
  }
  Node inner = list("}");
  // {n \choose k} and {a \over b}.
  if (at_command("choose") || at_command("over") || at_command("atop")) {
    const bool choose = at_command("choose");
    advance();
    Node below = list("}");
    inner = choose ? make_call("binom", {std::move(inner), std::move(below)})
                   : make_node(Kind::divide, {std::move(inner), std::move(below)});
  }
  in_table_ = table;
  no_colon_ = colon;
  bars_ = bars;
  if (!accept("}")) return fail("missing '}'");
  if (inner.kind == Kind::list) inner.kind = Kind::set;
  return inner;
}

// "{x | x > 1}" without backslashes.
bool Parser::builder_follows() const {
  if (!at("{") || peek(1).type != TokenType::letter) return false;
  const Token& bar = peek(2);
  return bar.text == "|" || bar.text == ":" || bar.text == "mid" ||
         (bar.text == "in" && at("|", 4));
}

Node Parser::set() {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  const std::string closer = at("{") ? "}" : "\\}";
  advance();
  const bool colon = std::exchange(no_colon_, true);
  const int bars = std::exchange(bars_, 1);
  const bool table = std::exchange(in_table_, false);
  Node inner = list(closer);
  bool builder = false;
  if (accept_command("mid") || accept("|") || accept(":") || accept_command("colon") ||
      accept_command("vert")) {
    bars_ = 0;
    no_colon_ = colon;
    Node conditions = list(closer);
    inner = make_node(Kind::builder, {std::move(inner), std::move(conditions)});
    builder = true;
  }
  no_colon_ = colon;
  bars_ = bars;
  in_table_ = table;
  if (!accept(closer) && !accept_command("rbrace")) return fail("missing '\\}'");
  if (builder) return inner;
  if (inner.kind != Kind::list) return make_node(Kind::set, {std::move(inner)});
  if (inner.children.empty()) return Node{.kind = Kind::named_set, .name = "empty"};
  inner.kind = Kind::set;
  return inner;
}

Node Parser::absolute(std::string_view closer) {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  ++bars_;
  Node inner = sum();
  --bars_;
  if (!accept(closer)) return fail("a bar is not closed");
  return make_call("abs", {std::move(inner)});
}

namespace {

bool of_two_groups(std::string_view command) {
  return command.find("frac") != std::string_view::npos ||
         command.find("binom") != std::string_view::npos;
}

}  // namespace

// The argument of a command: a group, or one token (one digit of a number, as LaTeX reads it).
Node Parser::group_or_one() {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  if (at("{")) return braces();
  if (at("(")) return bracketed();
  if (peek().type == TokenType::number) {
    const bool fraction = position_ > 0 && of_two_groups(tokens_[position_ - 1].text);
    const bool second = position_ > 1 && of_two_groups(tokens_[position_ - 2].text);
    Token& token = tokens_[position_];
    const bool splits = token.text.size() > 1 && token.text.find('.') == std::string::npos &&
                        (fraction || (second && !token.blank_before));
    if (!splits || (fraction && peek(1).type == TokenType::number)) return number();
    if (!fraction && tokens_[position_ - 1].type == TokenType::mark) return number();
    Node digit = make_number(token.text[0] - '0');
    token.text.erase(0, 1);
    if (fraction) {
      // \frac12: the rest is the denominator, one digit of it.
      tokens_.insert(tokens_.begin() + static_cast<std::ptrdiff_t>(position_),
                     {TokenType::number, "1"});
      ++position_;
    }
    return digit;
  }
  if (accept("-")) return make_node(Kind::negate, {group_or_one()});
  if (peek().type == TokenType::word && !peek().in_text) {
    // One letter of a run.
    const std::string first(1, tokens_[position_].text[0]);
    if (tokens_[position_].text.size() > 1) {
      tokens_[position_].text.erase(0, 1);
      if (tokens_[position_].text.size() == 1) tokens_[position_].type = TokenType::letter;
      return make_symbol(first);
    }
  }
  if (peek().type == TokenType::word) {
    std::string name = peek().text;
    advance();
    return make_symbol(std::move(name));
  }
  return atom();
}

namespace {

// "x if x > 0", "x, 当 x > 0 时"
bool is_introduction(std::string_view word) {
  return word == "if" || word == "for" || word == "when" || word == "where" || word == "If" ||
         word == "as" || word == "当" || word == "若" || word == "如果" || word == "for all" ||
         word == "all";
}

}  // namespace

bool Parser::introduction_follows() const {
  return peek().in_text && is_introduction(peek().text);
}

bool Parser::introduction() {
  if (!introduction_follows()) return false;
  while (introduction_follows()) advance();
  return true;
}

bool Parser::otherwise_follows() const {
  const std::string& word = peek().text;
  return peek().type == TokenType::word &&
         (word == "otherwise" || word == "else" || word == "elsewhere" || word == "Otherwise" ||
          word == "其他" || word == "其它" || word == "否则");
}

// A cell that says "otherwise".
Node Parser::words_cell() {
  advance();
  while (peek().type == TokenType::word || at(".") || at(",")) advance();
  return make_text("otherwise");
}

std::vector<std::vector<Node>> Parser::table() {
  std::vector<std::vector<Node>> rows(1);
  const bool before = std::exchange(in_table_, true);
  while (!at_command("end") && error_.empty()) {
    if (accept("\\\\")) {
      rows.emplace_back();
    } else if (!accept("&") && !introduction()) {
      introduction();
      const bool said = !rows.back().empty() && peek(1).in_text && said_of_letter_follows();
      std::vector<Node> conditions;
      if (said) condition(conditions);
      Node cell = !conditions.empty()   ? std::move(conditions.front())
                  : otherwise_follows() ? words_cell()
                                        : list("\\\\");
      if (!at("&") && !at("\\\\") && !at_command("end") && !introduction_follows())
        fail("a table is not closed");
      rows.back().push_back(std::move(cell));
    }
  }
  in_table_ = before;
  if (rows.back().empty()) rows.pop_back();
  return rows;
}

// x &= 3 + 4 \\\\ &= 7: a line that begins with a relation goes on with the one before.
void Parser::join_lines() {
  const auto is = [&](std::size_t i, std::string_view mark) {
    return i < tokens_.size() && tokens_[i].type == TokenType::mark && tokens_[i].text == mark;
  };
  const auto is_end = [&](std::size_t i) {
    return i >= tokens_.size() || tokens_[i].type == TokenType::end ||
           (tokens_[i].type == TokenType::command && tokens_[i].text == "end");
  };
  std::vector<Token> kept(tokens_.begin(),
                          tokens_.begin() + static_cast<std::ptrdiff_t>(position_));
  std::size_t i = position_;
  for (; !is_end(i); ++i) {
    if (is(i, "&")) continue;
    const bool breaks = is(i, "\\\\");
    const std::size_t next = breaks && is(i + 1, "&") ? i + 2 : i + 1;
    if (breaks && (is(next, "=") || is_end(next))) continue;
    kept.push_back(std::move(tokens_[i]));
  }
  kept.insert(kept.end(), std::make_move_iterator(tokens_.begin() + static_cast<std::ptrdiff_t>(i)),
              std::make_move_iterator(tokens_.end()));
  tokens_ = std::move(kept);
}

Node Parser::environment() {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  std::string name;
  accept("{");
  while (!at("}") && peek().type != TokenType::end) {
    name += peek().text;
    advance();
  }
  accept("}");
  if (name == "array" && at("{")) {
    while (!at("}") && peek().type != TokenType::end) advance();
    accept("}");
  }
  const bool lines = name.starts_with("align") || name == "gathered" || name == "split";
  if (lines) join_lines();
  const auto is_filler = [](const Token& token) { return token.in_text && token.text == "is"; };
  if (name == "cases") std::erase_if(tokens_, is_filler);
  const auto rows = table();
  if (!accept_command("end")) return fail("an environment is not closed");
  while (!at("}") && peek().type != TokenType::end) advance();
  accept("}");
  std::vector<Node> cells;
  const bool cases = name == "cases" || name == "dcases" || name == "rcases";
  for (const auto& row : rows) {
    if (!cases && row.size() != rows.front().size()) return fail("rows of different length");
    cells.insert(cells.end(), row.begin(), row.end());
    for (std::size_t i = row.size(); cases && i < 2; ++i) cells.push_back(make_text(""));
  }
  if (cells.empty()) return fail("an empty table");
  if (name.starts_with("align") || name == "gathered" || name == "aligned") {
    return cells.size() == 1 ? cells.front() : make_node(Kind::list, std::move(cells));
  }
  bool bare = cases;
  for (std::size_t i = 0; cases && i < cells.size(); ++i)
    bare = bare && (i % 2 == 0 ? cells[i].kind == Kind::relation : cells[i].kind == Kind::text);
  if (bare) {
    // A system: equations without conditions.
    Node system = make_node(Kind::list, {});
    for (std::size_t i = 0; i < cells.size(); i += 2)
      system.children.push_back(std::move(cells[i]));
    return system;
  }
  Node node = make_node(cases ? Kind::cases : Kind::matrix, std::move(cells));
  node.rows = static_cast<int>(rows.size());
  if (name == "vmatrix") return make_call("det", {std::move(node)});
  return node;
}

}  // namespace assay::math
