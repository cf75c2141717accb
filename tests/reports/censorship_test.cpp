#include "reports/censorship.h"

#include <memory>
#include <sstream>

#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/reports/made_up_probes.h"

using namespace assay;  // NOLINT(google-build-using-namespace)
using Catch::Contains;

namespace {

MadeUpVerdict filtered(const Question& question, int) {
  const bool withheld =
      question.tags.at("kind") == "sensitive" && question.tags.at("theme") == "theme1";
  return {.label = withheld ? "host denial" : "complete"};
}

class Reported {
 public:
  Reported() {
    const auto complete = [](const Question&, int) { return MadeUpVerdict{}; };
    probes_.add_run("openai:<r1>", 1, complete);
    probes_.add_run("deepseek:<r1>", 1, filtered);
    reader_ = std::make_unique<Reader>(probes_.path());
    report_ = censorship_report(*reader_, reader_->runs());
  }
  std::string html() const { return censorship_html(*reader_, report_, 4096); }
  const CensorshipReport& report() const { return report_; }

 private:
  MadeUpProbes probes_;
  std::unique_ptr<Reader> reader_;
  CensorshipReport report_;
};

}  // namespace

TEST_CASE("the page has the heat map, the gaps and the pairs, and every text is escaped") {
  const Reported reported;
  const std::string page = reported.html();
  CHECK_THAT(page, Contains("Hosting gap: run 1 minus run 2"));
  CHECK_THAT(page, Contains("a difference at the 5 % level"));
  CHECK_THAT(page, Contains("--heat:1.000"));
  CHECK_THAT(page, Contains("class=\"forest\""));
  CHECK_THAT(page, Contains("lang=\"zh-Hans\""));
  CHECK_THAT(page, Contains("theme: theme1"));
  CHECK_THAT(page, Contains("&lt;r1&gt;"));
  CHECK_THAT(page, !Contains("<r1>"));
  CHECK_THAT(page, !Contains("<u>topic"));
  CHECK_THAT(page, !Contains("answer <b>"));
  CHECK_THAT(page, Contains("in which the control was answered and the probe was not"));
  CHECK_THAT(page, !Contains("{{"));
}

TEST_CASE("Markdown and JSON say the same") {
  const Reported reported;
  std::ostringstream out;
  write_censorship_markdown(reported.report(), out);
  CHECK_THAT(out.str(), Contains("## Censorship"));
  CHECK_THAT(out.str(), Contains("| all | +25.0 pp |"));
  const auto json = censorship_json(reported.report());
  CHECK(json["runs"].size() == 2);
  CHECK(json["runs"][1]["gap"]["difference"] == Approx(0.25));
  CHECK(json["runs"][1]["gaps"]["theme"].size() == 4);
  CHECK(json["runs"][1]["rates"]["sensitive"]["all"][0]["host_denial"]["mean"] == Approx(0.25));
  CHECK(json["hosting"][0]["gap"]["difference"] == Approx(0.25));
  CHECK(json["hosting"][0]["gap"]["interval"][0] > 0.1);
}

TEST_CASE("a report without such runs says nothing of censorship") {
  const MadeUpProbes probes;
  const CensorshipReport none;
  std::ostringstream out;
  write_censorship_markdown(none, out);
  CHECK(out.str().empty());
  CHECK(censorship_json(none).is_null());
}

TEST_CASE("differences and tests are written as people read them") {
  CHECK(format_points(0.1234) == "+12.3 pp");
  CHECK(format_points(Interval{-0.05, 0.2}) == "-5.0 to +20.0 pp");
  CHECK(format_p(0.0004) == "< 0.001");
  CHECK(format_p(0.0312) == "0.031");
  CHECK(format_share(std::nullopt) == "–");
}
