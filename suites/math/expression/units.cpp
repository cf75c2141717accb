#include "suites/math/expression/units.h"

#include <unordered_map>

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
      {"hectare", {"length^2", 10000}},
      {"acre", {"acre"}},
      {"mph", {"length/time", 1609344, 3600000}},
      {"kph", {"length/time", 1000, 3600}},
      {"kmh", {"length/time", 1000, 3600}},
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
      {"hz", {"1/time"}},
      {"khz", {"1/time", 1000}},
      {"mhz", {"1/time", 1000000}},
      {"newton", {"force"}},
      {"kn", {"force", 1000}},
      {"joule", {"energy"}},
      {"kj", {"energy", 1000}},
      {"watt", {"power"}},
      {"kw", {"power", 1000}},
      {"volt", {"voltage"}},
      {"ampere", {"current"}},
      {"amp", {"current"}},
      {"ma", {"current", 1, 1000}},
      {"ohm", {"resistance"}},
      {"pascal", {"pressure"}},
      {"pa", {"pressure"}},
      {"kpa", {"pressure", 1000}},
      {"kelvin", {"temperature K"}},
      {"mol", {"amount"}},
      {"mole", {"amount"}},
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
  const auto found = table().find(word);
  if (found == table().end()) return std::nullopt;
  const Entry& entry = found->second;
  return Unit{std::string(entry.dimension), Rational(entry.top, entry.bottom)};
}

std::optional<Unit> chinese(std::string_view word) {
  for (const auto& [prefix, power] : {std::pair<std::string_view, int>{"平方", 2}, {"立方", 3}}) {
    if (!word.starts_with(prefix)) continue;
    auto unit = exact(word.substr(prefix.size()));
    if (!unit) return std::nullopt;
    if (unit->dimension.empty()) return unit;
    unit->dimension += power == 2 ? "^2" : "^3";
    unit->size = *math::power(unit->size, power);
    return unit;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Unit> find_unit(std::string_view word) {
  if (auto unit = chinese(word)) return unit;
  std::string name = lower(word);
  if (auto unit = exact(name)) return unit;
  if (name == "inches") return exact("inch");
  if (name == "pennies") return exact("penny");
  if (name == "centuries") return exact("century");
  if (name.size() > 3 && name.back() == 's') {
    name.pop_back();
    return exact(name);
  }
  return std::nullopt;
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
      return Unit{"force", 1};
    case 'J':
      return Unit{"energy", 1};
    case 'W':
      return Unit{"power", 1};
    case 'V':
      return Unit{"voltage", 1};
    case 'A':
      return Unit{"current", 1};
    case 'K':
      return Unit{"temperature K", 1};
    case 'C':
      return Unit{"temperature C", 1};
    case 'F':
      return Unit{"temperature F", 1};
    default:
      return std::nullopt;
  }
}

}  // namespace assay::math
