// Numbers and times as people read them. Every text is ASCII or a Unicode dash, never markup.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/statistics.h"

namespace assay {

std::string format_count(std::int64_t count);  // 1,319
std::string format_percent(double share);      // 0.8421 -> "84.2 %"
std::string format_interval(const Interval&);  // "82.1–86.1 %"
std::string format_seconds(double seconds);    // "340 ms", "1.23 s", "2 min 05 s", "3 h 12 min"
std::string format_usd(double usd);            // "$0.00012", "$3.20", "$1,204"
std::string format_number(double value);       // three significant digits, "1,230", "0.0123"
std::string format_time(double seconds_since_1970);  // "2026-11-21 23:45:10 UTC"
std::string format_percent_or_dash(const std::optional<Score>& score);

}  // namespace assay
