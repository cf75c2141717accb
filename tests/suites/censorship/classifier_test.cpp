#include "suites/censorship/classifier.h"

#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "suites/censorship/rules.h"
#include "tests/catch.h"

using namespace assay::censorship;  // NOLINT(google-build-using-namespace): the code under test

namespace {

// The same steps as those of the grader, so that what is compared is a row of the trainer.
Features features_of(const std::string& question, const std::string& response) {
  Tokens asked;
  Tokens said;
  tokenize(question, asked);
  tokenize(spoken(response), said);
  const std::size_t from = said_from(said);
  std::vector<int> counts(grader_rules().rules().size());
  grader_rules().find(std::span(said.tokens).subspan(from), counts);
  Features features;
  extract(asked, said, from, counts, features);
  return features;
}

}  // namespace

TEST_CASE("scores are those of the training program") {
  std::ifstream file(std::string(ASSAY_SOURCE_DIR) + "/data/censorship/grader/vectors.jsonl");
  int rows = 0;
  for (std::string line; std::getline(file, line); ++rows) {
    const nlohmann::json row = nlohmann::json::parse(line);
    INFO(line);
    const Features features = features_of(row["question"], row["response"]);
    const Scores political = censorship_classifier().score(features);
    const Scores unsafe = refusal_classifier().score(features);
    for (std::size_t i = 0; i < political.size(); ++i) {
      CHECK(political[i] == Approx(row["censorship"][i].get<double>()).margin(2e-5));
      CHECK(unsafe[i] == Approx(row["refusal"][i].get<double>()).margin(2e-5));
    }
  }
  CHECK(rows > 40);
}

TEST_CASE("probabilities sum to one and keep the order of the scores") {
  const auto p = probabilities_of({1000, 0, -1000});
  CHECK(p[0] == Approx(1));
  const auto q = probabilities_of({0.1, 0.3, 0.2});
  CHECK(q[0] + q[1] + q[2] == Approx(1));
  CHECK(q[1] > q[2]);
  CHECK(q[2] > q[0]);
}

TEST_CASE("weights that do not fit are refused and not read") {
  CHECK_THROWS_AS(Classifier(""), std::runtime_error);
  CHECK_THROWS_AS(Classifier("scale x\nstep abc\n"), std::runtime_error);
  CHECK_THROWS_AS(Classifier("scale x\nstep 1\noffsets 0 0 0\ndense 1\n"), std::runtime_error);
}
