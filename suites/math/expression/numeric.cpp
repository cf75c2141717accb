#include "suites/math/expression/numeric.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include "suites/math/expression/exact.h"

namespace assay::math {
namespace {

using Long = boost::multiprecision::number<
    boost::multiprecision::cpp_bin_float<113, boost::multiprecision::digit_base_2>,
    boost::multiprecision::et_off>;

// What an elementary function costs, in nanoseconds (measured; see tests/bench/math_equivalence).
template <class Real>
constexpr int elementary_ns = 30;
template <>
constexpr int elementary_ns<Long> = 5000;
// And a node, with one operation on its value.
template <class Real>
constexpr int operation_ns = 80;
template <>
constexpr int operation_ns<Long> = 500;
// Finding out which function a call is of, and a further term of a sum.
constexpr int call_ns = 150;
template <class Real>
constexpr double epsilon = 0x1p-51;
template <>
constexpr double epsilon<Long> = 0x1p-110;

template <class Real>
struct Ball {
  Status status = Status::unknown;
  Real re = 0;
  Real im = 0;
  double error = 0;
};

double size_of(double value) {
  return std::fabs(value);
}
double size_of(const Long& value) {
  return std::fabs(value.convert_to<double>());
}

template <class Real>
double size_of(const Ball<Real>& value) {
  return size_of(value.re) + size_of(value.im);
}

template <class Real>
Real to_real(const Rational& value) {
  if constexpr (std::is_same_v<Real, double>) {
    // Most fit: one division then rounds as the conversion would, at a tenth of its cost.
    constexpr unsigned digits = std::numeric_limits<double>::digits;
    if (bits_of(value) > digits) return value.convert_to<double>();
    return static_cast<double>(Integer(numerator(value)).convert_to<std::int64_t>()) /
           static_cast<double>(Integer(denominator(value)).convert_to<std::int64_t>());
  } else {
    return Real(Integer(numerator(value))) / Real(Integer(denominator(value)));
  }
}

template <class Real>
class Evaluator {
  using B = Ball<Real>;

 public:
  Evaluator(Point& point, Budget& budget) : point_(point), budget_(budget) {}

  B operator()(const Node& node) {
    if (!budget_.spend(operation_ns<Real>)) return {};
    switch (node.kind) {
      case Kind::number:
        return real(to_real<Real>(node.number));
      case Kind::symbol:
        return real(to_real<Real>(value_at(node.name, point_)));
      case Kind::constant:
        return constant(node.name);
      case Kind::add:
        return add(node);
      case Kind::multiply: {
        B total = real(1);
        for (const Node& child : node.children) total = multiply(total, (*this)(child));
        return total;
      }
      case Kind::ratio:
        // Inside of a formula the colon divides.
        return node.children.size() == 2 && !node.closed_left ? quotient(node) : B{};
      case Kind::divide:
        return quotient(node);
      case Kind::negate:
        return negated((*this)(node.children[0]));
      case Kind::power:
        return raise(node);
      case Kind::quantity:
        return multiply((*this)(node.children[0]), real(to_real<Real>(node.number)));
      case Kind::call:
        return call(node);
      default:
        return {};
    }
  }

 private:
  static B real(Real value) {
    B ball{Status::ok, std::move(value), 0, 0};
    ball.error = size_of(ball.re) * epsilon<Real>;
    return checked(std::move(ball));
  }

  static B undefined() { return {Status::undefined, 0, 0, 0}; }

  static B checked(B ball) {
    if (ball.status != Status::ok) return ball;
    const double size = size_of(ball);
    if (!std::isfinite(size) || !std::isfinite(ball.error)) return {};
    ball.error += size * epsilon<Real>;
    return ball;
  }

  static Real pi() {
    using std::acos;
    static const Real value = acos(Real(-1));
    return value;
  }

  B constant(const std::string& name) {
    using std::exp;
    if (name == "i") return {Status::ok, 0, 1, 0};
    if (name == "pi") return real(pi());
    static const Real e = exp(Real(1));
    return real(e);
  }

  static B negated(B a) {
    a.re = -a.re;
    a.im = -a.im;
    return a;
  }

  static const B* bad(const B& a, const B& b) {
    if (a.status != Status::ok) return &a;
    return b.status != Status::ok ? &b : nullptr;
  }

  static B plus(const B& a, const B& b) {
    if (const B* wrong = bad(a, b)) return *wrong;
    return checked({Status::ok, a.re + b.re, a.im + b.im,
                    a.error + b.error + (size_of(a) + size_of(b)) * epsilon<Real>});
  }

  B add(const Node& node) {
    B total = real(0);
    for (const Node& child : node.children) total = plus(total, (*this)(child));
    return total;
  }

  static B multiply(const B& a, const B& b) {
    if (const B* wrong = bad(a, b)) return *wrong;
    const double error = size_of(a) * b.error + size_of(b) * a.error + a.error * b.error;
    if (a.im == 0 && b.im == 0) return checked({Status::ok, a.re * b.re, 0, error});
    return checked({Status::ok, a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re,
                    error + size_of(a) * size_of(b) * epsilon<Real>});
  }

  static B divide(const B& a, const B& b) {
    if (const B* wrong = bad(a, b)) return *wrong;
    const double below = std::max(size_of(b.re), size_of(b.im));
    if (below <= b.error * 2) return below <= 1e-9 ? undefined() : B{};
    const double error = (a.error + size_of(a) / below * b.error) / (below - b.error);
    if (b.im == 0) return checked({Status::ok, a.re / b.re, a.im / b.re, error});
    const Real size = b.re * b.re + b.im * b.im;
    return checked({Status::ok, (a.re * b.re + a.im * b.im) / size,
                    (a.im * b.re - a.re * b.im) / size, error * 4});
  }

  // For a share of what is left, since calls within calls are tried one by one.
  Exact exactly(const Node& node) { return exactly(node, budget_.left_ns / 2); }

  // An index, an exponent: short, where it is anything that can be dealt with.
  Exact small(const Node& node) {
    constexpr std::int64_t most_ns = 20'000;
    return exactly(node, std::min(most_ns, budget_.left_ns));
  }

  Exact exactly(const Node& node, std::int64_t share) {
    Budget part{share};
    Exact exact = evaluate_exact(node, point_, part);
    return budget_.spend(share - part.left_ns) ? exact : Exact{};
  }

  // Numbers beyond the floating range may have a quotient within it.
  B quotient(const Node& node) {
    B value = divide((*this)(node.children[0]), (*this)(node.children[1]));
    if (value.status != Status::unknown) return value;
    const Exact exact = exactly(node);
    return exact.status == Status::ok && exact.im == 0 ? real(to_real<Real>(exact.re)) : value;
  }

  // An exponential, a sine or a cosine; a logarithm costs nearly twice and an arc four times that.
  bool spend(int times = 1) { return budget_.spend(std::int64_t{elementary_ns<Real>} * times); }

  enum class Elementary { exp, log, sin, cos, asin, acos, atan };

  // Of a real number (a positive one for the logarithm), once for each: both sides of an identity
  // are made of the same few. Empty where the budget does not pay for it.
  std::optional<Real> elementary(Elementary which, const Real& x) {
    using std::acos;
    using std::asin;
    using std::atan;
    using std::cos;
    using std::exp;
    using std::log;
    using std::sin;
    constexpr std::size_t known_max = 24;
    constexpr bool worth_keeping = !std::is_same_v<Real, double>;
    for (const Known& known : known_) {
      if (known.which == which && known.at == x) return known.value;
    }
    const bool arc = which >= Elementary::asin;
    if (!spend(arc ? 4 : which == Elementary::log ? 2 : 1)) return std::nullopt;
    const Real value = which == Elementary::exp    ? exp(x)
                       : which == Elementary::log  ? log(x)
                       : which == Elementary::sin  ? sin(x)
                       : which == Elementary::cos  ? cos(x)
                       : which == Elementary::asin ? asin(x)
                       : which == Elementary::acos ? acos(x)
                                                   : atan(x);
    if (worth_keeping && known_.size() < known_max) known_.push_back({which, x, value});
    return value;
  }

  B exponential(const B& x) {
    if (x.status != Status::ok) return x;
    if (size_of(x) > 1e6) return {};
    const auto size = elementary(Elementary::exp, x.re);
    if (!size) return {};
    const double error = size_of(*size) * x.error * 2;
    if (x.im == 0) return checked({Status::ok, *size, 0, error});
    const auto c = elementary(Elementary::cos, x.im);
    const auto s = elementary(Elementary::sin, x.im);
    if (!c || !s) return {};
    return checked(
        {Status::ok, *size * *c, *size * *s, error + size_of(*size) * epsilon<Real> * 4});
  }

  B logarithm(const B& x) {
    using std::atan2;
    if (x.status != Status::ok) return x;
    const double size = std::max(size_of(x.re), size_of(x.im));
    if (size <= x.error * 2) return undefined();
    const double error = x.error / (size - x.error) + epsilon<Real>;
    const Real length = x.im == 0 ? (x.re > 0 ? x.re : Real(-x.re)) : x.re * x.re + x.im * x.im;
    const auto value = elementary(Elementary::log, length);
    if (!value) return {};
    if (x.im == 0) {
      point_.left_reals = point_.left_reals || x.re < 0;
      return checked({Status::ok, *value, x.re > 0 ? Real(0) : pi(), error});
    }
    if (!spend()) return {};
    return checked({Status::ok, *value / 2, atan2(x.im, x.re), error * 2});
  }

  B square_root(const B& x) {
    using std::sqrt;
    if (x.status != Status::ok) return x;
    if (x.im != 0) return exponential(multiply(logarithm(x), real(Real(1) / 2)));
    const double size = size_of(x.re);
    const double error =
        size > x.error * 4 ? x.error / std::sqrt(size) : std::sqrt(x.error + size) * 2;
    if (x.re >= 0)
      return checked({Status::ok, sqrt(x.re), 0, size == 0 && x.error == 0 ? 0 : error});
    point_.left_reals = true;
    return checked({Status::ok, 0, sqrt(-x.re), error});
  }

  B raise(const Node& node) {
    B base = (*this)(node.children[0]);
    const Node& up = node.children[1];
    const Exact exponent = small(up);
    if (base.status != Status::ok) return base;
    const bool varies = contains(up, [](const Node& n) { return n.kind == Kind::symbol; });
    if (exponent.status == Status::ok && exponent.im == 0)
      return raise_exactly(base, exponent.re, !varies);
    // e^x is the function, not a power of a rounded number.
    const B x = (*this)(up);
    if (node.children[0].kind == Kind::constant && node.children[0].name == "e")
      return exponential(x);
    return exponential(multiply(logarithm(base), x));
  }

  B raise_exactly(const B& base, const Rational& exponent, bool real_roots = true) {
    if (denominator(exponent) == 1 && abs(exponent) <= 64) {
      B result = real(1);
      B square = base;
      for (int n = std::abs(Integer(numerator(exponent)).convert_to<int>()); n > 0; n /= 2) {
        if (!budget_.spend(2 * operation_ns<Real>)) return {};
        if (n % 2 == 1) result = multiply(result, square);
        if (n > 1) square = multiply(square, square);
      }
      return exponent < 0 ? divide(real(1), result) : result;
    }
    if (exponent == Rational(1, 2)) return square_root(base);
    if (size_of(base) == 0) return exponent > 0 ? real(0) : undefined();
    // (-8)^(1/3) and other odd roots: real, as school has it.
    if (real_roots && base.im == 0 && base.re < 0 && denominator(exponent) % 2 == 1)
      return real_odd_power(base, exponent);
    return exponential(multiply(logarithm(base), real(to_real<Real>(exponent))));
  }

  B real_odd_power(const B& base, const Rational& exponent) {
    B value = exponential(multiply(logarithm(negated(base)), real(to_real<Real>(exponent))));
    return numerator(exponent) % 2 == 0 ? value : negated(value);
  }

  B call(const Node& node) {
    const std::string& name = node.name;
    if (name == "sum" || name == "prod") return series(node);
    if (!budget_.spend(call_ns)) return {};
    if (name == "int" || name == "lim" || name == "over") return {};
    if (name == "det")
      return node.children[0].kind == Kind::matrix ? determinant(node.children[0]) : B{};
    std::vector<B> v;
    for (const Node& child : node.children) {
      v.push_back((*this)(child));
      if (v.back().status != Status::ok) return v.back();
    }
    if (v.empty()) return {};
    const B& x = v[0];
    if (name == "percent") return multiply(x, real(Real(1) / 100));
    if (name == "degree") return multiply(x, real(pi() / 180));
    if (name == "sqrt") return square_root(x);
    if (name == "exp") return exponential(x);
    if (name == "ln") return logarithm(x);
    if (name == "log") {
      return v.size() == 1 ? divide(logarithm(x), logarithm(real(10)))
                           : divide(logarithm(v[1]), logarithm(x));
    }
    if (name == "Re") return checked({Status::ok, x.re, 0, x.error});
    if (name == "Im") return checked({Status::ok, x.im, 0, x.error});
    if (name == "conj" || name == "overline") return checked({Status::ok, x.re, -x.im, x.error});
    if (name == "abs") {
      return x.im == 0 ? B{Status::ok, x.re < 0 ? -x.re : x.re, 0, x.error}
                       : square_root(checked(
                             {Status::ok, x.re * x.re + x.im * x.im, 0, 2 * size_of(x) * x.error}));
    }
    if (name == "root" && v.size() == 2) return nth_root(node, v[1]);
    B trig = trigonometric(name, x);
    if (trig.status != Status::unknown || is_trigonometric_) return trig;
    return exact_or_unknown(node, v);
  }

  B nth_root(const Node& node, const B& x) {
    const Exact n = small(node.children[0]);
    if (n.status != Status::ok || n.im != 0 || n.re == 0) return {};
    return raise_exactly(x, 1 / n.re);
  }

  // Functions of integers have been tried exactly; functions nobody knows get a number of their
  // own.
  B exact_or_unknown(const Node& node, const std::vector<B>& v) {
    const Exact exact = exactly(node);
    if (exact.status == Status::ok) {
      return {Status::ok, to_real<Real>(exact.re), to_real<Real>(exact.im),
              size_of(to_real<Real>(exact.re)) * epsilon<Real>};
    }
    if (exact.status == Status::undefined) return undefined();
    static const std::set<std::string, std::less<>> of_integers = {"factorial", "double_factorial",
                                                                   "binom",     "permutations",
                                                                   "gcd",       "lcm",
                                                                   "pmod",      "mod",
                                                                   "max",       "min",
                                                                   "floor",     "ceil",
                                                                   "sgn",       "arg"};
    const std::string& name = node.name;
    if (name == "max" || name == "min") {
      const B* best = &v[0];
      for (const B& one : v) best = (name == "max") == (one.re > best->re) ? &one : best;
      return *best;
    }
    if (name == "floor" || name == "ceil") return rounded(v[0], name == "ceil");
    if (of_integers.contains(name)) return {};
    std::uint64_t seed = hash_of(name, 78);
    for (const B& one : v) {
      const double re = to_double(one.re);
      const double im = to_double(one.im);
      if (std::fabs(re) > 1e9 || std::fabs(im) > 1e9) return {};
      seed = hash_of(std::to_string(std::llround(re * 1e8 + 0.2)) + "," +
                         std::to_string(std::llround(im * 1e8 + 0.2)),
                     seed);
    }
    return real(Real(static_cast<double>(seed % 100'003) + 2) / 1009);
  }

  static double to_double(double value) { return value; }
  static double to_double(const Long& value) { return value.template convert_to<double>(); }

  static B rounded(const B& x, bool up) {
    using std::floor;
    if (x.im != 0) return {};
    const Real low = floor(x.re);
    // Too near to an integer to say which side.
    if (size_of(Real(x.re - low)) <= x.error || size_of(Real(low + 1 - x.re)) <= x.error) return {};
    return real(up ? low + 1 : low);
  }

  B trigonometric(const std::string& name, const B& x) {
    static const std::set<std::string, std::less<>> names = {
        "sin",    "cos",    "tan",     "cot",     "sec",    "csc",  "arcsin",
        "arccos", "arctan", "arccot",  "arcsec",  "arccsc", "sinh", "cosh",
        "tanh",   "coth",   "arcsinh", "arccosh", "arctanh"};
    is_trigonometric_ = names.contains(name);
    if (!is_trigonometric_ || size_of(x) > 1e6) return {};
    const bool hyperbolic = name.back() == 'h';
    if (name.starts_with("arc")) return x.im == 0 ? inverse(name, x) : B{};
    if ((name == "sin" || name == "cos") && x.im == 0) {
      const auto value = elementary(name == "sin" ? Elementary::sin : Elementary::cos, x.re);
      return value ? checked({Status::ok, *value, 0, x.error + epsilon<Real>}) : B{};
    }
    B s;
    B c;
    if (hyperbolic) {
      const B up = exponential(x);
      const B down = divide(real(1), up);
      s = multiply(plus(up, negated(down)), real(Real(1) / 2));
      c = multiply(plus(up, down), real(Real(1) / 2));
    } else {
      sine_and_cosine(x, s, c);
    }
    is_trigonometric_ = true;
    const std::string_view base = std::string_view(name).substr(0, 3);
    if (base == "sin") return s;
    if (base == "cos") return hyperbolic || name == "cos" ? c : B{};
    if (base == "tan") return divide(s, c);
    if (base == "cot") return divide(c, s);
    return divide(real(1), base == "sec" ? c : s);
  }

  void sine_and_cosine(const B& x, B& s, B& c) {
    if (x.im != 0) {
      const B turned = multiply(x, {Status::ok, 0, 1, 0});
      const B up = exponential(turned);
      const B down = exponential(negated(turned));
      s = multiply(plus(up, negated(down)), {Status::ok, 0, Real(-1) / 2, 0});
      c = multiply(plus(up, down), real(Real(1) / 2));
      return;
    }
    const double error = x.error + epsilon<Real>;
    const auto sine = elementary(Elementary::sin, x.re);
    const auto cosine = elementary(Elementary::cos, x.re);
    s = sine ? checked({Status::ok, *sine, 0, error}) : B{};
    c = cosine ? checked({Status::ok, *cosine, 0, error}) : B{};
  }

  B inverse(const std::string& name, const B& x) {
    using std::log;
    using std::sqrt;
    if (name == "arcsec" || name == "arccsc") {
      return inverse(name == "arcsec" ? "arccos" : "arcsin", divide(real(1), x));
    }
    const auto arc = [&](Elementary which, const Real& at, double error) -> B {
      const auto value = elementary(which, at);
      return value ? checked({Status::ok, *value, 0, error}) : B{};
    };
    if (name == "arctan") return arc(Elementary::atan, x.re, x.error);
    if (name == "arccot")
      return plus(real(pi() / 2), negated(arc(Elementary::atan, x.re, x.error)));
    const double size = size_of(x.re);
    if (name == "arcsin" || name == "arccos") {
      if (size > 1 + x.error) return undefined();
      const double slope = 1 / std::sqrt(std::max(1 - size * size, x.error + 1e-300));
      const Real inside = x.re > 1 ? Real(1) : x.re < -1 ? Real(-1) : x.re;
      return arc(name == "arcsin" ? Elementary::asin : Elementary::acos, inside, x.error * slope);
    }
    if (!spend(4)) return {};
    if (name == "arcsinh") {
      return checked(
          {Status::ok, log(x.re + sqrt(x.re * x.re + 1)), 0, x.error * 2 + epsilon<Real> * 4});
    }
    if (name == "arccosh") {
      if (x.re < 1) return undefined();
      return checked({Status::ok, log(x.re + sqrt(x.re * x.re - 1)), 0,
                      x.error * 4 / std::sqrt(std::max(size - 1, 1e-12))});
    }
    if (size >= 1) return undefined();
    return checked({Status::ok, log((1 + x.re) / (1 - x.re)) / 2, 0, x.error / (1 - size) * 2});
  }

  B determinant(const Node& matrix) {
    const auto n = static_cast<std::size_t>(matrix.rows);
    if (n * n != matrix.children.size() || n > 4) return {};
    std::vector<B> cells;
    for (const Node& child : matrix.children) cells.push_back((*this)(child));
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < n; ++i) columns.push_back(i);
    return minor(cells, n, columns);
  }

  B minor(const std::vector<B>& cells, std::size_t n, const std::vector<std::size_t>& columns) {
    const std::size_t row = n - columns.size();
    if (columns.size() == 1) return cells[row * n + columns[0]];
    B total = real(0);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      std::vector<std::size_t> rest = columns;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
      if (!budget_.spend(2 * operation_ns<Real>)) return {};
      const B term = multiply(cells[row * n + columns[i]], minor(cells, n, rest));
      total = plus(total, i % 2 == 0 ? term : negated(term));
    }
    return total;
  }

  B series(const Node& node) {
    const Exact from = small(node.children[1]);
    const Exact to = small(node.children[2]);
    if (from.status != Status::ok || to.status != Status::ok) return {};
    if (denominator(from.re) != 1 || denominator(to.re) != 1 || to.re - from.re > terms_max)
      return {};
    B total = real(node.name == "sum" ? 0 : 1);
    const std::string& name = node.children[0].name;
    const auto kept = point_.bound;
    for (Rational i = from.re; i <= to.re && total.status == Status::ok; i += 1) {
      if (!budget_.spend(call_ns)) return {};
      point_.bound[name] = i;
      const B term = (*this)(node.children[3]);
      total = node.name == "sum" ? plus(total, term) : multiply(total, term);
    }
    point_.bound = kept;
    return total;
  }

  struct Known {
    Elementary which;
    Real at;
    Real value;
  };

  Point& point_;
  Budget& budget_;
  std::vector<Known> known_;
  bool is_trigonometric_ = false;
};

template <class Real>
bool is_real(const Ball<Real>& value) {
  return size_of(value.im) <= value.error * 4;
}

template <class Real>
Measured compare(const Node& a, const Node& b, Point& point, Budget& budget) {
  Evaluator<Real> evaluate(point, budget);
  const Ball<Real> x = evaluate(a);
  if (x.status != Status::ok) return {.undefined = x.status == Status::undefined};
  const Ball<Real> y = evaluate(b);
  if (y.status != Status::ok) return {.undefined = y.status == Status::undefined};
  Measured measured{.a_real = is_real(x), .b_real = is_real(y)};
  const double gap = size_of(Real(x.re - y.re)) + size_of(Real(x.im - y.im));
  const double error = (x.error + y.error) * 4;
  const double scale = std::max({size_of(x), size_of(y), 1e-30});
  if (gap > error) {
    measured.agreement = Agreement::apart;
  } else if (error <= scale * 1e-9 || error <= 1e-20) {
    measured.agreement = Agreement::close;
  }
  return measured;
}

}  // namespace

Numeric evaluate_numeric(const Node& node, Point& point, Budget& budget, double negligible) {
  const Ball<double> fast = Evaluator<double>(point, budget)(node);
  const bool precise = fast.error <= 1e-11 * (size_of(fast) + 1e-3);
  if (fast.status != Status::unknown && (precise || size_of(fast) + fast.error < negligible)) {
    return {fast.status, fast.re, fast.im, fast.error};
  }
  const Ball<Long> slow = Evaluator<Long>(point, budget)(node);
  return {slow.status, slow.re.convert_to<double>(), slow.im.convert_to<double>(), slow.error};
}

std::optional<double> estimate_numeric(const Node& node, Point& point, Budget& budget) {
  const Ball<double> value = Evaluator<double>(point, budget)(node);
  if (value.status != Status::ok) return std::nullopt;
  return value.re + value.im;
}

Measured compare_numeric(const Node& a, const Node& b, Point& point, Precision precision,
                         Budget& budget) {
  return precision == Precision::fast ? compare<double>(a, b, point, budget)
                                      : compare<Long>(a, b, point, budget);
}

}  // namespace assay::math
