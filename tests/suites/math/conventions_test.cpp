#include "suites/math/conventions.h"

#include <set>
#include <string>

#include "harness/error.h"
#include "tests/catch.h"

using namespace assay;
using math::Decision;

namespace {

Decision decide(const char* name, const std::string& response, const std::string& gold) {
  return math::judge(math::convention(name), response, gold).decision;
}

}  // namespace

TEST_CASE("every convention has a policy and a name of its own") {
  std::set<std::string_view> names;
  for (const math::Convention& one : math::conventions()) {
    CHECK(names.insert(one.name).second);
    CHECK_NOTHROW(math::policy_of(one.name));
  }
  for (const char* name : {"hendrycks", "minerva", "prm800k", "boxed", "simple-evals", "mlperf-r1",
                           "math-verify", "strict"}) {
    CHECK(names.contains(name));
  }
  CHECK_THROWS_WITH(math::convention("exact"), Catch::StartsWith("--policy: 'exact' is none of"));
  CHECK_THROWS_AS(math::policy_of("exact"), UserError);
}

TEST_CASE("conventions part ways where the field does") {
  // Who reads beyond the box.
  CHECK(decide("final-answer", "The answer is 5.", "5") == Decision::equal);
  CHECK(decide("boxed", "The answer is 5.", "5") == Decision::different);
  CHECK(decide("simple-evals", "Answer: 5", "5") == Decision::equal);
  CHECK(decide("simple-evals", "\\boxed{5}", "5") == Decision::different);
  CHECK(decide("minerva", "Final Answer: The final answer is $5$. I hope it is correct.", "5") ==
        Decision::equal);
  CHECK(decide("math-verify", "so it is $5$", "5") == Decision::equal);
  // Strings against values.
  CHECK(decide("hendrycks", "\\boxed{x^2-1}", "(x-1)(x+1)") == Decision::different);
  CHECK(decide("boxed", "\\boxed{x^2-1}", "(x-1)(x+1)") == Decision::equal);
  CHECK(decide("prm800k", "\\boxed{\\frac{2}{4}}", "\\frac{1}{2}") == Decision::different);
  CHECK(decide("boxed", "\\boxed{\\frac{2}{4}}", "\\frac{1}{2}") == Decision::equal);
  // Contest integers.
  CHECK(decide("mlperf-r1-aime", "\\boxed{042}", "42") == Decision::equal);
  CHECK(decide("mlperf-r1-aime", "\\boxed{x = 42}", "42") == Decision::different);
}

TEST_CASE("a judgement says what was taken and what decided") {
  const math::Judged judged =
      math::judge(math::convention("final-answer"), "Thus $x=\\boxed{\\frac{1}{2}}$.", "0.5");
  CHECK(judged.found);
  CHECK(judged.decision == Decision::equal);
  CHECK(judged.extracted == "\\frac{1}{2}");
  CHECK(judged.reason.starts_with("last \\boxed: "));
  CHECK_FALSE(judged.vote.empty());
  const math::Judged none = math::judge(math::convention("boxed"), "no box", "0.5");
  CHECK_FALSE(none.found);
  CHECK(none.vote.empty());
  CHECK_FALSE(none.reason.empty());
}

TEST_CASE("votes of equal answers fall together") {
  const auto vote = [](const std::string& text) {
    return math::judge(math::convention("final-answer"), text, "1").vote;
  };
  CHECK(vote("\\boxed{\\frac{1}{2}}") == vote("The answer is 0.5."));
  CHECK(vote("\\boxed{2}") != vote("\\boxed{3}"));
}

TEST_CASE("a long text is shortened at a character") {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "答";
  }
  CHECK(math::shortened(text).size() <= 203);
  CHECK(math::shortened(" a\nb") == "a");
}
