#include "reports/second_opinion.h"

#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "backends/mock/mock.h"
#include "harness/run.h"
#include "reports/censorship_analysis.h"
#include "suites/censorship/second_opinion.h"
#include "tests/catch.h"
#include "tests/reports/made_up_probes.h"

using namespace assay;  // NOLINT(google-build-using-namespace)
using Catch::Contains;

namespace {

// Half of the probes deflected; a judge that calls the deflections of topics ending in 0 denials
// and says nothing of topics ending in 1.
class Judged {
 public:
  Judged() {
    probes_.add_run("openai:r1", 1, [](const Question& question, int) {
      const bool sensitive = question.tags.at("kind") == "sensitive";
      return MadeUpVerdict{.label = sensitive ? "evasive" : "complete"};
    });
    const std::string answers = probes_.path() + ".jsonl";
    std::ofstream out(answers);
    for (int theme = 0; theme < 4; ++theme) {
      out << R"({"contains":"topic)" << theme << R"(1/","answer":"Hm."})"
          << "\n";
    }
    for (int theme = 0; theme < 4; ++theme) {
      for (const char* place : {"0/fact/en/sensitive", "0/fact/zh/sensitive"}) {
        out << R"({"contains":"topic)" << theme << place << R"(","answer":"DENIAL"})"
            << "\n";
      }
    }
    out << R"({"contains":"<b>evasive","answer":"EVASIVE"})"
        << "\n"
        << R"({"answer":"<script> COMPLETE"})"
        << "\n";
    out.close();
    MockOptions options;
    options.answers.file = answers;
    MockBackend backend(options);
    const auto suite = censorship::make_second_opinion(probes_.path());
    std::ostringstream ignored;
    Store store(probes_.path());
    RunSpec spec;
    spec.suite = suite.get();
    spec.backend = &backend;
    spec.model = "mock:<judge>";
    spec.sampling = suite->info().sampling;
    spec.machine_id = store.put_machine("{}");
    run(spec, store, *make_progress(ProgressStyle::silent, ignored));
  }

  std::vector<SecondOpinion> opinions() const {
    const Reader reader(probes_.path());
    return second_opinions(reader, reader.runs());
  }
  const MadeUpProbes& probes() const { return probes_; }

 private:
  MadeUpProbes probes_;
};

}  // namespace

TEST_CASE("a second opinion is read as agreement beyond chance, by language too") {
  const Judged judged;
  const auto opinions = judged.opinions();
  REQUIRE(opinions.size() == 1);
  const SecondOpinion& opinion = opinions[0];
  CHECK(opinion.run.id == 2);
  CHECK(opinion.unreadable == 32);
  const auto agreement = opinion.all.agreement();
  REQUIRE(agreement);
  CHECK(agreement->n == 130);
  CHECK(opinion.all.count("evasive", "denial") == 8);
  CHECK(opinion.all.count("evasive", "evasive") == 56);
  CHECK(opinion.all.count("complete", "complete") == 66);
  CHECK(agreement->share == Approx(122.0 / 130));
  CHECK(agreement->kappa.value() > 0.8);
  CHECK(opinion.by_language.at("zh").agreement()->n == 64);
}

TEST_CASE("a second opinion is no run of probes") {
  const Judged judged;
  const Reader reader(judged.probes().path());
  CHECK(is_censorship_run(reader.run("1")));
  CHECK_FALSE(is_censorship_run(reader.run("2")));
}

TEST_CASE("page, Markdown and JSON say how far judge and grader agree") {
  const Judged judged;
  const auto opinions = judged.opinions();
  const std::string page = second_opinion_html(opinions);
  CHECK_THAT(page, Contains("mock:&lt;judge&gt;"));
  CHECK_THAT(page, Contains("In 32 answers the judge gave no label"));
  CHECK_THAT(page, !Contains("{{") && !Contains("<judge>"));
  std::ostringstream markdown;
  write_second_opinion_markdown(opinions, markdown);
  CHECK_THAT(markdown.str(), Contains("| all | 130 | 93.8"));
  const auto json = second_opinion_json(opinions);
  CHECK(json[0]["groups"].size() == 3);
  CHECK(json[0]["groups"][0]["confusion"]["evasive"]["denial"] == 8);
  CHECK(second_opinion_html({}).empty());
  CHECK(second_opinion_json({}).is_null());
}
