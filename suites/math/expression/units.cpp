#include "suites/math/expression/units.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <unordered_map>
#include <utility>

#include "suites/math/expression/clean.h"

namespace assay::math {
namespace {

struct Entry {
  std::string_view dimension;
  std::int64_t top = 1;
  std::int64_t bottom = 1;
};

const std::unordered_map<std::string_view, Entry>& table() {
  static const std::unordered_map<std::string_view, Entry> units = {
      {"mm", {"length", 1, 1000}},
      {"millimeter", {"length", 1, 1000}},
      {"millimetre", {"length", 1, 1000}},
      {"cm", {"length", 1, 100}},
      {"centimeter", {"length", 1, 100}},
      {"centimetre", {"length", 1, 100}},
      {"dm", {"length", 1, 10}},
      {"decimeter", {"length", 1, 10}},
      {"meter", {"length"}},
      {"metre", {"length"}},
      {"km", {"length", 1000}},
      {"kilometer", {"length", 1000}},
      {"kilometre", {"length", 1000}},
      {"inch", {"length", 254, 10000}},
      {"foot", {"length", 3048, 10000}},
      {"ft", {"length", 3048, 10000}},
      {"feet", {"length", 3048, 10000}},
      {"yard", {"length", 9144, 10000}},
      {"yd", {"length", 9144, 10000}},
      {"mile", {"length", 1609344, 1000}},
      {"mi", {"length", 1609344, 1000}},
      {"nm", {"length", 1, 1000000000}},
      {"毫米", {"length", 1, 1000}},
      {"厘米", {"length", 1, 100}},
      {"分米", {"length", 1, 10}},
      {"米", {"length"}},
      {"千米", {"length", 1000}},
      {"公里", {"length", 1000}},
      {"mg", {"mass", 1, 1000}},
      {"milligram", {"mass", 1, 1000}},
      {"gram", {"mass"}},
      {"kg", {"mass", 1000}},
      {"kilogram", {"mass", 1000}},
      {"ton", {"mass", 1000000}},
      {"tonne", {"mass", 1000000}},
      {"pound", {"mass", 45359237, 100000}},
      {"lb", {"mass", 45359237, 100000}},
      {"ounce", {"mass", 45359237, 1600000}},
      {"oz", {"mass", 45359237, 1600000}},
      {"克", {"mass"}},
      {"千克", {"mass", 1000}},
      {"公斤", {"mass", 1000}},
      {"吨", {"mass", 1000000}},
      {"ms", {"time", 1, 1000}},
      {"second", {"time"}},
      {"sec", {"time"}},
      {"minute", {"time", 60}},
      {"min", {"time", 60}},
      {"hour", {"time", 3600}},
      {"hr", {"time", 3600}},
      {"day", {"time", 86400}},
      {"week", {"time", 604800}},
      {"month", {"month"}},
      {"year", {"month", 12}},
      {"yr", {"month", 12}},
      {"decade", {"month", 120}},
      {"century", {"month", 1200}},
      {"秒", {"time"}},
      {"分钟", {"time", 60}},
      {"小时", {"time", 3600}},
      {"天", {"time", 86400}},
      {"周", {"time", 604800}},
      {"月", {"month"}},
      {"年", {"month", 12}},
      {"ml", {"length^3", 1, 1000000}},
      {"milliliter", {"length^3", 1, 1000000}},
      {"liter", {"length^3", 1, 1000}},
      {"litre", {"length^3", 1, 1000}},
      {"cc", {"length^3", 1, 1000000}},
      {"毫升", {"length^3", 1, 1000000}},
      {"升", {"length^3", 1, 1000}},
      {"gallon", {"gallon"}},
      {"gal", {"gallon"}},
      {"quart", {"gallon", 1, 4}},
      {"pint", {"gallon", 1, 8}},
      {"hectare", {"length^2", 10000}},
      {"acre", {"acre"}},
      {"mph", {"length*time^-1", 1609344, 3600000}},
      {"kph", {"length*time^-1", 1000, 3600}},
      {"kmh", {"length*time^-1", 1000, 3600}},
      {"mpg", {"gallon^-1*length", 1609344, 1000}},
      {"rpm", {"?revolutions*time^-1", 1, 60}},
      {"bpm", {"?beats*time^-1", 1, 60}},
      {"dollar", {"currency USD"}},
      {"usd", {"currency USD"}},
      {"cent", {"currency USD", 1, 100}},
      {"penny", {"currency USD", 1, 100}},
      {"euro", {"currency EUR"}},
      {"eur", {"currency EUR"}},
      {"yuan", {"currency CNY"}},
      {"rmb", {"currency CNY"}},
      {"cny", {"currency CNY"}},
      {"元", {"currency CNY"}},
      {"人民币", {"currency CNY"}},
      {"块", {"currency CNY"}},
      {"角", {"currency CNY", 1, 10}},
      {"美元", {"currency USD"}},
      {"yen", {"currency JPY"}},
      {"rupee", {"currency INR"}},
      {"gbp", {"currency GBP"}},
      {"hz", {"time^-1"}},
      {"newtonmeter", {"length^2*mass*time^-2", 1000}},
      {"newton", {"length*mass*time^-2", 1000}},
      {"joule", {"length^2*mass*time^-2", 1000}},
      {"watt", {"length^2*mass*time^-3", 1000}},
      {"volt", {"current^-1*length^2*mass*time^-3", 1000}},
      {"ampere", {"current"}},
      {"amp", {"current"}},
      {"ohm", {"current^-2*length^2*mass*time^-3", 1000}},
      {"pascal", {"length^-1*mass*time^-2", 1000}},
      {"bar", {"length^-1*mass*time^-2", 100000000}},
      {"atm", {"length^-1*mass*time^-2", 101325000}},
      {"kwh", {"length^2*mass*time^-2", 3600000000}},
      {"coulomb", {"current*time"}},
      {"tesla", {"current^-1*mass*time^-2", 1000}},
      {"weber", {"current^-1*length^2*mass*time^-2", 1000}},
      {"siemens", {"current^2*length^-2*mass^-1*time^3", 1, 1000}},
      {"farad", {"current^2*length^-2*mass^-1*time^4", 1, 1000}},
      {"henry", {"current^-2*length^2*mass*time^-2", 1000}},
      {"hertz", {"time^-1"}},
      {"kmol", {"amount", 1000}},
      {"mmol", {"amount", 1, 1000}},
      {"牛", {"length*mass*time^-2", 1000}},
      {"牛顿", {"length*mass*time^-2", 1000}},
      {"焦耳", {"length^2*mass*time^-2", 1000}},
      {"焦", {"length^2*mass*time^-2", 1000}},
      {"瓦", {"length^2*mass*time^-3", 1000}},
      {"伏", {"current^-1*length^2*mass*time^-3", 1000}},
      {"安", {"current"}},
      {"帕", {"length^-1*mass*time^-2", 1000}},
      {"摩尔", {"amount"}},
      {"kelvin", {"temperature K"}},
      {"mol", {"amount"}},
      {"mole", {"amount"}},
      {"calorie", {"length^2*mass*time^-2", 4184}},
      {"cal", {"length^2*mass*time^-2", 4184}},
      {"kcal", {"length^2*mass*time^-2", 4184000}},
      {"celsius", {"temperature C"}},
      {"fahrenheit", {"temperature F"}},
      {"radian", {""}},
      {"rad", {""}},
      {"unit", {""}},
      {"个", {""}},
      {"单位", {""}},
      {"个单位", {""}}};
  return units;
}

std::optional<Unit> exact(std::string_view word) {
  if (word == "electronvolt") {
    // 1.602176634e-19 J, in g m^2/s^2.
    return Unit{"length^2*mass*time^-2", Rational(Integer(1602176634), pow(Integer(10), 25))};
  }
  const auto found = table().find(word);
  if (found == table().end()) return std::nullopt;
  const Entry& entry = found->second;
  return Unit{std::string(entry.dimension), Rational(entry.top, entry.bottom)};
}

struct Prefix {
  std::string_view symbol;
  std::string_view word;
  int exponent = 0;  // of ten
};

constexpr std::array<Prefix, 10> prefixes = {{{"p", "pico", -12},
                                              {"n", "nano", -9},
                                              {"u", "micro", -6},
                                              {"m", "milli", -3},
                                              {"c", "centi", -2},
                                              {"d", "deci", -1},
                                              {"k", "kilo", 3},
                                              {"M", "mega", 6},
                                              {"G", "giga", 9},
                                              {"T", "tera", 12}}};

Unit prefixed(Unit unit, int exponent) {
  unit.size *= *power(Rational(10), exponent);
  return unit;
}

// Symbols whose case tells them apart, and the prefixes that are written to them: no others, for kT
// and mC are products as a rule.
std::optional<Unit> cased(std::string_view word) {
  struct Symbol {
    std::string_view symbol;
    std::string_view name;
    std::string_view prefixes;
  };
  static constexpr std::array<Symbol, 18> symbols = {{{"L", "liter", "u"},
                                                      {"eV", "electronvolt", "kMGT"},
                                                      {"Hz", "hertz", "kMGT"},
                                                      {"Pa", "pascal", "kMG"},
                                                      {"Wb", "weber", "mu"},
                                                      {"Nm", "newtonmeter", "k"},
                                                      {"W", "watt", "munkMG"},
                                                      {"J", "joule", "munkMG"},
                                                      {"N", "newton", "munkM"},
                                                      {"A", "ampere", "munk"},
                                                      {"V", "volt", "munkM"},
                                                      {"C", "coulomb", "unp"},
                                                      {"F", "farad", "munp"},
                                                      {"H", "henry", "mu"},
                                                      {"T", "tesla", "mu"},
                                                      {"m", "meter", "uMG"},
                                                      {"g", "gram", "uM"},
                                                      {"s", "second", "unp"}}};
  for (const auto& [symbol, name, allowed] : symbols) {
    if (!word.ends_with(symbol) || word.size() > symbol.size() + 1) continue;
    if (word.size() == symbol.size()) {
      if (word.size() == 1) continue;  // a letter: find_letter_unit()
      return exact(name);
    }
    if (allowed.find(word[0]) == std::string_view::npos) continue;
    for (const Prefix& prefix : prefixes) {
      if (prefix.symbol[0] == word[0]) return prefixed(*exact(name), prefix.exponent);
    }
  }
  return std::nullopt;
}

std::optional<Unit> chinese(std::string_view word) {
  for (const auto& [prefix, power] : {std::pair<std::string_view, int>{"平方", 2}, {"立方", 3}}) {
    if (!word.starts_with(prefix)) continue;
    auto unit = exact(word.substr(prefix.size()));
    if (!unit) return std::nullopt;
    return times({}, *unit, power);
  }
  return std::nullopt;
}

// "length^2*time^-1" to its factors.
std::map<std::string, int, std::less<>> factors_of(std::string_view dimension) {
  std::map<std::string, int, std::less<>> factors;
  while (!dimension.empty()) {
    const auto end = std::min(dimension.find('*'), dimension.size());
    const std::string_view factor = dimension.substr(0, end);
    const auto mark = factor.rfind('^');
    const bool raised = mark != std::string_view::npos;
    factors[std::string(factor.substr(0, mark))] +=
        raised ? std::atoi(std::string(factor.substr(mark + 1)).c_str()) : 1;
    dimension.remove_prefix(std::min(end + 1, dimension.size()));
  }
  return factors;
}

}  // namespace

Unit times(const Unit& unit, const Unit& other, int exponent) {
  auto factors = factors_of(unit.dimension);
  for (const auto& [name, power] : factors_of(other.dimension)) factors[name] += power * exponent;
  Unit product;
  for (const auto& [name, power] : factors) {
    if (power == 0) continue;
    if (!product.dimension.empty()) product.dimension += '*';
    product.dimension += name;
    if (power != 1) product.dimension += "^" + std::to_string(power);
  }
  const auto size = power(other.size, exponent);
  product.size = unit.size * (size ? *size : Rational(1));
  return product;
}

std::optional<Unit> meant_beside(const Unit& unit, const Unit& other) {
  struct Meaning {
    std::string_view symbol;
    std::string_view name;
  };
  static constexpr std::array<Meaning, 4> meanings = {{{"symbol C", "celsius"},
                                                       {"symbol C", "coulomb"},
                                                       {"symbol F", "fahrenheit"},
                                                       {"symbol F", "farad"}}};
  for (const auto& [symbol, name] : meanings) {
    if (unit.dimension != symbol) continue;
    if (auto meant = exact(name); meant->dimension == other.dimension) return meant;
  }
  // Pounds are a currency beside one.
  const auto pound = exact("pound");
  if (unit.dimension == pound->dimension && unit.size == pound->size &&
      other.dimension == "currency GBP")
    return Unit{other.dimension, 1};
  return std::nullopt;
}

std::optional<Unit> find_unit(std::string_view word) {
  if (auto unit = cased(word)) return unit;
  if (auto unit = chinese(word)) return unit;
  std::string name = lower(word);
  if (auto unit = exact(name)) return unit;
  if (name == "inches") return exact("inch");
  if (name == "pennies") return exact("penny");
  if (name == "centuries") return exact("century");
  if (name.size() > 2 && name.back() == 's') name.pop_back();
  if (auto unit = exact(name)) return unit;
  for (const Prefix& prefix : prefixes) {
    if (!name.starts_with(prefix.word)) continue;
    if (auto unit = exact(std::string_view(name).substr(prefix.word.size())))
      return prefixed(*unit, prefix.exponent);
  }
  return std::nullopt;
}

std::optional<Unit> find_micro_unit(char letter) {
  return cased({std::string{'u', letter}});
}

std::optional<Unit> find_letter_unit(char letter) {
  switch (letter) {
    case 'm':
      return Unit{"length", 1};
    case 's':
      return Unit{"time", 1};
    case 'h':
      return Unit{"time", 3600};
    case 'g':
      return Unit{"mass", 1};
    case 'L':
    case 'l':
      return Unit{"length^3", Rational(1, 1000)};
    case 'N':
      return Unit{"length*mass*time^-2", 1000};
    case 'J':
      return Unit{"length^2*mass*time^-2", 1000};
    case 'W':
      return Unit{"length^2*mass*time^-3", 1000};
    case 'V':
      return Unit{"current^-1*length^2*mass*time^-3", 1000};
    case 'A':
      return Unit{"current", 1};
    case 'K':
      return Unit{"temperature K", 1};
    case 'C':
      return Unit{"symbol C", 1};
    case 'F':
      return Unit{"symbol F", 1};
    default:
      return std::nullopt;
  }
}

}  // namespace assay::math
