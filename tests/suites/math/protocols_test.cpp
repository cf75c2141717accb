#include "suites/math/protocols.h"

#include "harness/error.h"
#include "tests/catch.h"

using namespace assay;
using math::Directive;

TEST_CASE("protocols are found by name, and the first stands for none") {
  CHECK(math::protocol("").name == "greedy");
  CHECK(math::protocol("r1").samples(30) == 64);
  CHECK(math::protocol("r1").samples(500) == 4);
  CHECK(math::protocol("v3-aime").sampling.temperature == 0.7);
  CHECK_THROWS_WITH(math::protocol("r2"), Catch::StartsWith("--protocol: 'r2' is none of greedy"));
}

TEST_CASE("a directive goes with the question in its language") {
  CHECK(math::directed("Q?", Directive::boxed, "en") ==
        "Q?\nPlease reason step by step, and put your final answer within \\boxed{}.");
  CHECK(math::directed("Q?", Directive::boxed, "zh").find("\\boxed{}") != std::string::npos);
  CHECK(math::directed("Q?", Directive::answer, "en").find("\n\nQ?\n\n") != std::string::npos);
  CHECK(math::directed("Q?", Directive::answer, "zh").ends_with("\n\nQ?"));
}
