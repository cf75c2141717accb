#include "harness/catalogue.h"

#include "harness/error.h"
#include "tests/catch.h"

using assay::Catalogue;

namespace {

Catalogue small_catalogue() {
  Catalogue catalogue;
  catalogue.suites = {{.name = "math/gsm8k"}, {.name = "math/aime24"}, {.name = "code/mbpp"}};
  return catalogue;
}

}  // namespace

TEST_CASE("a model is provider:name, and the name may hold colons") {
  const assay::ModelSpec spec = assay::parse_model("openai:org/model:7b");
  CHECK(spec.provider == "openai");
  CHECK(spec.name == "org/model:7b");
  CHECK(assay::parse_model("mock:").name.empty());
  CHECK_THROWS_AS(assay::parse_model("gpt-4o"), assay::UserError);
  CHECK_THROWS_AS(assay::parse_model(":gpt-4o"), assay::UserError);
}

TEST_CASE("a folder stands for all its suites") {
  const Catalogue catalogue = small_catalogue();
  CHECK(catalogue.suites_matching("math").size() == 2);
  CHECK(catalogue.suites_matching("math/*").size() == 2);
  CHECK(catalogue.suites_matching("code/mbpp").size() == 1);
}

TEST_CASE("an unknown name is answered with what there is") {
  const Catalogue catalogue = small_catalogue();
  CHECK_THROWS_WITH(catalogue.suites_matching("mat"),
                    Catch::Contains("math/gsm8k, math/aime24, code/mbpp"));
}
