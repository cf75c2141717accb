#include "reports/format.h"

#include <cmath>

#include "tests/catch.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

TEST_CASE("counts have thousands separators") {
  CHECK(format_count(0) == "0");
  CHECK(format_count(999) == "999");
  CHECK(format_count(1319) == "1,319");
  CHECK(format_count(-1234567) == "-1,234,567");
}

TEST_CASE("shares are percentages with one decimal") {
  CHECK(format_percent(0.84213) == "84.2 %");
  CHECK(format_percent(1) == "100.0 %");
  CHECK(format_interval({.low = 0.821, .high = 0.861}) == "82.1–86.1 %");
  CHECK(format_percent_or_dash(std::nullopt) == "–");
}

TEST_CASE("times keep about three digits whatever their size") {
  CHECK(format_seconds(0.000012) == "12 µs");
  CHECK(format_seconds(0.00512) == "5.12 ms");
  CHECK(format_seconds(0.34) == "340 ms");
  CHECK(format_seconds(1.234) == "1.23 s");
  CHECK(format_seconds(12.34) == "12.3 s");
  CHECK(format_seconds(125) == "2 min 05 s");
  CHECK(format_seconds(11520) == "3 h 12 min");
  CHECK(format_seconds(std::nan("")) == "–");
}

TEST_CASE("money keeps its small change") {
  CHECK(format_usd(0.000123) == "$0.00012");
  CHECK(format_usd(3.2) == "$3.20");
  CHECK(format_usd(1204.4) == "$1,204");
  CHECK(format_usd(0) == "$0.00");
}

TEST_CASE("numbers keep about three digits") {
  CHECK(format_number(1230.4) == "1,230");
  CHECK(format_number(79.04) == "79.0");
  CHECK(format_number(7) == "7");
  CHECK(format_number(0.01234) == "0.0123");
}

TEST_CASE("times of day are UTC") {
  CHECK(format_time(1'760'000'000) == "2025-10-09 08:53:20 UTC");
  CHECK(format_time(0) == "1970-01-01 00:00:00 UTC");
}
