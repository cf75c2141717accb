// What an equation gives a value to, and when two of them give a value to the same thing.
#include <algorithm>
#include <optional>
#include <string>

#include "suites/math/equivalence_compare.h"

namespace assay::math {
namespace {

// Whether it could stand before an equals sign that gives it a value.
bool may_be_assigned(const Node& side) {
  return !assigned_name(make_relation(side, '=', make_number(0))).empty();
}

// CD/BD and x/y, of which an answer gives the value.
std::string quotient_of_names(const Node& quotient) {
  for (const Node& side : quotient.children) {
    if (side.kind == Kind::divide || !may_be_assigned(side)) return {};
  }
  return render(quotient);
}

// y'', f''(x), d^2y/dx^2, \ddot y: what is derived, and how often.
struct Derivative {
  std::string of;
  int order = 0;
};

int order_of(const Node& d) {
  const bool raised = d.kind == Kind::power && d.children[1].kind == Kind::number;
  const Node& sign = raised ? d.children[0] : d;
  if (sign.kind != Kind::symbol || (sign.name != "d" && sign.name != "partial")) return 0;
  if (!raised) return 1;
  const Rational& order = d.children[1].number;
  return order == 2 ? 2 : order == 3 ? 3 : 0;
}

std::optional<Derivative> quotient_of_differentials(const Node& quotient) {
  for (const Node& side : quotient.children) {
    if (side.kind != Kind::multiply || side.children.size() != 2) return std::nullopt;
  }
  const Node& above = quotient.children[0];
  const Node& below = quotient.children[1];
  const int order = order_of(above.children[0]);
  if (order == 0 || order_of(below.children[0]) != 1) return std::nullopt;
  const Node& variable = below.children[1];
  const bool raised = variable.kind == Kind::power && variable.children[1].kind == Kind::number;
  if (raised ? variable.children[1].number != order : order != 1) return std::nullopt;
  if ((raised ? variable.children[0] : variable).kind != Kind::symbol) return std::nullopt;
  const Node& derived = above.children[1];
  if (derived.kind != Kind::symbol && derived.kind != Kind::call) return std::nullopt;
  return Derivative{derived.name, order};
}

std::optional<Derivative> derivative_of(const Node& side) {
  if (side.kind == Kind::divide) return quotient_of_differentials(side);
  if (side.kind != Kind::symbol && side.kind != Kind::call) return std::nullopt;
  for (const auto& [dots, order] : {std::pair("dot ", 1), std::pair("ddot ", 2)}) {
    if (side.name.starts_with(dots))
      return Derivative{side.name.substr(side.name.find(' ') + 1), order};
  }
  const auto primes = side.name.find('\'');
  if (primes == std::string::npos || primes == 0) return std::nullopt;
  return Derivative{side.name.substr(0, primes), static_cast<int>(side.name.size() - primes)};
}

// y, f(x), g(x)
bool is_function_of_x(const Node& side) {
  if (side.kind == Kind::symbol) return side.name == "y";
  return side.kind == Kind::call && side.name.size() == 1 && side.children.size() == 1 &&
         side.children[0].kind == Kind::symbol && side.children[0].name == "x";
}

// V and V(r): the same, once with what it depends on.
bool is_with_arguments(const Node& call, const Node& name) {
  return call.kind == Kind::call && name.kind == Kind::symbol && call.name == name.name &&
         std::all_of(call.children.begin(), call.children.end(),
                     [](const Node& n) { return n.kind == Kind::symbol; });
}

}  // namespace

std::string assigned_name(const Node& relation) {
  if (relation.kind != Kind::relation || relation.operators != "=") return {};
  const Node& left = relation.children[0];
  // AB, and \angle ABC, \triangle ABC: runs of capitals, perhaps behind a sign.
  const auto part_of_name = [&](const Node& n) {
    const std::size_t place = static_cast<std::size_t>(&n - left.children.data());
    const bool measure = left.children.size() > 1 && left.children[1].name.starts_with("angle");
    const bool sign = (place == 0 && (n.name.starts_with("angle") || n.name == "triangle" ||
                                      (n.name == "m" && measure))) ||
                      (place == 1 && measure);
    return n.kind == Kind::symbol &&
           (sign || (n.name.size() == 1 && n.name[0] >= 'A' && n.name[0] <= 'Z'));
  };
  const auto capitals = [&](const Node& n) {
    return part_of_name(n) || (n.kind == Kind::multiply &&
                               std::all_of(n.children.begin(), n.children.end(), part_of_name));
  };
  const bool product = left.kind == Kind::multiply &&
                       std::all_of(left.children.begin(), left.children.end(), capitals);
  // \Delta p, \angle A: the sign belongs to the name; so does a product of vectors.
  const bool signed_name = left.kind == Kind::multiply && left.children.size() == 2 &&
                           left.children[0].kind == Kind::symbol &&
                           left.children[1].kind == Kind::symbol &&
                           (left.children[0].name.size() > 1 || left.children[0].closed_left);
  // The variance sigma^2 is a name; x^2 is not.
  const bool squared_name = left.kind == Kind::power && left.children[0].kind == Kind::symbol &&
                            (left.children[0].name == "sigma" || left.children[0].name == "chi") &&
                            left.children[1].kind == Kind::number;
  if (squared_name) return render(left);
  if (left.kind == Kind::symbol || product || signed_name || left.kind == Kind::ratio)
    return render(left);
  if (left.kind == Kind::tuple) return render(left);
  if (left.kind == Kind::divide && derivative_of(left)) return render(left);
  if (left.kind == Kind::divide) return quotient_of_names(left);
  if (left.kind != Kind::call) return {};
  const bool sized =
      left.name == "abs" && left.children[0].kind != Kind::add && may_be_assigned(left.children[0]);
  const bool known = left.name == "sqrt" || left.name == "root" || left.name == "ln" ||
                     left.name == "log" || left.name == "exp" || left.name == "abs" ||
                     left.name == "factorial" || left.name == "binom" || left.name == "floor" ||
                     left.name == "ceil" || left.name == "percent" || left.name == "degree" ||
                     left.name == "int" || left.name == "lim" || left.name == "sum" ||
                     left.name == "over";
  if (known && !sized) return {};
  return render(left);
}

bool have_same_role(const Node& a, const Node& b) {
  const std::string a_name = render(a);
  const std::string b_name = render(b);
  if (a_name == b_name || is_with_arguments(a, b) || is_with_arguments(b, a)) return true;
  // y = 2x and f(x) = 2x give the same function, y' and f'(x) the same derivative.
  const auto a_derived = derivative_of(a);
  const auto b_derived = derivative_of(b);
  if (a_derived || b_derived) {
    if (!a_derived || !b_derived || a_derived->order != b_derived->order) return false;
    const auto plain = [](const Derivative& d) { return d.of == "y" || d.of == "f"; };
    return a_derived->of == b_derived->of || (plain(*a_derived) && plain(*b_derived));
  }
  if (is_function_of_x(a) && is_function_of_x(b)) return true;
  // x_1 = .. and x = ..: roots of one equation, numbered by one side only.
  const std::string& longer = a_name.size() > b_name.size() ? a_name : b_name;
  const std::string& shorter = a_name.size() > b_name.size() ? b_name : a_name;
  return a.kind == Kind::symbol && b.kind == Kind::symbol &&
         shorter.find('_') == std::string::npos && longer.starts_with(shorter + "_");
}

}  // namespace assay::math
