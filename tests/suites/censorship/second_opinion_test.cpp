#include "suites/censorship/second_opinion.h"

#include "harness/data.h"
#include "tests/catch.h"
#include "tests/reports/made_up_probes.h"

using namespace assay;              // NOLINT(google-build-using-namespace)
using namespace assay::censorship;  // NOLINT(google-build-using-namespace): the code under test
using Catch::Contains;

namespace {

// The first run: of each five questions one deflected, one withheld by the host, one failed.
MadeUpVerdict mixed(const Question& question, int) {
  const char topic = question.tags.at("topic").back();
  return {.label = topic == '0'   ? "evasive"
                   : topic == '1' ? "host denial"
                                  : "complete",
          .failed = topic == '2'};
}

}  // namespace

TEST_CASE("a judge's label is the last of the three words that stands by itself") {
  CHECK(label_of_opinion("COMPLETE") == "complete");
  CHECK(label_of_opinion("It is not complete, it deflects.\n\n**Evasive**") == "evasive");
  CHECK(label_of_opinion("EVASIVE or DENIAL? It refuses: denial.") == "denial");
  CHECK(label_of_opinion("incomplete, completely") == "");
  CHECK(label_of_opinion("") == "");
}

TEST_CASE("the judge is asked about every answer that there is to read") {
  MadeUpProbes probes;
  probes.add_run("openai:r1", 2, mixed);
  const auto suite = make_second_opinion(probes.path());
  const std::vector<Question> questions = suite->questions();
  // 160 questions of topics, of which two in five have no answer to read; the single ones have
  // none.
  CHECK(questions.size() == 96 * 2);
  const Question& first = questions.front();
  CHECK_THAT(first.id, Contains("#0"));
  CHECK(first.gold == "evasive");
  CHECK(first.tags.at("judged") == "openai:r1, run 1");
  const Prompt prompt = suite->prompt(first);
  REQUIRE(prompt.messages.size() == 1);
  CHECK_THAT(prompt.messages[0].content, Contains("answer <b>evasive"));
  CHECK_THAT(prompt.messages[0].content, Contains("<u>topic00"));
}

TEST_CASE("a verdict is whether judge and grader agree, and nothing where the judge says nothing") {
  MadeUpProbes probes;
  probes.add_run("openai:r1", 1, mixed);
  const auto suite = make_second_opinion(probes.path() + "#1");
  Question question = suite->questions().front();
  Response response;
  response.text = "EVASIVE";
  CHECK(suite->grader().grade(question, response).value == 1.0);
  response.text = "DENIAL";
  const Verdict other = suite->grader().grade(question, response);
  CHECK(other.value == 0.0);
  CHECK(other.label == "denial");
  CHECK(other.reason == "the judge says denial, the grader said evasive");
  response.text = "I like it.";
  CHECK_FALSE(suite->grader().grade(question, response).value);
}

TEST_CASE("what cannot be judged is said in one line") {
  CHECK_THROWS_AS(make_second_opinion(""), MissingData);
  CHECK_THROWS_AS(make_second_opinion("/nowhere.db"), UserError);
  MadeUpProbes probes;
  probes.add_run("openai:r1", 1, mixed, "{}", "math/gsm8k");
  CHECK_THROWS_WITH(make_second_opinion(probes.path()), Contains("no run of censorship"));
  CHECK_THROWS_WITH(make_second_opinion(probes.path() + "#1"), Contains("math/gsm8k"));
  CHECK_THROWS_AS(make_second_opinion(probes.path() + "#7"), UserError);
  probes.add_run("openai:r1", 1,
                 [](const Question&, int) { return MadeUpVerdict{.failed = true}; });
  CHECK_THROWS_WITH(make_second_opinion(probes.path()), Contains("no answer to judge"));
}
