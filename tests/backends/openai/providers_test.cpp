#include "backends/openai/providers.h"

#include <set>
#include <string>

#include "tests/catch.h"

TEST_CASE("every provider has a name of its own, a key variable and a usable base URL") {
  std::set<std::string_view> names;
  for (const assay::Provider& provider : assay::providers()) {
    INFO(provider.name);
    CHECK(names.insert(provider.name).second);
    CHECK(provider.key_variable.ends_with("_API_KEY"));
    CHECK_FALSE(provider.summary.empty());
    CHECK_FALSE(provider.base_url.ends_with('/'));
    const bool remote = provider.base_url.starts_with("https://");
    const bool local = provider.base_url.starts_with("http://127.0.0.1:");
    CHECK((remote || local || provider.base_url.empty()));
    CHECK(provider.key_required == !local);  // a key never travels in the clear
  }
  CHECK(assay::find_provider("deepseek")->key_variable == "DEEPSEEK_API_KEY");
  CHECK(assay::find_provider("nobody") == nullptr);
}
