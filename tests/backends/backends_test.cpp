#include "backends/backends.h"

#include "harness/error.h"
#include "tests/catch.h"

TEST_CASE("the catalogue knows the providers, the mock and the replay") {
  assay::Catalogue catalogue;
  assay::add_backends(catalogue, "assay.db");
  for (const char* name : {"openai", "deepseek", "openrouter", "vllm", "mock", "replay"}) {
    CHECK(catalogue.backend(name).provider == name);
  }
  assay::ModelSpec spec = assay::parse_model("mock:");
  CHECK(catalogue.backend("mock").make(spec) != nullptr);
  CHECK_THROWS_AS(catalogue.backend("replay").make(assay::parse_model("replay:")),
                  assay::UserError);
}
