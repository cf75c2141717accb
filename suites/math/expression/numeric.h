// Complex numbers of 53 or 113 bits, each with a bound on its error.
#pragma once

#include <optional>

#include "suites/math/expression/node.h"
#include "suites/math/expression/points.h"

namespace assay::math {

enum class Precision { fast, high };  // 53 bits, 113 bits

// The number itself is kept as a sum of two doubles, which is enough to print and to order it;
// comparisons are made inside compare_numeric.
struct Numeric {
  Status status = Status::unknown;
  double re = 0;
  double im = 0;
  double error = 0;  // of the complex number, absolute
};

// To eleven digits, by way of 113 bits where that takes them; less of a value that is surely
// smaller than `negligible`.
Numeric evaluate_numeric(const Node& node, Point& point, Budget& budget, double negligible = 0);

// In 53 bits, real and imaginary part added; nothing where there is no value.
std::optional<double> estimate_numeric(const Node& node, Point& point, Budget& budget);

// How two trees compare at one point. `close` says that they agree within the errors and that the
// errors are small.
enum class Agreement { close, apart, incomparable };

struct Measured {
  Agreement agreement = Agreement::incomparable;
  bool a_real = false;
  bool b_real = false;
  bool undefined = false;  // one of them has no value here
};

Measured compare_numeric(const Node& a, const Node& b, Point& point, Precision precision,
                         Budget& budget);

}  // namespace assay::math
