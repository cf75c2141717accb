// Whatever the bytes are: no crash, no exception, and nothing that takes long.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "suites/math/equivalence.h"

namespace {

// A millisecond, times what the sanitizers cost at most.
constexpr std::int64_t limit_ns = 40'000'000;

std::int64_t cpu_time_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

// Processor time, and the best of three: what else runs on the machine must not count.
void expect_quick(std::string_view gold, std::string_view answer,
                  const assay::math::Policy& policy) {
  std::int64_t best_ns = limit_ns + 1;
  for (int i = 0; i < 3 && best_ns > limit_ns; ++i) {
    const std::int64_t start = cpu_time_ns();
    assay::math::equivalent(gold, answer, policy);
    best_ns = std::min(best_ns, cpu_time_ns() - start);
  }
  if (best_ns > limit_ns) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // The first line is the reference, the rest the answer; a text without lines meets itself.
  const std::size_t line = text.find('\n');
  const std::string_view gold = text.substr(0, line);
  const std::string_view answer = line == std::string_view::npos ? text : text.substr(line + 1);
  for (const auto& policy : assay::math::policies()) expect_quick(gold, answer, policy);
  assay::math::vote_key(answer, assay::math::policies().front());
  assay::math::explain(gold, answer, assay::math::policies().front());
  return 0;
}
