#include "reports/censorship_analysis.h"

#include <algorithm>
#include <cmath>

#include "tests/catch.h"
#include "tests/reports/made_up_probes.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

namespace {

const std::string& tag(const Question& question, const char* name) {
  return question.tags.at(name);
}

bool is_sensitive(const Question& question) {
  return tag(question, "kind") == "sensitive";
}

MadeUpVerdict always_complete(const Question&, int) {
  return {};
}

// Evades theme0 in Chinese, is silent about theme1, and states half of the facts there.
MadeUpVerdict censored(const Question& question, int) {
  if (is_sensitive(question) && tag(question, "theme") == "theme0" &&
      tag(question, "language") == "zh") {
    return {.label = "evasive", .coverage = 0.25, .hidden = true, .has_reasoning = true};
  }
  if (is_sensitive(question) && tag(question, "theme") == "theme1") {
    return {.label = "denial", .coverage = 0.5, .hidden = false, .has_reasoning = true};
  }
  if (tag(question, "kind") == "unsafe") {
    return {.label = "denial"};
  }
  return {.has_reasoning = true};
}

const Gap& of_name(const std::vector<Gap>& gaps, const std::string& name) {
  return *std::find_if(gaps.begin(), gaps.end(), [&](const Gap& gap) { return gap.name == name; });
}

}  // namespace

TEST_CASE("the censorship gap is what pairs differ by, by theme, form and language") {
  MadeUpProbes probes;
  const RunRecord run = probes.add_run("openai:a", 1, censored);
  const Reader reader(probes.path());
  const CensorshipAnalysis analysis = analyse_censorship(reader, run);

  REQUIRE(analysis.gap);
  CHECK(analysis.gap->result.pairs == 80);
  CHECK(analysis.gap->result.first_higher == 30);
  CHECK(analysis.gap->result.second_higher == 0);
  CHECK(analysis.gap->result.difference == Approx(30.0 / 80));
  CHECK(analysis.gap->result.interval.low > 0.25);
  CHECK(analysis.gap->result.p < 1e-6);

  const std::vector<Gap>& themes = analysis.gaps_by.at("theme");
  REQUIRE(themes.size() == 4);
  CHECK(of_name(themes, "theme0").result.difference == Approx(0.5));
  CHECK(of_name(themes, "theme1").result.difference == Approx(1));
  CHECK(of_name(themes, "theme2").result.difference == 0);
  CHECK(of_name(themes, "theme2").p_adjusted == 1);
  // Ten of ten, 2^-9, is the third smallest of four tests.
  CHECK(of_name(themes, "theme0").result.p == Approx(std::ldexp(1, -9)));
  CHECK(of_name(themes, "theme0").p_adjusted == Approx(3 * std::ldexp(1, -9)));
  CHECK(of_name(analysis.gaps_by.at("language"), "zh").result.difference == Approx(0.5));
  CHECK(of_name(analysis.gaps_by.at("language"), "en").result.difference == Approx(0.25));
}

TEST_CASE("rates tell evasion from denial, with an interval each") {
  MadeUpProbes probes;
  const RunRecord run = probes.add_run("openai:a", 1, censored);
  const Reader reader(probes.path());
  const CensorshipAnalysis analysis = analyse_censorship(reader, run);
  const ProbeRates& all = analysis.sensitive.at("").at(0);
  CHECK(all.complete->mean == Approx(50.0 / 80));
  CHECK(all.evasive->mean == Approx(10.0 / 80));
  CHECK(all.denial->mean == Approx(20.0 / 80));
  CHECK(all.host_denial->mean == 0);
  CHECK(all.denial->interval.low < 0.25);
  CHECK(all.denial->interval.high > 0.25);
  CHECK(analysis.control.at("").at(0).complete->mean == 1);
  CHECK(analysis.unsafe->denial->mean == 1);
  CHECK(analysis.over_refusal->complete->mean == 1);
}

TEST_CASE("the language gap stands beside that of the controls") {
  MadeUpProbes probes;
  const RunRecord run = probes.add_run("openai:a", 1, censored);
  const Reader reader(probes.path());
  const CensorshipAnalysis analysis = analyse_censorship(reader, run);
  CHECK(analysis.language_gap->result.difference == Approx(0.25));
  CHECK(analysis.language_gap->result.pairs == 40);
  CHECK(analysis.language_gap_control->result.difference == 0);
}

TEST_CASE("facts and what the reasoning hides are means over questions") {
  MadeUpProbes probes;
  const RunRecord run = probes.add_run("openai:a", 1, censored);
  const Reader reader(probes.path());
  const CensorshipAnalysis analysis = analyse_censorship(reader, run);
  CHECK(analysis.coverage->mean == Approx((10 * 0.25 + 20 * 0.5 + 50) / 80));
  CHECK(analysis.coverage_control->mean == 1);
  CHECK(analysis.coverage_gap->result.difference == Approx(1 - (2.5 + 10 + 50) / 80));
  CHECK(analysis.hidden->mean == Approx(10.0 / 80));
  CHECK(analysis.hidden_control->mean == 0);
  CHECK_FALSE(analysis.consistency);  // one answer each
}

TEST_CASE("several answers give shares and consistency, and failures are left out") {
  MadeUpProbes probes;
  const RunRecord run = probes.add_run("openai:a", 4, [](const Question& question, int index) {
    MadeUpVerdict verdict;
    if (is_sensitive(question)) {
      verdict.label = index == 0 ? "denial" : "complete";
      verdict.failed = index == 3;
    }
    return verdict;
  });
  const Reader reader(probes.path());
  const CensorshipAnalysis analysis = analyse_censorship(reader, run);
  CHECK(analysis.sensitive.at("").at(0).denial->mean == Approx(1.0 / 3));
  CHECK(analysis.sensitive.at("").at(0).denial->samples == 80 * 3);
  CHECK(analysis.gap->result.difference == Approx(1.0 / 3));
  CHECK(analysis.consistency->mean == Approx((80 * 2.0 / 3 + 82) / 162));
}

TEST_CASE("a host that withholds answers shows as a gap between two servers of one model") {
  MadeUpProbes probes;
  const RunRecord open =
      probes.add_run("openai:r1", 1, always_complete, R"({"base_url":"http://127.0.0.1:8000/v1"})");
  const RunRecord filtered = probes.add_run(
      "deepseek:r1", 1,
      [](const Question& question, int) {
        MadeUpVerdict verdict;
        if (is_sensitive(question) && tag(question, "theme") == "theme2") {
          verdict.label = "host denial";
        }
        return verdict;
      },
      R"({"base_url":"https://api.example.com"})");
  const Reader reader(probes.path());
  const auto gaps =
      hosting_gaps({analyse_censorship(reader, open), analyse_censorship(reader, filtered)});
  REQUIRE(gaps.size() == 1);
  const HostingGap& gap = gaps[0];
  CHECK(gap.same_model);
  CHECK(gap.first_name == "openai:r1 at http://127.0.0.1:8000/v1");
  CHECK(gap.all.result.difference == Approx(0.25));
  CHECK(gap.all.result.interval.low > 0.1);
  CHECK(gap.all.result.p < 0.001);
  CHECK(of_name(gap.themes, "theme2").p_adjusted < 0.001);
  CHECK(of_name(gap.themes, "theme1").p_adjusted == 1);
  CHECK(gap.controls->result.difference == 0);
  CHECK(gap.host_denial->result.difference == Approx(0.25));
}

TEST_CASE("runs of other questions or other suites are not compared") {
  MadeUpProbes probes;
  const RunRecord one = probes.add_run("openai:a", 1, always_complete);
  const RunRecord other = probes.add_run("openai:b", 1, always_complete, "{}", "censorship/other");
  const RunRecord third = probes.add_run("openai:b", 1, always_complete, "not json");
  const Reader reader(probes.path());
  const CensorshipAnalysis first = analyse_censorship(reader, one);
  CHECK_FALSE(hosting_gap(first, analyse_censorship(reader, other)));
  const auto gap = hosting_gap(first, analyse_censorship(reader, third));
  REQUIRE(gap);
  CHECK_FALSE(gap->same_model);
  CHECK(is_censorship_run(one));
  CHECK_FALSE(is_censorship_run({.suite = "math/gsm8k"}));
}
