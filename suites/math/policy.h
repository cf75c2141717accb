// What counts as the same answer: one policy per convention of the field, stated in one table
// (policy.cpp). Every boundary on which graders disagree is a field here and nowhere else.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace assay::math {

// How two answers are compared at all.
enum class Method {
  value,      // by the engine: exact values, sets, relations, identities
  hendrycks,  // strings after the normalisation of hendrycks/math (math_equivalence.py)
  minerva,    // lm-evaluation-harness' minerva_math: strings after normalisation, then formulas
  prm800k,    // prm800k/grading/grader.py: mathd strings, then element by element, then values
};

enum class Percent {
  fraction,  // 10 % = 0.1, and nothing else
  either,    // 10 % = 0.1 and 10 % = 10
  dropped,   // the sign is dropped: 10 % = 10, and nothing else
};

enum class Degrees {
  radians,  // 90 deg = pi/2, and nothing else
  either,   // 90 deg = pi/2 and 90 deg = 90
  dropped,  // the sign is dropped: 90 deg = 90, and nothing else
};

enum class Units {
  required,  // 5 cm is neither 5 nor 5 m; 500 cm = 5 m
  optional,  // 5 cm = 5, but 5 cm is not 5 m
  dropped,   // ignored: 5 cm = 5 = 5 m
};

enum class Order {
  required,  // "1, 2" is not "2, 1"
  free,      // several answers may come in any order
};

enum class Relations {
  strict,            // x > 1 is not (1, inf)
  gold_is_relation,  // a gold relation may be met by a set, not the reverse (Math-Verify)
  both,              // x > 1 and (1, inf) and x in (1, inf) are the same
};

struct Policy {
  std::string_view name;
  std::string_view summary;  // one line for people
  Method method = Method::value;
  Percent percent = Percent::fraction;
  Units units = Units::optional;
  Order lists = Order::free;  // answers joined by commas, "and", "or"; +- stands for two
  Relations relations = Relations::both;
  bool braces_optional = true;        // {1, 2} = 1, 2
  bool parentheses_optional = false;  // (1, 2) = 1, 2
  bool vector_is_point = true;        // a column or row vector = the tuple of its entries
  bool assignment_optional = true;    // x = 1 is 1, but never y = 1
  Degrees degrees = Degrees::either;
  bool base_optional = false;       // 2516_8 = 2516
  bool case_sensitive = false;      // of texts; symbols of formulas always are
  bool choice_by_content = true;    // "(B) 12" is B and is 12
  bool decimal_comma = true;        // 3,14 may be read as 3.14 where the other side is decimal
  bool unreduced_fractions = true;  // 2/4 = 1/2
  bool unit_stripping_fault =
      false;                        // repeats Math-Verify's fault: 1-1/\mathrm{e} = 1+1/\mathrm{e}
  bool log_may_be_natural = false;  // log 2 = ln 2 as well as lg 2
  bool prose = false;               // the last number of a sentence may be its answer
  // Where one side is written as a decimal, both are rounded to so many places; < 0: exact.
  int decimal_places = -1;
  // |gold - answer| allowed, by position of the gold's answers (one value serves all); empty: none.
  std::vector<double> tolerance = {};
  double relative_tolerance = 0;  // of |gold|; 0: none
};

// All of them, in the order of the table. The first is `strict`.
std::span<const Policy> policies();

// Throws UserError that lists the names.
const Policy& policy(std::string_view name);

}  // namespace assay::math
