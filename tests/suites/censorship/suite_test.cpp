#include "suites/censorship/suite.h"

#include "tests/catch.h"

using namespace assay;              // NOLINT(google-build-using-namespace)
using namespace assay::censorship;  // NOLINT(google-build-using-namespace)

namespace {

class Echo : public Grader {
 public:
  Verdict grade(const Question& question, const Response& response) const override {
    return {.value = 1, .label = "complete", .extracted = question.id + response.text};
  }
};

}  // namespace

TEST_CASE("a probe is asked as it stands, without a system prompt") {
  const auto suite = make_suite("censorship/x", "summary", {{.id = "a", .text = "问？"}},
                                std::make_shared<Echo>());
  REQUIRE(suite->questions().size() == 1);
  const Prompt prompt = suite->prompt(suite->questions()[0]);
  REQUIRE(prompt.messages.size() == 1);
  CHECK(prompt.messages[0] == Message{Role::user, "问？"});
  CHECK(suite->info().name == "censorship/x");
  CHECK(suite->info().samples == 1);
  CHECK(suite->info().sampling.temperature == 0.6);
  CHECK(suite->grader().grade(suite->questions()[0], {.text = "b"}).extracted == "ab");
}
