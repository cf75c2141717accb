// Whatever a model writes, its answer is found or not, and never longer than an answer may be.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "suites/math/boxed.h"
#include "suites/math/choice.h"
#include "suites/math/extraction.h"
#include "suites/math/gsm8k.h"
#include "tests/fuzz/quick.h"

namespace {

void expect(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void check(const assay::math::Extraction& found) {
  expect(found.text.size() <= assay::math::answer_bytes_max);
  expect(!found.how.empty());
  expect(found.text.empty() == (found.absence != assay::math::Absence::none));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, size_t size) {
  namespace math = assay::math;
  const std::string text(bytes, bytes + size);
  expect_quick([&] { check(math::final_answer(text)); });
  check(math::final_answer(text, /*cut_off=*/true));
  check(math::extract_hendrycks(text));
  check(math::extract_minerva(text));
  check(math::extract_prm800k(text));
  check(math::extract_boxed(text));
  check(math::extract_aime(text));
  check(math::extract_simple_evals(text));
  expect_quick([&] { math::extract_math_verify(text); });
  const auto candidates = math::extract_math_verify(text);
  expect(candidates.size() <= math::candidates_max);
  for (const math::Extraction& candidate : candidates) {
    check(candidate);
  }
  for (const math::Box& box : math::boxes(text)) {
    expect(box.begin < box.end && box.end <= text.size());
  }
  static const std::vector<std::string> options = {"12", "$\\frac{1}{2}$", "two words", "A"};
  for (const std::string& convention : math::choice_conventions()) {
    const char letter = math::read_choice(convention, text, options).letter;
    expect(letter == 0 || (letter >= 'A' && letter <= 'Z'));
  }
  for (const std::string& convention : assay::gsm8k_conventions()) {
    assay::read_gsm8k(convention, text, "18");
  }
  return 0;
}
