#include <sstream>

#include "reports/render.h"
#include "tests/catch.h"
#include "tests/reports/made_up_runs.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

TEST_CASE("the Markdown report is tables that model output cannot break") {
  const MadeUpRuns runs;
  const Reader reader(runs.path());
  const ReportOptions options;
  const ReportContext context{.reader = reader, .options = options, .generated_at = 1};
  std::vector<RunAnalysis> analyses;
  for (const RunRecord& run : reader.runs()) {
    analyses.push_back(analyse_run(reader, run, {}));
  }
  std::ostringstream out;
  write_markdown(context, analyses, out);
  const std::string text = out.str();
  CHECK_THAT(text, Catch::Contains("| math/gsm8k v1 | deepseek:deepseek-reasoner |"));
  CHECK_THAT(text, Catch::Contains("mock, not a model"));
  CHECK_THAT(text, Catch::Contains("Unfinished"));
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
    REQUIRE(text[at - 1] == '\\');  // no markup
  }
  std::istringstream lines(text);
  std::string line;
  std::size_t cells = 0;
  while (std::getline(lines, line)) {
    std::size_t bars = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
      bars += line[at] == '|' && (at == 0 || line[at - 1] != '\\') ? 1U : 0U;
    }
    INFO(line);
    CHECK((bars == 0 || cells == 0 || bars == cells));
    cells = bars;
  }
}
