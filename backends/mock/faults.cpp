#include "backends/mock/faults.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "harness/error.h"

namespace assay {

namespace {

constexpr auto names = std::to_array<std::pair<std::string_view, double FaultRates::*>>({
    {"rate_limited", &FaultRates::rate_limited},
    {"server_error", &FaultRates::server_error},
    {"disconnect_before", &FaultRates::disconnect_before},
    {"disconnect_mid", &FaultRates::disconnect_mid},
    {"truncated", &FaultRates::truncated},
    {"malformed", &FaultRates::malformed},
    {"wrong_types", &FaultRates::wrong_types},
    {"endless", &FaultRates::endless},
    {"oversized", &FaultRates::oversized},
    {"content_filter", &FaultRates::content_filter},
});

double rate_of(std::string_view text) {
  double rate = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  return error == std::errc() && end == text.data() + text.size() ? rate : -1;
}

}  // namespace

void set_fault_rate(FaultRates& rates, const std::string& name_and_rate) {
  const std::string_view text = name_and_rate;
  const std::size_t equals = std::min(text.find('='), text.size());
  const double rate = equals < text.size() ? rate_of(text.substr(equals + 1)) : -1;
  std::string known;
  double sum = 0;
  bool found = false;
  for (const auto& [name, member] : names) {
    if (name == text.substr(0, equals) && rate >= 0) {
      rates.*member = rate;
      found = true;
    }
    sum += rates.*member;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  if (!found) {
    throw UserError(
        fmt::format("--fault: '{}' is not of the form kind=rate; kinds: {}", text, known));
  }
  if (sum > 1) {
    throw UserError(fmt::format("--fault: the rates add up to {}, more than 1", sum));
  }
}

}  // namespace assay
