#include <algorithm>
#include <array>
#include <utility>

#include "suites/math/expression/clean.h"
#include "suites/math/expression/parser_state.h"
#include "suites/math/expression/said.h"

namespace assay::math {

Node Parser::sum() {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  std::vector<Node> terms;
  Node first = with_smaller_units(with_unit(product()));
  while (true) {
    const bool plus = at("+");
    const bool minus = at("-");
    const bool either = at("+-") || at_command("pm");
    const bool mirrored = at_command("mp");
    if (!plus && !minus && !either && !mirrored) break;
    advance();
    Node next = with_unit(product());
    if (either || mirrored) {
      if (!terms.empty()) {
        terms.insert(terms.begin(), std::move(first));
        first = make_node(Kind::add, std::exchange(terms, {}));
      }
      first = make_node(Kind::plus_minus, {std::move(first), std::move(next)});
      first.name = either ? "+-" : "-+";
    } else {
      terms.push_back(minus ? make_node(Kind::negate, {std::move(next)}) : std::move(next));
    }
    if (terms.size() > nodes_max) return fail("too many terms");
  }
  if (terms.empty()) return first;
  terms.insert(terms.begin(), std::move(first));
  return make_node(Kind::add, std::move(terms));
}

// "(double root)", "(approximately)": words in brackets behind an answer, as far as the closer.
bool Parser::remark_follows() const {
  if (!at("(")) return false;
  // 8 (8), of which the second was a word, and 0.25 (25%): the same once more.
  const bool number_again = peek().blank_before && peek(1).type == TokenType::number &&
                            at(")", 2) && peek(3).type == TokenType::end && position_ > 0 &&
                            tokens_[position_ - 1].type == TokenType::number &&
                            tokens_[position_ - 1].text == peek(1).text;
  if (number_again) return true;
  const bool again = peek().blank_before && peek(1).type == TokenType::number &&
                     (at("%", 2) || at("\\%", 2)) && at(")", 3) && position_ > 0 &&
                     tokens_[position_ - 1].type == TokenType::number;
  if (again) return true;
  bool word = false;
  for (std::size_t i = 1; i <= 12; ++i) {
    const Token& token = peek(i);
    if (token.type == TokenType::mark && token.text == ")") return word;
    if (token.type != TokenType::word || !token.in_text) return false;
    const std::string said = lower(token.text);
    if (binds_number(said) || side_of(said) != 0) return false;
    word = word || token.text.size() > 2;
  }
  return false;
}

// Whether nothing that belongs to the same formula stands there.
bool Parser::ends_item(std::size_t ahead) const {
  const Token& token = peek(ahead);
  return token.type == TokenType::end || token.text == "," || token.text == ")" ||
         token.text == ";" || (token.type == TokenType::word && token.in_text);
}

bool Parser::starts_factor() const {
  const Token& token = peek();
  switch (token.type) {
    case TokenType::number:
    case TokenType::letter:
      return true;
    case TokenType::name:
      return token.text != "union" && token.text != "cup" && token.text != "mod" &&
             token.text != "min" && !(token.text == "sec" && ends_item(1));
    case TokenType::word: {
      // A short run of letters in a formula is a product: 2xy.
      if (options_.words_are_products && spells_product(token)) return true;
      return !token.in_text && token.text.size() <= 3 && !find_unit(token.text) &&
             token.text != "pct" && lower(token.text) != "pm" && lower(token.text) != "am" &&
             token.text != "sq" && token.text != "cu" && token.text != "out" &&
             token.text != "to" && token.text != "deg" && token.text != "or" &&
             token.text != "and" && token.text != "in" && token.text != "per" && token.text != "is";
    }
    case TokenType::mark:
      if (token.text == "(" && (peek(1).text == "mod" || base_follows() || remark_follows() ||
                                condition_bracket_follows()))
        return false;
      return token.text == "(" || token.text == "{" || token.text == "\\{" || token.text == "[" ||
             (token.text == "|" && bars_ == 0);
    case TokenType::command: {
      static constexpr std::array<std::string_view, 60> operators = {
          "le",         "leq",        "leqslant", "ge",     "geq",      "geqslant",  "lt",
          "gt",         "ne",         "neq",      "approx", "sim",      "simeq",     "equiv",
          "in",         "notin",      "cup",      "cap",    "setminus", "backslash", "quad",
          "lor",        "vee",        "land",     "wedge",  "pm",       "mp",        "cdot",
          "times",      "div",        "colon",    "pmod",   "bmod",     "mid",       "not",
          "end",        "rangle",     "rfloor",   "rceil",  "rvert",    "rbrace",    "to",
          "rightarrow", "Rightarrow", "ast",      "bullet", "circ",     "over",      "choose",
          "doteq",      "leqq",       "bigcup",   "rbrack", "prime",    "implies",   "iff",
          "because",    "therefore",  "vert",     "atop"};
      return std::find(operators.begin(), operators.end(), token.text) == operators.end();
    }
    default:
      return false;
  }
}

bool Parser::explicit_operator(bool& divides) {
  divides = false;
  if (accept("*") || accept_command("cdot") || accept_command("times") || accept_command("ast") ||
      accept_command("bullet"))
    return true;
  if (at("/") || at_command("div")) {
    advance();
    divides = true;
    return true;
  }
  // "3 x 10^5", "4 X 5": a letter x between two numbers.
  const Token& token = peek();
  if (token.type == TokenType::letter && (token.text == "x" || token.text == "X") &&
      peek(1).type == TokenType::number && position_ > 0 &&
      tokens_[position_ - 1].type == TokenType::number &&
      peek(1).blank_before == token.blank_before) {
    advance();
    return true;
  }
  return false;
}

Node Parser::currency() {
  const Token token = peek();
  advance();
  Node node = make_node(Kind::quantity, {product()});
  node.name = token.text == "yen"      ? "currency CNY"
              : token.text == "euro"   ? "currency EUR"
              : token.text == "pounds" ? "currency GBP"
              : token.text == "rupee"  ? "currency INR"
                                       : "currency USD";
  node.number = 1;
  return node;
}

bool Parser::choice_between_follows() const {
  return position_ > 0 && tokens_[position_ - 1].type == TokenType::number &&
         (peek().text == "C" || peek().text == "P") && peek(1).type == TokenType::number &&
         !peek(1).blank_before;
}

// "\mu m" and "\Omega" at the end of an item.
bool Parser::sign_of_unit_follows() const {
  const Token& next = peek(1);
  if (at_command("Omega")) {
    // In a sum it is a letter like others.
    const bool alone =
        std::none_of(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(position_),
                     [](const Token& token) { return token.text == "+"; });
    return alone && (next.type == TokenType::end || next.text == "," || next.text == ")");
  }
  const Token& letter = peek(1);
  const Token& behind = peek(2);
  if (thousand_of_ohms_follows()) return true;
  return at_command("mu") && letter.text.size() == 1 && find_letter_unit(letter.text[0]) &&
         (behind.type == TokenType::end || behind.text == "," || behind.text == ")");
}

namespace {

// 12 and 6.63 * 10^-34
bool is_literal(const Node& node) {
  return !contains(node, [](const Node& n) {
    return n.kind != Kind::number && n.kind != Kind::multiply && n.kind != Kind::power &&
           n.kind != Kind::negate && n.kind != Kind::divide;
  });
}

// a x b of vectors is -(b x a), and no product of numbers.
Node cross_product(Node a, Node b) {
  const bool turned = render(b) < render(a);
  Node product = turned ? make_call("cross", {std::move(b), std::move(a)})
                        : make_call("cross", {std::move(a), std::move(b)});
  return turned ? make_node(Kind::negate, {std::move(product)}) : product;
}

Node& last_factor(Node& product) {
  const bool inside = product.kind == Kind::multiply || product.kind == Kind::negate;
  return inside ? last_factor(product.children.back()) : product;
}

bool is_vector_letter(const Node& node) {
  return node.kind == Kind::symbol && node.closed_left;
}

// `crossed`: what stands between them may be the sign of a cross product.
Node multiplied(Node left, Node right, bool crossed) {
  if (crossed && is_vector_letter(right) && is_vector_letter(last_factor(left))) {
    Node& last = last_factor(left);
    Node product = cross_product(std::move(last), std::move(right));
    last = std::move(product);
    return left;
  }
  if (left.kind != Kind::multiply)
    return make_node(Kind::multiply, {std::move(left), std::move(right)});
  left.children.push_back(std::move(right));
  return left;
}

}  // namespace

// (f \circ g)(x) is f(g(x)); 10C3, 6P2.
bool Parser::takes_next(Node& left) {
  if (at("(") && left.kind == Kind::call && left.name == "compose") {
    Node inner = make_call(left.children[1].name, {bracketed()});
    left = make_call(left.children[0].name, {std::move(inner)});
    return true;
  }
  if (!choice_between_follows()) return false;
  const bool choose = peek().text == "C";
  advance();
  left = make_call(choose ? "binom" : "permutations", {std::move(left), number()});
  return true;
}

// Whether what follows without a sign is no factor of it.
bool Parser::ends_product(const Node& left) {
  if (sign_of_unit_follows() && is_literal(left)) return true;
  // "(1,2) U (3,4)": what has members is not multiplied by what follows.
  if (left.kind == Kind::tuple || left.kind == Kind::interval || left.kind == Kind::set ||
      left.kind == Kind::named_set)
    return true;
  // "5 m" may be five metres.
  const bool unit = peek().type == TokenType::letter && letter_unit_follows() && is_literal(left);
  letters_ambiguous_ = letters_ambiguous_ || unit;
  return unit && options_.letters_are_units;
}

// `sign` is the place of the sign between them. In a/bc the slash may take b alone.
Node Parser::quotient(Node left, Node right, std::size_t sign) {
  const bool bare = tokens_[sign].text == "/";
  // b and c in one run of letters
  if (bare && tokens_[sign + 1].type == TokenType::word && right.kind == Kind::multiply) {
    slash_ambiguous_ = true;
    if (!options_.slash_takes_product) {
      left = make_node(Kind::divide, {std::move(left), std::move(right.children.front())});
      right.children.erase(right.children.begin());
      return multiplied(std::move(left), std::move(right), false);
    }
  }
  while (bare && starts_factor() && peek().type != TokenType::number) {
    slash_ambiguous_ = true;
    if (!options_.slash_takes_product) break;
    right = make_node(Kind::multiply, {std::move(right), factor()});
  }
  return make_node(Kind::divide, {std::move(left), std::move(right)});
}

Node Parser::product() {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  const bool money = at("$") || at("\\$") || at_command("yen") || at_command("euro") ||
                     at_command("pounds") || at_command("rupee") || at_command("textdollar");
  if (money) return currency();
  Node left = signed_factor();
  while (true) {
    bool divides = false;
    const std::size_t before = position_;
    if (at("/") && rate_follows() && is_literal(left)) return left;
    const bool is_explicit = explicit_operator(divides);
    if (!is_explicit) {
      if (!starts_factor()) return left;
      if (takes_next(left)) continue;
      if (ends_product(left)) return left;
      // Two numbers side by side are no product.
      if (peek().type == TokenType::number && tokens_[position_ - 1].type == TokenType::number)
        return fail("two numbers side by side");
    }
    Node right = is_explicit ? signed_factor() : factor();
    left = divides ? quotient(std::move(left), std::move(right), before)
                   : multiplied(std::move(left), std::move(right),
                                /*crossed=*/tokens_[before].text == "times");
    if (position_ == before) return fail("cannot go on");
  }
}

Node Parser::signed_factor() {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  if (accept("+")) return signed_factor();
  if (accept("-")) {
    const bool money =
        at("$") || at("\\$") || at_command("yen") || at_command("euro") || at_command("pounds");
    return make_node(Kind::negate, {money ? currency() : signed_factor()});
  }
  if (at("+-") || at_command("pm") || at_command("mp")) {
    const std::string name = at_command("mp") ? "-+" : "+-";
    advance();
    Node node = make_node(Kind::plus_minus, {signed_factor()});
    node.name = name;
    return node;
  }
  return factor();
}

Node Parser::factor() {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  return postfix(atom());
}

Node Parser::degrees(Node base) {
  const Token& token = peek();
  const bool scale = (token.type == TokenType::letter || token.type == TokenType::word) &&
                     (token.text == "C" || token.text == "F" || lower(token.text) == "celsius" ||
                      lower(token.text) == "fahrenheit");
  if (scale) {
    Node node = make_node(Kind::quantity, {std::move(base)});
    node.name =
        token.text == "C" || lower(token.text) == "celsius" ? "temperature C" : "temperature F";
    node.number = 1;
    advance();
    return node;
  }
  Node whole = make_call("degree", {std::move(base)});
  // 30 deg 15' 20''.
  int divisor = 60;
  while (peek().type == TokenType::number && (at("'", 1) || at("\"", 1)) && divisor <= 3600) {
    Node part = number();
    while (accept("'") || accept("\"")) {
    }
    part.number /= divisor;
    divisor *= 60;
    whole.children[0] = make_node(Kind::add, {std::move(whole.children[0]), std::move(part)});
  }
  return whole;
}

// What stands behind '^'.
Node Parser::exponent() {
  if (accept("-")) return make_node(Kind::negate, {exponent()});
  if (accept("+")) return exponent();
  if (at("{") || at("(")) return group_or_one();
  Node node = atom();
  if (accept("!")) node = make_call("factorial", {std::move(node)});
  if (at("_")) node = postfix(std::move(node));
  // 2^3^4 groups from the right.
  if (at("^")) {
    advance();
    const DepthGuard guard(*this);
    if (too_deep()) return make_text("");
    node = make_node(Kind::power, {std::move(node), exponent()});
  }
  return node;
}

Node Parser::postfix(Node base) {
  constexpr int signs_max = 8;  // behind one factor: each makes the tree deeper
  for (int signs = 0;; ++signs) {
    if (signs > signs_max) return fail("too many signs behind one another");
    if (at("^")) {
      advance();
      const bool group = at("{");
      const std::size_t ahead = group ? 1 : 0;
      const std::string& raised = peek(ahead).text;
      const bool ordinal = base.kind == Kind::number && peek(ahead).type == TokenType::word &&
                           (raised == "th" || raised == "st" || raised == "nd" || raised == "rd");
      if (ordinal) {
        for (std::size_t i = 0; i < (group ? 3 : 1); ++i) advance();
      } else if (peek(ahead).type == TokenType::command &&
                 (peek(ahead).text == "circ" || peek(ahead).text == "degree")) {
        for (std::size_t i = 0; i < (group ? 3 : 1); ++i) advance();
        base = degrees(std::move(base));
      } else if (peek(ahead).type == TokenType::command && peek(ahead).text == "prime") {
        for (std::size_t i = 0; i < (group ? 3 : 1); ++i) advance();
        base.name += "'";
      } else {
        const DepthGuard guard(*this);
        if (too_deep()) return make_text("");
        base = make_node(Kind::power, {std::move(base), exponent()});
      }
    } else if (at("!")) {
      advance();
      const bool twice = accept("!");
      base = make_call(twice ? "double_factorial" : "factorial", {std::move(base)});
    } else if (at("%") || at("\\%")) {
      advance();
      base = make_call("percent", {std::move(base)});
    } else if ((at("$") || at("\\$")) &&
               (peek(1).type == TokenType::end || peek(1).type == TokenType::mark)) {
      advance();
      base = make_node(Kind::quantity, {std::move(base)});
      base.name = "currency USD";
      base.number = 1;
    } else if (accept_command("permille")) {
      base = make_node(Kind::divide, {std::move(base), make_number(1000)});
    } else if (at_command("circ") && base.kind == Kind::symbol &&
               peek(1).type == TokenType::letter) {
      // f \circ g
      advance();
      Node inner = make_symbol(peek().text);
      advance();
      base = make_call("compose", {std::move(base), std::move(inner)});
    } else if (at_command("degree") || at_command("circ")) {
      advance();
      base = degrees(std::move(base));
    } else if (at("_") && base.kind == Kind::number && !base.decimal) {
      advance();
      const Node radix = group_or_one();
      if (radix.kind != Kind::number || radix.number < 2 || radix.number > 36)
        return fail("no base");
      const int value = Integer(numerator(radix.number)).convert_to<int>();
      const auto read = parse_based(Integer(numerator(base.number)).str(), value);
      if (!read) return fail("a digit does not belong to the base");
      base = make_number(*read);
      base.rows = value;
    } else {
      return base;
    }
  }
}

// Everything up to the next sign, slash or function: \sin 2x \cos y is sin(2x)*cos(y).
Node Parser::function_argument() {
  const DepthGuard guard(*this);
  if (too_deep()) return make_text("");
  if (at("(") || at("[")) return bracketed();
  if (accept("-")) return make_node(Kind::negate, {function_argument()});
  Node left = factor();
  while (starts_factor() && peek().type != TokenType::name && !at("(") && !at("{")) {
    // The same token twice in a row would be an endless loop only if factor() took nothing.
    const std::size_t before = position_;
    left = make_node(Kind::multiply, {std::move(left), factor()});
    if (position_ == before) return fail("cannot go on");
  }
  return left;
}

Node Parser::function(const std::string& name) {
  advance();
  static constexpr std::array<std::string_view, 8> of_several = {"gcd",   "lcm", "max", "min",
                                                                 "binom", "log", "mod", "arg"};
  std::vector<Node> arguments;
  Node power_of;
  bool has_power = false;
  bool inverse = false;
  if (name == "sqrt" && at("[")) {
    advance();
    Node degree = list("]");
    if (!accept("]")) return fail("missing ']'");
    Node radicand = group_or_one();
    return make_call("root", {std::move(degree), std::move(radicand)});
  }
  if (name == "sqrt" || name == "cbrt") {
    Node radicand = at("(") ? bracketed() : group_or_one();
    if (name == "sqrt") return make_call("sqrt", {std::move(radicand)});
    return make_call("root", {make_number(3), std::move(radicand)});
  }
  if (at("_")) {
    advance();
    arguments.push_back(group_or_one());
  }
  if (accept("^")) {
    power_of = exponent();
    has_power = true;
    inverse = power_of.kind == Kind::negate && power_of.children[0].kind == Kind::number &&
              power_of.children[0].number == 1 && name != "ln" && name != "log";
    if (at("_")) {
      advance();
      arguments.push_back(group_or_one());
    }
  }
  if (name == "cis") {
    // cos + i sin
    Node angle = function_argument();
    Node sine = make_node(Kind::multiply,
                          {Node{.kind = Kind::constant, .name = "i"}, make_call("sin", {angle})});
    Node point = make_node(Kind::add, {make_call("cos", {std::move(angle)}), std::move(sine)});
    return has_power ? make_node(Kind::power, {std::move(point), std::move(power_of)}) : point;
  }
  const bool several = std::find(of_several.begin(), of_several.end(), name) != of_several.end();
  Node argument = several && at("\\{") ? set() : function_argument();
  if (several && (argument.kind == Kind::tuple || argument.kind == Kind::set)) {
    for (Node& one : argument.children) arguments.push_back(std::move(one));
  } else {
    arguments.push_back(std::move(argument));
  }
  std::string called = name;
  if (name.size() == 4 && name[0] == 'a' && (name == "asin" || name == "acos" || name == "atan"))
    called = "arc" + name.substr(1);
  if (name == "lg") {
    called = "log";
    arguments.insert(arguments.begin(), make_number(10));
  }
  if (inverse) called = "arc" + called;
  Node node = make_call(called, std::move(arguments));
  if (!has_power || inverse) return node;
  return make_node(Kind::power, {std::move(node), std::move(power_of)});
}

}  // namespace assay::math
