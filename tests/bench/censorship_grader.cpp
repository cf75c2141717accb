// How many verdicts a second one core gives, on real answers:
//   build/dev/tests/bench_censorship_grader
// The answers are those of $ASSAY_TEST_DATA (default ../shared/datasets): labelled/*.jsonl.gz.
#include <cstdlib>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include "suites/censorship/grader.h"

namespace {

using assay::censorship::Scale;

struct Row {
  std::string question;
  std::string response;
};

std::vector<Row> rows_of(const std::string& name) {
  const char* folder = std::getenv("ASSAY_TEST_DATA");  // NOLINT(concurrency-mt-unsafe): read only
  const std::string path =
      std::string(folder == nullptr ? "../shared/datasets" : folder) + "/labelled/" + name;
  std::vector<Row> rows;
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) {
    return rows;
  }
  std::string text;
  std::vector<char> buffer(1 << 16);
  for (int n = 0; (n = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  gzclose(file);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const auto row = nlohmann::json::parse(text.substr(begin, end - begin));
    rows.push_back({row["question"], row["response"]});
    begin = end + 1;
  }
  return rows;
}

void verdicts(benchmark::State& state, const std::string& name, Scale scale) {
  const std::vector<Row> rows = rows_of(name);
  if (rows.empty()) {
    state.SkipWithError("the answers are missing: set ASSAY_TEST_DATA");
    return;
  }
  assay::censorship::judge_briefly(scale, {});  // reads rules and weights
  std::size_t at = 0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    const Row& row = rows[at];
    at = at + 1 < rows.size() ? at + 1 : 0;
    bytes += row.response.size();
    const auto judgement = assay::censorship::judge_briefly(
        scale, {.question = row.question, .response = row.response});
    benchmark::DoNotOptimize(judgement.label);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::RegisterBenchmark("censorship verdicts", verdicts, "censorship_compliance.jsonl.gz",
                               Scale::censorship);
  benchmark::RegisterBenchmark("refusal verdicts", verdicts, "refusal.jsonl.gz", Scale::refusal);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
