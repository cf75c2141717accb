// Whatever the bytes are: no crash, no exception, and nothing that takes long.
#include <cstdint>
#include <string_view>

#include "suites/math/equivalence.h"
#include "tests/fuzz/quick.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace math = assay::math;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // The first line is the reference, the rest the answer; a text without lines meets itself.
  const std::size_t line = text.find('\n');
  const std::string_view gold = text.substr(0, line);
  const std::string_view answer = line == std::string_view::npos ? text : text.substr(line + 1);
  for (const math::Policy& policy : math::policies()) {
    expect_quick([&] { math::equivalent(gold, answer, policy); });
  }
  expect_quick([&] { math::vote_key(answer, math::policies().front()); });
  math::explain(gold, answer, math::policies().front());
  return 0;
}
