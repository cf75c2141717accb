#include "suites/math/expression/chemistry.h"

#include <algorithm>
#include <cstddef>

#include "suites/math/expression/clean.h"
#include "suites/math/text_scan.h"

namespace assay::math {
namespace {

constexpr std::size_t formula_max = 80;  // bytes

constexpr std::string_view elements =
    " H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se "
    "Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy "
    "Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu ";

bool is_element(std::string_view symbol) {
  return elements.find(' ' + std::string(symbol) + ' ') != std::string_view::npos;
}

// Without braces, subscript signs, blanks and the commands that set letters upright.
std::string bare_formula(std::string_view text) {
  std::string bare;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\\') {
      std::size_t end = i + 1;
      while (end < text.size() && is_ascii_letter(text[end])) ++end;
      const std::string_view name = text.substr(i + 1, end - i - 1);
      if (name != "ce" && name != "mathrm" && name != "text" && name != "rm") return {};
      i = end;
      continue;
    }
    if (text[i] != '{' && text[i] != '}' && text[i] != '_' && text[i] != ' ') bare += text[i];
    ++i;
  }
  return bare;
}

struct Atoms {
  int kinds = 0;          // element symbols
  bool numbered = false;  // some number of atoms
};

// Takes what is no symbol or number; 0 where the first character begins neither.
std::size_t atom_at(std::string_view text, std::size_t i, Atoms& atoms) {
  if (is_ascii_digit(text[i])) {
    atoms.numbered = true;
    return 1;
  }
  if (text[i] == '(' || text[i] == ')') return 1;
  for (const std::size_t n : {std::size_t{2}, std::size_t{1}}) {
    if (i + n > text.size() || text[i] < 'A' || text[i] > 'Z' || !is_element(text.substr(i, n)))
      continue;
    ++atoms.kinds;
    return n;
  }
  return 0;
}

// "3+", "2-", "+" at the end of a formula, taken off it. Without a caret a number in front of the
// sign counts charges where there is one atom (Fe3+) or where another number counts the atoms
// (SO42-).
std::string take_charge(std::string& formula) {
  const char sign = formula.empty() ? ' ' : formula.back();
  if (sign != '+' && sign != '-') return {};
  formula.pop_back();
  const std::size_t caret = formula.find('^');
  std::size_t from = std::min(caret, formula.size());
  if (caret == std::string::npos) {
    const std::size_t digits = formula.size() - 1 - formula.find_last_not_of("0123456789");
    const auto capitals =
        std::count_if(formula.begin(), formula.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (digits > 1 || (digits == 1 && capitals == 1)) from = formula.size() - 1;
  }
  std::string charge = formula.substr(from);
  formula.resize(from);
  if (charge.starts_with('^')) charge.erase(0, 1);
  return (charge.empty() || charge == "1" ? "" : charge) + sign;
}

}  // namespace

std::string chemical_formula(std::string_view cleaned) {
  if (cleaned.size() > formula_max) return {};
  const bool marked = cleaned.starts_with("\\ce");
  std::string formula = bare_formula(cleaned);
  const std::string charge = take_charge(formula);
  if (formula.empty() || formula[0] < 'A' || formula[0] > 'Z') return {};
  Atoms atoms;
  for (std::size_t i = 0; i < formula.size();) {
    const std::size_t n = atom_at(formula, i, atoms);
    if (n == 0) return {};
    i += n;
  }
  // C_2 is a letter with an index as well, and CO a product; whoever writes them alike means the
  // same.
  if (!marked && charge.empty() && !atoms.numbered) return {};
  return charge.empty() ? formula : formula + '^' + charge;
}

}  // namespace assay::math
