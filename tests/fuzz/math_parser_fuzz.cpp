// Whatever the bytes are: no crash, no exception, and nothing that takes long.
#include <cstdint>
#include <string_view>

#include "suites/math/equivalence.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // The first line is the reference, the rest the answer; a text without lines meets itself.
  const std::size_t line = text.find('\n');
  const std::string_view gold = text.substr(0, line);
  const std::string_view answer = line == std::string_view::npos ? text : text.substr(line + 1);
  for (const auto& policy : assay::math::policies()) {
    assay::math::equivalent(gold, answer, policy);
  }
  assay::math::vote_key(answer, assay::math::policies().front());
  assay::math::explain(gold, answer, assay::math::policies().front());
  return 0;
}
