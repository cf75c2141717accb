#include "reports/published.h"

#include <algorithm>

#include "harness/error.h"
#include "tests/catch.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

namespace {

const PublishedFigures& bundled() {
  static const PublishedFigures figures(std::filesystem::path(ASSAY_SOURCE_DIR) /
                                        "data/published_baselines.csv");
  return figures;
}

const PublishedModel& find(const std::vector<PublishedModel>& models, std::string_view name,
                           std::string_view metric) {
  const auto found = std::find_if(models.begin(), models.end(), [&](const PublishedModel& model) {
    return model.model == name && model.metric == metric;
  });
  REQUIRE(found != models.end());
  return *found;
}

}  // namespace

TEST_CASE("a suite finds the figures of the benchmark it runs") {
  CHECK(bundled().of_suite("math/gsm8k").size() == 5);
  const auto aime = bundled().of_suite("math/aime24");
  CHECK(find(aime, "DeepSeek-R1", "pass@1").figures[0].value == "79.8");
  CHECK_FALSE(bundled().of_suite("math/math500").empty());
  CHECK(bundled().of_suite("math/arithmetic").empty());
}

TEST_CASE("every figure has a source, and those that differ are called conflicting") {
  const auto models = bundled().of_suite("code/livecodebench");
  const PublishedModel& gpt = find(models, "GPT-4o-0513", "pass@1");
  CHECK(gpt.conflicting);
  CHECK(gpt.figures.size() > 1);
  for (const PublishedModel& model : models) {
    for (const PublishedFigure& figure : model.figures) {
      INFO(model.model);
      CHECK_FALSE(figure.source.empty());
    }
  }
  CHECK_FALSE(find(bundled().of_suite("math/gsm8k"), "DeepSeek-V3-Base", "EM").conflicting);
}

TEST_CASE("a file of figures that is missing is named") {
  CHECK_THROWS_WITH(PublishedFigures("/nonexistent/figures.csv"),
                    Catch::Contains("/nonexistent/figures.csv"));
}
