#include "suites/math/expression/parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "suites/math/expression/parser_state.h"

namespace assay::math {

bool Parser::accept(std::string_view mark) {
  if (!at(mark)) return false;
  advance();
  return true;
}

bool Parser::accept_command(std::string_view name) {
  if (!at_command(name)) return false;
  advance();
  return true;
}

void Parser::advance() {
  if (position_ + 1 < tokens_.size()) ++position_;
}

Node Parser::fail(std::string_view why) {
  if (error_.empty()) error_ = why;
  position_ = tokens_.size() - 1;
  return make_text("");
}

bool Parser::too_deep() {
  if (depth_ <= nesting_max && ++nodes_ <= nodes_max) return false;
  fail(depth_ > nesting_max ? "nested too deeply" : "too many parts");
  return true;
}

Parsed Parser::run() {
  Parsed parsed;
  Node node = list("");
  if (error_.empty() && peek().type != TokenType::end)
    fail("'" + peek().text + "' is not expected");
  parsed.slash_ambiguous = slash_ambiguous_;
  parsed.letters_ambiguous = letters_ambiguous_;
  parsed.words_ambiguous = words_ambiguous_;
  if (error_.empty()) {
    parsed.node = std::move(node);
  } else {
    parsed.error = error_;
  }
  return parsed;
}

bool Parser::separator(bool& is_or) {
  const Token& token = peek();
  static constexpr std::array<std::string_view, 9> ands = {"and", "和",   "与", "及",  "以及",
                                                           "且",  "并且", "&",  "also"};
  static constexpr std::array<std::string_view, 5> ors = {"or", "或", "或者", "或是", "Or"};
  const auto is_in = [&](const auto& names) {
    return std::find(names.begin(), names.end(), token.text) != names.end();
  };
  bool found = false;
  if (token.type == TokenType::mark) {
    found = token.text == "," || token.text == ";" || (token.text == "\\\\" && !in_table_);
  } else if (token.type == TokenType::word) {
    found = is_in(ands) || is_in(ors);
    is_or = is_or || is_in(ors);
  } else if (token.type == TokenType::command) {
    found = token.text == "quad" || token.text == "lor" || token.text == "vee" ||
            token.text == "land" || token.text == "wedge" || token.text == "cup" ||
            token.text == "cap";
    is_or = is_or || token.text == "lor" || token.text == "vee" || token.text == "cup";
  }
  if (found) advance();
  return found;
}

namespace {

// Commands that end a list wherever they stand.
bool closes(std::string_view command) {
  static constexpr std::array<std::string_view, 14> names = {
      "end",    "rangle", "rfloor", "rceil", "rvert", "rVert", "rbrack",
      "rbrace", "choose", "over",   "atop",  "mid",   "vert",  "colon"};
  return std::find(names.begin(), names.end(), command) != names.end();
}

}  // namespace

bool Parser::list_ends(std::string_view closers) const {
  const Token& token = peek();
  if (token.type == TokenType::end) return true;
  if (token.type == TokenType::command) return closes(token.text);
  if (in_table_ && introduction_follows()) return true;
  if (in_table_ && token.type == TokenType::mark && (token.text == "&" || token.text == "\\\\"))
    return true;
  if (no_colon_ && (closers == "\\}" || closers == "}") &&
      (token.text == "|" || token.text == ":") && token.type == TokenType::mark)
    return true;
  return token.type == TokenType::mark && !closers.empty() &&
         (token.text == closers || (closers == ")]" && (token.text == ")" || token.text == "]")));
}

char Parser::relation_operator() {
  const Token& token = peek();
  using Pair = std::pair<std::string_view, char>;
  static constexpr std::array<Pair, 6> marks = {
      {{"=", '='}, {"<", '<'}, {">", '>'}, {"<=", 'L'}, {">=", 'G'}, {"!=", 'N'}}};
  static constexpr std::array<Pair, 17> commands = {{{"le", 'L'},
                                                     {"leq", 'L'},
                                                     {"leqslant", 'L'},
                                                     {"ge", 'G'},
                                                     {"geq", 'G'},
                                                     {"geqslant", 'G'},
                                                     {"lt", '<'},
                                                     {"gt", '>'},
                                                     {"ne", 'N'},
                                                     {"neq", 'N'},
                                                     {"approx", '~'},
                                                     {"sim", '~'},
                                                     {"simeq", '~'},
                                                     {"equiv", '='},
                                                     {"in", 'I'},
                                                     {"doteq", '~'},
                                                     {"leqq", 'L'}}};
  if (token.type == TokenType::mark) {
    for (const auto& [name, code] : marks) {
      if (name == token.text) return code;
    }
  } else if (token.type == TokenType::command) {
    for (const auto& [name, code] : commands) {
      if (name == token.text) return code;
    }
  } else if (token.type == TokenType::word) {
    if ((token.text == "in" && !is_inch()) || token.text == "属于") return 'I';
    if (token.text == "equals" || token.text == "等于" || token.text == "为") return '=';
    if (token.text == "大于") return '>';
    if (token.text == "小于") return '<';
  }
  return 0;
}

Node Parser::with_modulus(Node value) {
  const bool bracket = at("(") && peek(1).text == "mod";
  if (bracket) advance();
  if (at_command("pmod") || at_command("bmod") ||
      ((peek().type == TokenType::name || peek().type == TokenType::word) &&
       peek().text == "mod")) {
    const bool residue = at_command("pmod") || bracket;
    advance();
    Node modulus = group_or_one();
    if (bracket && !accept(")")) return fail("missing ')'");
    std::vector<Node> both;
    both.push_back(std::move(value));
    both.push_back(std::move(modulus));
    return make_call(residue ? "pmod" : "mod", std::move(both));
  }
  return value;
}

// "n in N^*", "k in Z" without blackboard letters, behind the sign of membership.
std::optional<Node> Parser::plain_set() {
  static constexpr std::string_view known = "RZNQ";
  if (peek().type != TokenType::letter || known.find(peek().text[0]) == std::string_view::npos)
    return std::nullopt;
  const Token& behind = peek(1);
  const bool marked =
      behind.text == "^" || behind.text == "_" || behind.text == "*" || behind.text == "+";
  const bool ends = behind.type == TokenType::end || behind.text == "," || behind.text == ")" ||
                    behind.text == "\\}" || behind.text == "}" || behind.text == ";" ||
                    behind.text == "|";
  if (!marked && !ends) return std::nullopt;
  Node node{.kind = Kind::named_set, .name = peek().text};
  advance();
  while (at("^") || at("_") || at("*") || at("+") || at("{") || at("}")) {
    if (at("*") || at("+")) node.name += peek().text;
    if (at("}") && node.name.size() == 1) break;
    advance();
  }
  return node;
}

Node Parser::item() {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  std::vector<Node> sides;
  std::string operators;
  // "not equal" may come as \not= .
  while (true) {
    auto set = operators.ends_with('I') ? plain_set() : std::nullopt;
    sides.push_back(set ? std::move(*set) : with_modulus(set_expression()));
    const bool negated = accept_command("not");
    const char code = relation_operator();
    if (code == 0) break;
    advance();
    // "< =" and "> =" with a blank between.
    char joined = code;
    if ((code == '<' || code == '>') && at("=")) {
      advance();
      joined = code == '<' ? 'L' : 'G';
    }
    operators += negated && joined == '=' ? 'N' : joined;
  }
  if (operators.empty()) return std::move(sides.front());
  // "1 in 4"
  if (operators == "I" && sides[0].kind == Kind::number && sides[1].kind == Kind::number)
    return make_node(Kind::divide, std::move(sides));
  Node node = make_node(Kind::relation, std::move(sides));
  node.operators = std::move(operators);
  return node;
}

namespace {

bool is_set_like(const Node& node) {
  return node.kind == Kind::interval || node.kind == Kind::tuple || node.kind == Kind::set ||
         node.kind == Kind::named_set || node.kind == Kind::set_operation ||
         node.kind == Kind::builder;
}

bool is_end_of_relation(const Node& node) {
  return node.kind == Kind::number || node.kind == Kind::negate || node.kind == Kind::divide ||
         node.kind == Kind::add || node.kind == Kind::multiply || node.kind == Kind::constant ||
         (node.kind == Kind::call && node.name == "sqrt");
}

}  // namespace

Node Parser::set_expression() {
  Node left = ratio();
  while (true) {
    std::string name;
    const bool word =
        peek().type == TokenType::name && (peek().text == "union" || peek().text == "cup");
    const bool letter = peek().type == TokenType::letter && peek().text == "U" && is_set_like(left);
    if (at_command("cup") || at_command("bigcup") || word || letter) {
      name = "union";
    } else if (at_command("cap")) {
      name = "intersection";
    } else if (at_command("setminus") || at_command("backslash")) {
      name = "difference";
    } else {
      return left;
    }
    // "x < 1 \\cup x > 2" joins inequalities: left to the list.
    if (is_end_of_relation(left)) return left;
    advance();
    std::vector<Node> both;
    both.push_back(std::move(left));
    both.push_back(ratio());
    left = make_node(Kind::set_operation, std::move(both));
    left.name = name;
  }
}

Node Parser::ratio() {
  Node first = sum();
  const bool to = peek().type == TokenType::word && peek().text == "to" &&
                  first.kind == Kind::number && peek(1).type == TokenType::number;
  const bool colon = (at(":") && !no_colon_) || at_command("colon");
  if (to) {
    // "3 to 4"
    advance();
    return make_node(Kind::ratio, {std::move(first), sum()});
  }
  if (!colon) {
    if (first.kind == Kind::quantity && first.children[0].kind == Kind::number &&
        (first.name == "?am" || first.name == "?pm")) {
      Node hours = std::move(first.children[0]);
      const bool afternoon = first.name == "?pm";
      if (afternoon && first.children[0].number > 12) {
        first.name = "length";
        first.number = find_unit("picometer")->size;
        return first;
      }
      return time_of_day(make_node(Kind::ratio, {std::move(hours), make_number(0)}), afternoon);
    }
    return first;
  }
  std::vector<Node> parts;
  parts.push_back(std::move(first));
  while (accept(":") || accept_command("colon")) parts.push_back(sum());
  bool is_time = false;
  for (const Node& part : parts) {
    // "12:00" and "7:05" are times; nobody writes a ratio so.
    if (part.kind == Kind::number && part.name.size() > 1) is_time = true;
  }
  Node& last = parts.back();
  std::string half_of_day;
  if (last.kind == Kind::quantity && (last.name == "?am" || last.name == "?pm")) {
    half_of_day = last.name;
    Node inner = std::move(last.children[0]);
    last = std::move(inner);
  }
  Node node = make_node(Kind::ratio, std::move(parts));
  node.closed_left = is_time;
  if (!half_of_day.empty()) return time_of_day(std::move(node), half_of_day == "?pm");
  return node;
}

namespace {

// ]1; 2[ as France writes it: brackets open and close in turn, where one stands the wrong way round
// at the start or the end.
void turn_brackets(std::vector<Token>& tokens) {
  std::vector<Token*> brackets;
  bool turned = false;
  const auto joins = [](const Token& token) {
    return token.type == TokenType::end || token.text == "cup" || token.text == "cap" ||
           token.text == "setminus" || token.text == "in";
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    Token& token = tokens[i];
    if (token.type != TokenType::mark || (token.text != "[" && token.text != "]")) continue;
    brackets.push_back(&token);
    const bool opens_at_end = token.text == "[" && joins(tokens[i + 1]);
    const bool closes_at_start = token.text == "]" && (i == 0 || joins(tokens[i - 1]));
    turned = turned || opens_at_end || closes_at_start;
  }
  if (!turned || brackets.size() % 2 != 0) return;
  for (std::size_t i = 0; i < brackets.size(); ++i) {
    const bool opens = i % 2 == 0;
    if (opens == (brackets[i]->text == "]")) brackets[i]->text = opens ? "(" : ")";
  }
}

// The place behind units ("kg m^2") that begin at `i` and end with `closer`; 0 where none do.
std::size_t behind_units(const std::vector<Token>& tokens, std::size_t i, std::size_t& units) {
  units = 0;
  for (; i < tokens.size() && tokens[i].text != "}"; ++i, ++units) {
    const Token& token = tokens[i];
    const bool letter = token.text.size() == 1 &&
                        (token.type == TokenType::letter || token.in_text) &&
                        find_letter_unit(token.text[0]);
    const bool word = token.type == TokenType::word && find_unit(token.text);
    if (!letter && !word) return 0;
    const bool raised = i + 2 < tokens.size() && tokens[i + 1].text == "^" &&
                        tokens[i + 2].type == TokenType::number;
    if (raised) i += 2;
  }
  return units == 0 || i >= tokens.size() ? 0 : i + 1;
}

// 25 \frac{m}{s} at the end of an item is 25 m/s.
void unfold_unit_fractions(std::vector<Token>& tokens) {
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    const bool fraction =
        tokens[i].type == TokenType::command &&
        (tokens[i].text == "frac" || tokens[i].text == "dfrac" || tokens[i].text == "tfrac");
    const Token& before = tokens[i - 1];
    if (!fraction || tokens[i + 1].text != "{" ||
        !(before.type == TokenType::number || before.text == "}" || before.text == ")"))
      continue;
    std::size_t above = 0;
    std::size_t below = 0;
    const std::size_t middle = behind_units(tokens, i + 2, above);
    if (middle == 0 || tokens[middle].text != "{") continue;
    const std::size_t behind = behind_units(tokens, middle + 1, below);
    if (behind == 0) continue;
    const Token& next = tokens[behind];
    const bool ends = next.type == TokenType::end || next.text == "," || next.text == ")" ||
                      next.text == "]" || next.text == ";";
    if (!ends) continue;
    std::vector<Token> unit(tokens.begin() + static_cast<std::ptrdiff_t>(i + 2),
                            tokens.begin() + static_cast<std::ptrdiff_t>(middle - 1));
    unit.front().blank_before = true;
    unit.push_back({.type = TokenType::mark, .text = "/"});
    if (below > 1) unit.push_back({.type = TokenType::mark, .text = "("});
    unit.insert(unit.end(), tokens.begin() + static_cast<std::ptrdiff_t>(middle + 1),
                tokens.begin() + static_cast<std::ptrdiff_t>(behind - 1));
    if (below > 1) unit.push_back({.type = TokenType::mark, .text = ")"});
    tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(i),
                 tokens.begin() + static_cast<std::ptrdiff_t>(behind));
    tokens.insert(tokens.begin() + static_cast<std::ptrdiff_t>(i), unit.begin(), unit.end());
  }
}

}  // namespace

Parsed parse(std::string_view cleaned, const ParseOptions& options) {
  Tokens tokens = tokenize(cleaned, options.commas, options.powers_of_ten);
  if (!tokens.fits) return {.error = "too long"};
  turn_brackets(tokens.tokens);
  unfold_unit_fractions(tokens.tokens);
  const std::size_t count = tokens.tokens.size();
  Parsed parsed = Parser(std::move(tokens.tokens), options).run();
  parsed.tokens = count;
  parsed.commas_ambiguous = tokens.commas_ambiguous;
  parsed.powers_ambiguous = tokens.powers_ambiguous;
  return parsed;
}

}  // namespace assay::math
