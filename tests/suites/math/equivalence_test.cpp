#include "suites/math/equivalence.h"

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "suites/math/equivalence_compare.h"
#include "suites/math/equivalence_strings.h"
#include "suites/math/expression/clean.h"
#include "suites/math/expression/read.h"
#include "suites/math/expression/unwrap.h"
#include "tests/catch.h"
#include "tests/hostile_texts.h"

using namespace assay::math;

namespace {

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields;
  std::stringstream stream(line);
  for (std::string field; std::getline(stream, field, '\t');) fields.push_back(field);
  return fields;
}

// Policy, same or not or open, kind, gold, answer.
std::vector<std::vector<std::string>> hand_written_cases() {
  std::ifstream file(ASSAY_SOURCE_DIR "/tests/suites/math/equivalence_cases.tsv");
  REQUIRE(file);
  std::vector<std::vector<std::string>> cases;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    cases.push_back(split(line));
    INFO(line);
    REQUIRE(cases.back().size() == 5);
  }
  return cases;
}

Node read(const std::string& text) {
  Budget budget;
  return normalize(read_answer(clean(unwrap(text, false)), {}).node, budget);
}

Decision decide(std::string_view gold, std::string_view answer, std::string_view name = "strict") {
  return equivalent(gold, answer, policy(name)).decision;
}

}  // namespace

TEST_CASE("hand-written pairs of every kind are judged as their policy says") {
  const auto cases = hand_written_cases();
  for (const auto& fields : cases) {
    INFO(fields[0] << '\t' << fields[1] << '\t' << fields[3] << '\t' << fields[4]);
    const Judgement judgement = equivalent(fields[3], fields[4], policy(fields[0]));
    INFO(judgement.reason);
    const Decision expected = fields[1] == "same"  ? Decision::equal
                              : fields[1] == "not" ? Decision::different
                                                   : Decision::undecided;
    CHECK(name_of(judgement.decision) == name_of(expected));
  }
  CHECK(cases.size() >= 1500);
}

// What a judgement may cost runs out at some point of any comparison. Wherever that is, nothing is
// harmed, and nothing is said that the whole comparison takes back.
TEST_CASE("a comparison that runs out of budget says nothing that it would take back") {
  std::map<Same, int> verdicts;
  for (const auto& fields : hand_written_cases()) {
    const Policy& row = policy(fields[0]);
    if (row.method != Method::value) continue;
    INFO(fields[0] << '\t' << fields[3] << '\t' << fields[4]);
    const Node gold = read(fields[3]);
    const Node answer = read(fields[4]);
    Budget whole;
    const std::int64_t begin_ns = whole.left_ns;
    const Same verdict = Comparer(row, whole).compare(gold, answer).same;
    ++verdicts[verdict];
    const std::int64_t cost_ns = begin_ns - whole.left_ns;
    constexpr int cuts = 24;
    for (int i = 0; i < cuts; ++i) {
      Budget part{.left_ns = cost_ns * i / cuts};
      const Comparison early = Comparer(row, part).compare(gold, answer);
      INFO(part.left_ns << " left of " << cost_ns * i / cuts << ": " << early.how);
      CHECK((early.same == Same::unknown || early.same == verdict));
    }
  }
  CHECK(verdicts[Same::yes] > 500);
  CHECK(verdicts[Same::no] > 300);
}

TEST_CASE("pairs made to be slow do no harm, and no order of members makes a difference") {
  std::map<Decision, int> decisions;
  const auto pairs = assay::hostile_pairs();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const bool reordered = pairs[i].name.ends_with("with ', ', a set");
    // The others: as many as the sanitizers take a few seconds for.
    if (!reordered && i % 5 != 0) continue;
    const std::string_view text = pairs[i].text;
    const std::size_t line = text.find('\n');
    const Judgement judgement =
        equivalent(text.substr(0, line), text.substr(line + 1), policy("strict"));
    ++decisions[judgement.decision];
    INFO(pairs[i].name << ": " << judgement.reason);
    if (reordered) CHECK(judgement.decision != Decision::different);
  }
  CHECK(decisions[Decision::equal] > 20);
  CHECK(decisions[Decision::different] > 50);
}

TEST_CASE("every answer equals itself under every policy") {
  for (const Policy& row : policies()) {
    for (const std::string_view text :
         {"\\frac{1}{2}", "x>2", "(1,2]", "yes", "(", "9^{9^{9^9}}", "无解", "3:4", "2516_8"}) {
      INFO(row.name << " " << text);
      CHECK(equivalent(text, text, row).decision == Decision::equal);
    }
  }
}

TEST_CASE("hostile answers are judged without harm, and quickly enough to finish this test") {
  std::vector<std::string> hostile = {"9^9^9^9",
                                      "9^{9^{9^{9}}}!",
                                      std::string(10'000, '9'),
                                      std::string(3000, '('),
                                      std::string(4000, '-'),
                                      "1" + std::string(3000, '0') + "!",
                                      "\\binom{10^{50}}{10^{49}}",
                                      "(10^{300})!",
                                      "\\sum_{k=1}^{10^{9}} k",
                                      "\\prod_{k=1}^{50}\\sum_{j=1}^{50}\\sum_{m=1}^{50} jkm",
                                      std::string(200'000, 'x'),
                                      "\xFF\xFE\xC0",
                                      std::string(1, '\0') + "1",
                                      "2^{-10^{30}}",
                                      "\\log_{1.0000001} 10^{300}",
                                      "((x+1)^{64})^{64}",
                                      "0.(" + std::string(1000, '3') + ")"};
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "\\frac{1}{1+";
  hostile.push_back(deep);
  std::string boxes;
  for (int i = 0; i < 2000; ++i) boxes += "\\boxed{";
  hostile.push_back(boxes);
  std::string texts;
  for (int i = 0; i < 500; ++i) texts += "\\text{";
  hostile.push_back(texts);
  for (const std::string& text : hostile) {
    for (const Policy& row : policies()) {
      CHECK(equivalent("1", text, row).decision != Decision::equal);
      CHECK_NOTHROW(equivalent(text, "\\pi+x", row));
      CHECK_NOTHROW(vote_key(text, row));
    }
  }
}

TEST_CASE("no comparison spends more than its budget but for what one step costs") {
  // The costliest single step is a look through all of two trees.
  constexpr std::int64_t step_ns = 500'000;
  for (const std::string piece : {"9,", "x+", "\\sin x", "\\sqrt[3]{x}+", "x<1, ", "(1,2)\\cup",
                                  "9!", "\\frac{1}{x}+", "f(x)", "\\sum_{k=1}^{n} "}) {
    std::string text;
    while (text.size() < 240) text += piece;
    text += "1";
    for (const Policy& row : policies()) {
      Budget budget;
      Budget reading;
      const Node node = normalize(read_answer(text, {}).node, reading);
      const Node other = normalize(read_answer(text + "2", {}).node, reading);
      Comparer(row, budget).compare(node, other);
      INFO(piece << " " << row.name);
      CHECK(budget.left_ns > -step_ns);
    }
  }
}

TEST_CASE("an empty answer is different and an empty reference undecided") {
  CHECK(decide("1", "  ") == Decision::different);
  CHECK(decide("1", "\\boxed{}") == Decision::different);
  CHECK(decide("", "1") == Decision::undecided);
}

TEST_CASE("what cannot be computed is undecided, with the reason") {
  const Judgement judgement = equivalent("\\int_0^1 e^{x^2} dx", "1.4", policy("strict"));
  CHECK(judgement.decision == Decision::undecided);
  CHECK_FALSE(judgement.reason.empty());
  CHECK(decide("3", "3 + (") == Decision::undecided);
}

TEST_CASE("tolerances hold per answer, in any order") {
  Policy allowed = policy("olympiadbench");
  allowed.tolerance = {0.1, 0.001};
  CHECK(equivalent("2, 3", "2.05, 3.0005", allowed).decision == Decision::equal);
  CHECK(equivalent("2, 3", "3.0005, 2.05", allowed).decision == Decision::equal);
  CHECK(equivalent("2, 3", "2.05, 3.05", allowed).decision == Decision::different);
}

TEST_CASE("equivalent answers vote together and others do not") {
  const Policy& strict = policy("strict");
  const auto vote = [&](std::string_view text) { return vote_key(text, strict); };
  CHECK(vote("\\frac{1}{2}") == vote("0.5"));
  CHECK(vote("x=3") == vote("3"));
  CHECK(vote("\\boxed{12}") == vote("$12$"));
  CHECK(vote("(1,\\infty)") == vote("x>1"));
  CHECK(vote("1, 2") == vote("\\{2,1\\}"));
  CHECK(vote("2\\sqrt2") == vote("\\sqrt8"));
  CHECK(vote("\\text{(B)}") == vote("B"));
  CHECK(vote("y=2x+1") == vote("2x-y+1=0"));
  CHECK(vote("y=2x+1") == vote("2x+1"));
  CHECK(vote("x^2+y^2=4") == vote("\\frac{x^2+y^2}{2}=2"));
  CHECK(vote("x^2+y^2=4") != vote("x^2+y^2=5"));
  CHECK(vote("x=2 or x=-2") == vote("x^2=4"));
  CHECK(vote("x^2=4") == vote("\\pm 2"));
  CHECK(vote("1<x<2") == vote("(1,2)"));
  CHECK(vote("x+2y>3") == vote("3 < x+2y"));
  CHECK(vote("x+2y>3") == vote("2x+4y>6"));
  CHECK(vote("x+2y>3") != vote("x+2y<3"));
  CHECK(vote("50\\%") == vote("0.5"));
  CHECK(vote_key("50\\%", policy("boxed")) == vote_key("50", policy("boxed")));
  CHECK(vote("-5\\text{ cm}") == vote("-5"));
  CHECK(vote("3:4") == vote("\\frac{3}{4}"));
  CHECK(vote("2:4:6") == vote("1:2:3"));
  CHECK(vote("\\sin 30^\\circ") == vote("\\frac12"));
  CHECK(vote_key("0.333333", policy("math-verify")) == vote_key("1/3", policy("math-verify")));
  CHECK(vote_key("\\frac12", policy("hendrycks")) == vote_key("0.5", policy("hendrycks")));
  CHECK(vote_key("$\\frac12$", policy("minerva")) == vote_key("0.5", policy("minerva")));
  CHECK(vote_key("(1,\\frac{1}{2})", policy("prm800k")) == vote_key("(1, 0.5)", policy("prm800k")));
  CHECK(vote("12") != vote("13"));
  CHECK(vote("(1,2)") != vote("[1,2]"));
  CHECK(vote("").empty());
}

TEST_CASE("fractions that never end are read a bounded number of times") {
  std::string nested;
  for (int i = 0; i < 50; ++i) nested += "\\frac{";
  CHECK_FALSE(latex_to_text(nested).has_value());  // 2^50 readings otherwise
}

TEST_CASE("latex is written in characters as the prm800k grader's converter does") {
  CHECK(latex_to_text("\\frac{x+1}{2}") == "x+1/2");
  CHECK(latex_to_text("\\sqrt[3]{2}") == "√(2)");
  CHECK(latex_to_text("2\\pi r \\cdot \\sqrt3") == "2πr ·√(3)");
  CHECK(latex_to_text("\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}") == "[ 1 2;3 4 ]");
  CHECK(latex_to_text("\\unknown{a}b") == "ab");
  CHECK_FALSE(latex_to_text("\\sqrt").has_value());
  CHECK(latex_to_text("\\frac{2}") == "%s/%s2");
}

TEST_CASE("an explanation says how each side was read and what decided") {
  const Explanation explanation = explain("\\frac{2\\pi}{4}", "90^\\circ", policy("strict"));
  CHECK(explanation.gold.canonical == "((2*pi)/4)");
  CHECK(explanation.answer.canonical == "degree(90)");
  CHECK(explanation.answer.kind == "function");
  CHECK(explanation.judgement.decision == Decision::equal);
  CHECK_FALSE(explanation.judgement.reason.empty());
}
