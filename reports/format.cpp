#include "reports/format.h"

#include <cmath>
#include <ctime>

#include <fmt/core.h>

namespace assay {

std::string format_count(std::int64_t count) {
  std::string digits = std::to_string(count);
  const std::size_t sign = count < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > sign + 3; at -= 3) {
    digits.insert(at - 3, ",");
  }
  return digits;
}

std::string format_percent(double share) {
  return fmt::format("{:.1f} %", share * 100);
}

std::string format_interval(const Interval& interval) {
  return fmt::format("{:.1f}–{:.1f} %", interval.low * 100, interval.high * 100);
}

std::string format_seconds(double seconds) {
  if (!std::isfinite(seconds)) {
    return "–";
  }
  if (std::abs(seconds) < 0.001) {
    return fmt::format("{:.0f} µs", seconds * 1e6);
  }
  if (std::abs(seconds) < 0.9995) {
    return seconds < 0.00995 ? fmt::format("{:.2f} ms", seconds * 1e3)
                             : fmt::format("{:.0f} ms", seconds * 1e3);
  }
  if (seconds < 99.95) {
    return seconds < 9.995 ? fmt::format("{:.2f} s", seconds) : fmt::format("{:.1f} s", seconds);
  }
  const auto whole = static_cast<std::int64_t>(std::llround(std::min(seconds, 1e12)));
  if (whole < 3600) {
    return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  }
  return fmt::format("{} h {:02} min", format_count(whole / 3600), whole % 3600 / 60);
}

std::string format_number(double value) {
  if (!std::isfinite(value)) {
    return "–";
  }
  const double size = std::abs(value);
  if (size >= 999.5 && size < 9e18) {
    return format_count(std::llround(value));
  }
  if (value == std::floor(value) && size < 1000) {
    return fmt::format("{:.0f}", value);
  }
  return size >= 99.95    ? fmt::format("{:.0f}", value)
         : size >= 9.995  ? fmt::format("{:.1f}", value)
         : size >= 0.9995 ? fmt::format("{:.2f}", value)
                          : fmt::format("{:.3g}", value);
}

std::string format_usd(double usd) {
  if (usd >= 999.5) {
    return "$" + format_number(usd);
  }
  return usd == 0 || usd >= 0.995 ? fmt::format("${:.2f}", usd) : fmt::format("${:.2g}", usd);
}

std::string format_time(double seconds_since_1970) {
  const auto whole = static_cast<std::time_t>(seconds_since_1970);
  std::tm parts{};
  if (gmtime_r(&whole, &parts) == nullptr) {
    return "–";
  }
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string format_percent_or_dash(const std::optional<Score>& score) {
  return score ? format_percent(score->mean) : "–";
}

}  // namespace assay
