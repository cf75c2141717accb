#include "harness/prices.h"

#include <filesystem>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using assay::PriceList;
using assay::ScratchFile;
using assay::Usage;
namespace fs = std::filesystem;

namespace {

ScratchFile file_of(const std::string& rows) {
  return ScratchFile("provider,model,input,cached_input,output,valid,source,note\n" + rows);
}

PriceList bundled() {
  PriceList prices;
  prices.add(fs::path(ASSAY_SOURCE_DIR) / "data/prices.csv");
  return prices;
}

}  // namespace

TEST_CASE("an answer costs its prompt, its cached prompt and its output") {
  const PriceList prices = bundled();
  const Usage usage{.prompt_tokens = 1'000'000,
                    .completion_tokens = 500'000,
                    .reasoning_tokens = 400'000,
                    .cached_tokens = 200'000};
  CHECK(prices.cost_usd("deepseek", "deepseek-reasoner", usage).value() ==
        Approx(0.8 * 0.55 + 0.2 * 0.14 + 0.5 * 2.19));
  // o1 has no price for cached tokens in the list: they are charged in full.
  CHECK(prices.cost_usd("openai", "o1", usage).value() == Approx(15 + 30));
  CHECK_FALSE(prices.find("deepseek", "deepseek-chat")->source.empty());
  CHECK_FALSE(prices.find("deepseek", "deepseek-chat")->valid.empty());
}

TEST_CASE("an unknown model, or tokens that were not counted, have no cost rather than none") {
  const PriceList prices = bundled();
  CHECK_FALSE(prices.cost_usd("mock", "", {.prompt_tokens = 1, .completion_tokens = 1}));
  CHECK_FALSE(prices.cost_usd("openai", "o1", {.prompt_tokens = 1}));
  CHECK_FALSE(prices.cost_usd("openai", "o1", {}));
}

TEST_CASE("counts that contradict each other never give a negative cost") {
  const PriceList prices = bundled();
  const Usage usage{.prompt_tokens = 10, .completion_tokens = -5, .cached_tokens = 50};
  CHECK(prices.cost_usd("deepseek", "deepseek-chat", usage).value() == Approx(10 * 0.07 / 1e6));
}

TEST_CASE("a user's price replaces the bundled one") {
  const ScratchFile file =
      file_of("openai,o1,1,0.5,2,2026,\"our contract, page 2\",\nown,m,0,,0,,,\n");
  PriceList prices = bundled();
  prices.add(file.path());
  CHECK(prices.find("openai", "o1")->source == "our contract, page 2");
  const Usage usage{.prompt_tokens = 1'000'000, .completion_tokens = 1'000'000};
  CHECK(prices.cost_usd("openai", "o1", usage).value() == Approx(3));
  CHECK(prices.cost_usd("own", "m", usage).value() == 0);
  CHECK(prices.find("openai", "o1-mini") != nullptr);
}

TEST_CASE("a price that is none is refused with file and line") {
  for (const char* row : {"openai,o1,dear,,2,,,\n", "openai,o1,-1,,2,,,\n", "openai,o1,1,,nan,,,\n",
                          ",o1,1,,2,,,\n", "openai,o1,1\n", "openai,o1,1,,2,,,,,\n"}) {
    const ScratchFile file = file_of(row);
    PriceList prices;
    INFO(row);
    CHECK_THROWS_AS(prices.add(file.path()), assay::UserError);
    CHECK_THROWS_WITH(prices.add(file.path()), Catch::Contains(file.path().string()));
  }
  PriceList prices;
  CHECK_THROWS_AS(prices.add("/nonexistent/prices.csv"), assay::UserError);
}
