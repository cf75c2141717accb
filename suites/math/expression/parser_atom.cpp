#include <algorithm>
#include <array>
#include <utility>

#include "suites/math/expression/clean.h"
#include "suites/math/expression/parser_state.h"

namespace assay::math {
namespace {

constexpr std::array<std::string_view, 51> symbols = {
    "alpha", "beta",     "gamma",    "delta", "epsilon", "varepsilon", "zeta",   "eta",
    "theta", "vartheta", "iota",     "kappa", "lambda",  "mu",         "nu",     "xi",
    "rho",   "varrho",   "sigma",    "tau",   "upsilon", "phi",        "varphi", "chi",
    "psi",   "omega",    "Gamma",    "Delta", "Theta",   "Lambda",     "Xi",     "Pi",
    "Sigma", "Upsilon",  "Phi",      "Psi",   "Omega",   "hbar",       "ell",    "partial",
    "nabla", "angle",    "triangle", "ldots", "dots",    "cdots",      "aleph",  "Box",
    "star",  "dotsc",    "dotsb"};
constexpr std::array<std::string_view, 22> decorations = {
    "overline", "bar",        "vec",       "hat",
    "tilde",    "widehat",    "widetilde", "overrightarrow",
    "mathbf",   "boldsymbol", "bm",        "mathcal",
    "mathfrak", "mathscr",    "underline", "dot",
    "ddot",     "overset",    "underset",  "mathop",
    "mathbb",   "pmb"};

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& table, std::string_view word) {
  return std::find(table.begin(), table.end(), word) != table.end();
}

bool is_dots(std::string_view name) {
  return name == "dots" || name == "cdots" || name == "dotsc" || name == "dotsb";
}

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

// The name of what is no more than letters and digits side by side; empty for all else.
std::string plain_name(const Node& node) {
  if (node.kind == Kind::symbol || node.kind == Kind::constant) return node.name;
  if (node.kind == Kind::number && node.number >= 0 && denominator(node.number) == 1)
    return render(node);
  if (node.kind == Kind::text) return node.name;
  if (node.kind != Kind::multiply && node.kind != Kind::list && node.kind != Kind::quantity)
    return {};
  std::string name;
  for (const Node& child : node.children) {
    const std::string part = plain_name(child);
    if (part.empty()) return {};
    name += part;
  }
  return name;
}

Node with_index_i(Node node) {
  if (node.kind == Kind::constant && node.name == "i") return make_symbol("i");
  for (Node& child : node.children) child = with_index_i(std::move(child));
  return node;
}

}  // namespace

Node Parser::number() {
  const Token token = peek();
  advance();
  if (token.base > 0) {
    Node based = make_number(*parse_based(token.text, token.base));
    based.rows = token.base;
    return based;
  }
  const auto value = parse_decimal(token.text);
  if (!value) return fail("a number of too many digits");
  Node node = make_number(*value);
  const auto point = token.text.find('.');
  node.decimal = point != std::string::npos;
  node.places = node.decimal ? static_cast<int>(token.text.size() - point - 1) : 0;
  if (!node.decimal && token.text.size() > 1 && token.text[0] == '0') node.name = token.text;
  if (token.repeat.empty()) return node;
  // 0.1(6): the tail repeats for ever.
  const Rational tail = *parse_decimal(token.repeat);
  const Rational nines = *power(Rational(10), static_cast<int>(token.repeat.size())) - 1;
  node.number += tail / nines / *power(Rational(10), node.places);
  node.decimal = false;
  return node;
}

// 1 1/2 and 1\frac{1}{2}; `whole` has been read.
Node Parser::mixed_number(Node whole) {
  if (whole.decimal || denominator(whole.number) != 1) return whole;
  if (peek().type == TokenType::number && peek().blank_before && at("/", 1) &&
      !peek(1).blank_before && peek(2).type == TokenType::number) {
    const auto top = parse_decimal(peek().text);
    const auto bottom = parse_decimal(peek(2).text);
    if (!top || !bottom || *top >= *bottom) return whole;
    for (int i = 0; i < 3; ++i) advance();
    whole.number += *top / *bottom;
    return whole;
  }
  const bool fraction =
      at_command("frac") || at_command("dfrac") || at_command("tfrac") || at_command("cfrac");
  if (!fraction) return whole;
  const std::size_t start = position_;
  advance();
  const Node top = group_or_one();
  const Node bottom = group_or_one();
  const bool proper = top.kind == Kind::number && bottom.kind == Kind::number && !top.decimal &&
                      top.number > 0 && top.number < bottom.number;
  if (!proper) {
    position_ = error_.empty() ? start : position_;
    return whole;
  }
  whole.number += top.number / bottom.number;
  return whole;
}

// ', '' and ^{\prime\prime}: as many marks.
std::string Parser::primes() {
  const auto is_prime = [&](std::size_t ahead) {
    const Token& token = peek(ahead);
    return at("'", ahead) || (token.type == TokenType::command && token.text == "prime");
  };
  std::string marks;
  while (true) {
    if (accept("'")) {
      marks += '\'';
      continue;
    }
    const bool group = at("{", 1);
    const std::size_t first = group ? 2 : 1;
    std::size_t behind = first;
    while (at("^") && is_prime(behind)) ++behind;
    if (behind == first || (group && !at("}", behind))) return marks;
    marks.append(behind - first, '\'');
    for (std::size_t i = 0; i < behind + (group ? 1 : 0); ++i) advance();
    if (!group) return marks;
  }
}

Node Parser::letter(std::string name) {
  advance();
  name += primes();
  const bool braced = at("{", 1) && peek(2).type == TokenType::number && at("}", 3);
  const std::size_t raised = braced ? 4 : 2;
  const bool indexed = at("_") && (braced || peek(1).type == TokenType::number);
  if ((name == "C" || name == "A") && indexed && at("^", raised)) {
    // C_5^2, as China writes it: 2 out of 5; A_5^2: in order.
    advance();
    Node count = group_or_one();
    advance();
    return make_call(name == "C" ? "binom" : "permutations", {std::move(count), exponent()});
  }
  if (inverse_follows(name)) {
    // f^{-1}(x) is a name of its own.
    while (!at("(")) advance();
    return make_call(name + "^-1", {bracketed()});
  }
  const bool derivative = at("^") && at("{", 1) && at("(", 2) && at(")", 4) && at("}", 5) &&
                          at("(", 6) && name.size() == 1;
  if (derivative) {
    // f^{(4)}(0)
    const std::string order = peek(3).text;
    for (int i = 0; i < 6; ++i) advance();
    return make_call(name + "^(" + order + ")", {bracketed()});
  }
  if (event_follows(name)) return event(std::move(name));
  if (at("_")) return subscripted(std::move(name));
  if (name == "e" || name == "i") return Node{.kind = Kind::constant, .name = name};
  static constexpr std::string_view functions = "fghFGH";
  static constexpr std::string_view perhaps = "PQWTRSuvypqrsVALNMBDIJKE";
  const bool surely = functions.find(name[0]) != std::string_view::npos;
  const bool maybe = perhaps.find(name[0]) != std::string_view::npos && at(")", 2) &&
                     (peek(1).type == TokenType::letter ||
                      (name[0] >= 'A' && name[0] <= 'Z' && peek(1).type == TokenType::number));
  const bool of_time = at("(") && peek(1).text == "t" && at(")", 2);
  if (at("(") && (surely || maybe || of_time || name.size() > 1)) {
    Node arguments = bracketed();
    if (arguments.kind == Kind::tuple) return make_call(name, std::move(arguments.children));
    return make_call(name, {std::move(arguments)});
  }
  if (name == "C" && at("(") && peek(1).type == TokenType::number && at(",", 2)) {
    Node arguments = bracketed();
    if (arguments.kind == Kind::tuple && arguments.children.size() == 2) {
      Node count = make_call("binom", std::move(arguments.children));
      count.closed_left = true;
      return count;
    }
    return fail("C takes two numbers");
  }
  return make_symbol(std::move(name));
}

bool Parser::inverse_follows(const std::string& name) const {
  if (name.size() != 1 || std::string_view("fghFGH").find(name[0]) == std::string_view::npos)
    return false;
  const bool group = at("^") && at("{", 1);
  const std::size_t minus = group ? 2 : 1;
  return at("^") && at("-", minus) && peek(minus + 1).text == "1" &&
         at("(", minus + (group ? 3 : 2)) && (!group || at("}", minus + 2));
}

// P(A | B), P(X = 1), E(X), \Pr(..): what stands in the brackets is no formula. P(2, 3) is a point.
bool Parser::event_follows(const std::string& name) const {
  if (!at("(") && !at("[")) return false;
  if (name != "P" && name != "E" && name != "D" && name != "Pr" && name != "Var") return false;
  const bool capital =
      peek(1).type == TokenType::letter && peek(1).text[0] >= 'A' && peek(1).text[0] <= 'Z';
  return capital || peek(1).in_text || name.size() > 1;
}

Node Parser::event(std::string name) {
  const std::size_t first = position_;
  int depth = 0;
  std::string said;
  do {
    if (peek().type == TokenType::end || position_ > first + 40)
      return fail("a bracket is not closed");
    if (at("(") || at("[")) ++depth;
    if (at(")") || at("]")) --depth;
    said += peek().text;
    advance();
  } while (depth > 0);
  return make_call(std::move(name), {make_symbol(std::move(said))});
}

// x_1 is one name; x_{n-1} is a sequence taken at n-1.
Node Parser::subscripted(std::string name) {
  advance();
  // v_{final}, v_{max}: a word says which one is meant.
  const bool named =
      at("{") && at("}", 2) && (peek(1).type == TokenType::word || peek(1).type == TokenType::name);
  Node index = named ? make_text(peek(1).text) : Node();
  if (named) {
    for (int i = 0; i < 3; ++i) advance();
  } else {
    index = group_or_one();
  }
  const bool lower_letter = index.kind == Kind::symbol && index.name.size() == 1 &&
                            index.name[0] >= 'a' && index.name[0] <= 'z';
  const std::string plain = lower_letter ? std::string() : plain_name(index);
  if (!plain.empty()) {
    Node node = make_symbol(name + "_" + plain);
    if (at("(") && std::string_view("fghFGHPS").find(name[0]) != std::string_view::npos) {
      return make_call(node.name, {bracketed()});
    }
    return node;
  }
  return make_call(name + "_", {index});
}

// A short run of letters that is no word: xyz.
Node Parser::word_product() {
  constexpr std::size_t letters_max = 4;
  const std::string text = peek().text;
  if (peek().in_text && text.size() == 1) return letter(text);
  if (peek().in_text || text.size() > letters_max) return fail("'" + text + "' is no formula");
  advance();
  std::vector<Node> letters;
  for (const char c : text) {
    const std::string name(1, c);
    letters.push_back(c == 'e' || c == 'i' ? Node{.kind = Kind::constant, .name = name}
                                           : make_symbol(name));
  }
  if (at("_")) {
    letters.back() = subscripted(std::string(1, text.back()));
  } else if (at("(") && std::string_view("fgh").find(text.back()) != std::string_view::npos) {
    letters.back() = make_call(std::string(1, text.back()), {bracketed()});
  }
  // The power behind a run belongs to its last letter.
  if (at("^") || at("!")) {
    Node last = postfix(std::move(letters.back()));
    letters.back() = std::move(last);
  }
  const bool capitals = std::all_of(text.begin(), text.end(), [](char c) { return is_capital(c); });
  const bool bare = std::all_of(letters.begin(), letters.end(),
                                [](const Node& node) { return node.kind == Kind::symbol; });
  Node node = make_node(Kind::multiply, std::move(letters));
  if (capitals && bare) node.name = text;
  return node;
}

Node Parser::atom() {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  const Token& token = peek();
  switch (token.type) {
    case TokenType::number:
      return mixed_number(number());
    case TokenType::letter:
      return letter(token.text);
    case TokenType::word:
      return word_product();
    case TokenType::command:
      return command();
    case TokenType::name: {
      const std::string name = token.text;
      if (is_function_name(name)) return function(name);
      advance();
      if (name == "pi") return Node{.kind = Kind::constant, .name = "pi"};
      if (name.starts_with("inf") || name == "oo") return Node{.kind = Kind::infinity};
      if (at("_")) return subscripted(name);
      return make_symbol(name);
    }
    case TokenType::mark: {
      if (token.text == "^" || token.text == "_") return choice_out_of();
      if (token.text == "(" || token.text == "[" || token.text == "<") return bracketed();
      if (token.text == "{") return braces();
      if (token.text == "\\{") return set();
      if (token.text == "|" || token.text == "\\|") {
        const std::string bar = token.text;
        advance();
        return absolute(bar);
      }
      if (token.text == "." && at(".", 1) && at(".", 2)) {
        for (int i = 0; i < 3; ++i) advance();
        return make_symbol("ldots");
      }
      return fail("'" + token.text + "' is not expected");
    }
    default:
      return fail("the end is not expected");
  }
}

// ^{10}C_3 and _{10}C_3; the position is before the first mark.
Node Parser::choice_out_of() {
  advance();
  Node count = group_or_one();
  const bool known = peek().type == TokenType::letter && (peek().text == "C" || peek().text == "P");
  const bool choose = peek().text == "C";
  if (known) advance();
  if (!known || !accept("_")) return fail("'^' is not expected");
  return make_call(choose ? "binom" : "permutations", {std::move(count), group_or_one()});
}

// The points behind \angle, up to three capitals: the sign and they are one name. CBA is ABC.
std::optional<Node> Parser::angle() {
  const std::size_t group = at("{") ? 1 : 0;
  std::string points;
  std::size_t ahead = group;
  const auto is_point = [](char c) { return c >= 'A' && c <= 'Z'; };
  while (points.size() < 3) {
    const Token& token = peek(ahead);
    const bool run = token.type == TokenType::word || token.type == TokenType::letter;
    const bool apart = ahead > group && token.blank_before && group == 0;
    if (!run || apart || !std::all_of(token.text.begin(), token.text.end(), is_point)) break;
    points += token.text;
    ++ahead;
  }
  const bool closed = group == 0 || at("}", ahead);
  if (points.empty() || points.size() > 3 || !closed || at("_", ahead)) return std::nullopt;
  for (std::size_t i = 0; i < ahead + group; ++i) advance();
  if (points.back() < points.front()) std::swap(points.back(), points.front());
  return make_symbol("angle " + points);
}

Node Parser::command() {
  const std::string name = peek().text;
  advance();
  if (name == "angle" || name == "measuredangle") {
    if (auto named = angle()) return *std::move(named);
  }
  if (name == "Pr" && event_follows(name)) return event(name);
  if (name == "pi") return Node{.kind = Kind::constant, .name = "pi"};
  if (name == "infty" || name == "infin") return Node{.kind = Kind::infinity};
  if (name == "emptyset" || name == "varnothing")
    return Node{.kind = Kind::named_set, .name = "empty"};
  if (name == "imath") return Node{.kind = Kind::constant, .name = "i"};
  if (is_in(symbols, name)) {
    std::string symbol = name == "varepsilon" ? "epsilon"
                         : name == "varphi"   ? "phi"
                         : name == "vartheta" ? "theta"
                         : is_dots(name)      ? "ldots"
                                              : name;
    if (at("_")) return subscripted(std::move(symbol));
    // A curl is no divergence.
    for (const std::string_view product : {"times", "cdot"}) {
      if (symbol == "nabla" && accept_command(product)) symbol += product;
    }
    const bool function =
        at("(") && (symbol == "Phi" || symbol == "Psi" || symbol == "phi" || symbol == "psi");
    if (function) {
      Node arguments = bracketed();
      if (arguments.kind == Kind::tuple) return make_call(symbol, std::move(arguments.children));
      return make_call(symbol, {std::move(arguments)});
    }
    // Triangle ABC, angle A: the sign belongs to the name.
    return make_symbol(std::move(symbol));
  }
  if (is_in(decorations, name)) return decorated(name);
  if (name == "sum" || name == "prod" || name == "int" || name == "lim") return big_operator(name);
  if (name == "begin") return environment();
  if (name == "langle") {
    Node members = list("");
    if (!accept_command("rangle")) return fail("missing \\rangle");
    if (members.kind != Kind::list) members = make_node(Kind::list, {std::move(members)});
    members.kind = Kind::tuple;
    return members;
  }
  if (name == "lfloor" || name == "lceil" || name == "lvert" || name == "lVert" || name == "vert") {
    Node inner = list("");
    const std::string closer = name == "vert" ? name : "r" + name.substr(1);
    if (!accept_command(closer)) return fail("missing \\" + closer);
    const std::string called = name == "lfloor" ? "floor" : name == "lceil" ? "ceil" : "abs";
    return make_call(called, {std::move(inner)});
  }
  return command_with_arguments(name);
}

Node Parser::command_with_arguments(const std::string& name) {
  if (name == "frac" || name == "dfrac" || name == "tfrac" || name == "cfrac") {
    Node top = group_or_one();
    Node bottom = group_or_one();
    return make_node(Kind::divide, {std::move(top), std::move(bottom)});
  }
  if (name == "binom" || name == "dbinom" || name == "tbinom") {
    Node top = group_or_one();
    Node bottom = group_or_one();
    return make_call("binom", {std::move(top), std::move(bottom)});
  }
  if (name == "surd") return make_call("sqrt", {group_or_one()});
  if (name == "cuberoot") return make_call("root", {make_number(3), group_or_one()});
  if (name == "fourthroot") return make_call("root", {make_number(4), group_or_one()});
  if (name == "boxed" || name == "fbox" || name == "mathclose" || name == "mathopen" ||
      name == "mathrel" || name == "phantom" || name == "cancel") {
    return group_or_one();
  }
  if (name == "Re" || name == "Im") return make_call(name, {function_argument()});
  if (name == "lbrace") {
    tokens_[position_ - 1] = {TokenType::mark, "\\{"};
    --position_;
    return set();
  }
  if (name == "lbrack") {
    Node members = list("");
    if (!accept_command("rbrack")) return fail("missing \\rbrack");
    members.kind = Kind::interval;
    return members;
  }
  if (name == "partial") return make_symbol(name);
  // A command nobody knows stands for itself.
  return make_symbol("\\" + name);
}

// \mathbb{R}_{\ge 0}; `ahead` is where the index begins.
std::optional<Node> Parser::half_of_reals(std::size_t ahead) {
  const std::size_t group = at("{", ahead) ? 1 : 0;
  const std::string& sign = peek(ahead + group).text;
  if (peek(ahead + group + 1).text != "0") return std::nullopt;
  const bool closed = sign == "ge" || sign == "geq" || sign == ">=" || sign == "geqslant";
  if (!closed && sign != ">" && sign != "gt") return std::nullopt;
  for (std::size_t i = 0; i < ahead + 2 + 2 * group; ++i) advance();
  return Node{.kind = Kind::named_set, .name = closed ? "R0+" : "R+"};
}

// The index or power of a set of numbers: Z^+, R_{+}.
std::string Parser::marks_of_set() {
  std::string marks;
  advance();
  const bool braced = accept("{");
  const auto is_mark = [&] {
    return at("+") || at("-") || at("*") || peek().type == TokenType::number ||
           peek().type == TokenType::letter;
  };
  while (is_mark()) {
    marks += peek().text;
    advance();
    if (!braced) break;
  }
  if (braced) accept("}");
  return marks;
}

// \mathbb{R} and its like, behind the command.
std::optional<Node> Parser::blackboard_set(const std::string& name) {
  const bool group = at("{");
  const Token set = peek(group ? 1 : 0);
  static constexpr std::string_view known = "RZNQC";
  if (set.text == "R" && peek(group ? 3 : 1).text == "_") {
    if (auto half = half_of_reals(group ? 4 : 2)) return half;
  }
  const bool is_known = set.text.size() == 1 && known.find(set.text[0]) != std::string_view::npos &&
                        (name == "mathbb" || !group || at("}", 2));
  if (!is_known) return std::nullopt;
  for (int i = 0; i < (group ? 3 : 1); ++i) advance();
  Node node{.kind = Kind::named_set, .name = set.text};
  while (at("^") || at("_")) node.name += marks_of_set();
  return node;
}

Node Parser::decorated(const std::string& name) {
  if (name == "mathbb" || name == "mathbf") {
    if (auto set = blackboard_set(name)) return *set;
  }
  if (name == "overset" || name == "underset") group_or_one();
  Node inner = group_or_one();
  const std::string plain = plain_name(inner);
  if (plain.empty()) {
    return name == "mathbf" || name == "boldsymbol" || name == "bm"
               ? std::move(inner)
               : make_call(name, {std::move(inner)});
  }
  if (name == "mathbf" || name == "boldsymbol" || name == "bm" || name == "pmb" ||
      name == "mathop" || name == "underline") {
    // Bold i, j, k are unit vectors, not the imaginary unit; a bold number is a number.
    if (inner.kind == Kind::number) return inner;
    if (inner.kind == Kind::constant && inner.name == "e") return inner;
    Node vector = make_symbol(plain.size() == 1 && plain != "i" ? plain : "vector " + plain);
    vector.closed_left = plain.size() == 1;
    return vector;
  }
  std::string mark = name == "overrightarrow" ? "vec"
                     : name == "widehat"      ? "hat"
                     : name == "bar"          ? "overline"
                                              : name;
  if (mark == "hat") mark = "vector";
  Node marked = make_symbol(mark + " " + plain);
  marked.closed_left = mark == "vec";
  return marked;
}

Node Parser::big_operator(const std::string& name) {
  Node lower_bound = make_text("");
  Node upper = make_text("");
  if (name == "lim" && at("_") && at("{", 1) && peek(3).text == "to") {
    for (int i = 0; i < 2; ++i) advance();
    Node variable = atom();
    advance();
    Node target = sum();
    if (!accept("}")) return fail("missing '}'");
    return make_call(name, {std::move(variable), std::move(target), product()});
  }
  for (int i = 0; i < 2; ++i) {
    if (accept("_")) lower_bound = group_or_one();
    if (accept("^")) upper = group_or_one();
  }
  Node body = product();
  if (name == "int" || name == "lim") {
    return make_call(name, {std::move(lower_bound), std::move(upper), std::move(body)});
  }
  const bool bound = lower_bound.kind == Kind::relation && lower_bound.operators == "=" &&
                     lower_bound.children[0].kind != Kind::number;
  if (!bound) return make_call("over", {std::move(lower_bound), std::move(upper), std::move(body)});
  Node variable = std::move(lower_bound.children[0]);
  // The index i of a sum is no imaginary unit.
  if (variable.kind == Kind::constant && variable.name == "i") {
    variable = make_symbol("i");
    body = with_index_i(std::move(body));
  }
  if (variable.kind == Kind::constant) {
    return make_call("over", {std::move(variable), std::move(lower_bound.children[1]),
                              std::move(upper), std::move(body)});
  }
  return make_call(name, {std::move(variable), std::move(lower_bound.children[1]), std::move(upper),
                          std::move(body)});
}

}  // namespace assay::math
