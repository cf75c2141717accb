#include "suites/math/boxed.h"

#include <string>

#include "tests/catch.h"

using namespace assay::math;

namespace {

std::string contents(const std::string& text) {
  std::string all;
  for (const Box& box : boxes(text)) {
    all += "[" + std::string(box.content) + (box.closed ? "]" : "|");
  }
  return all;
}

std::string last_hendrycks(const std::string& text) {
  const auto found = last_boxed_hendrycks(text);
  return found ? std::string(*found) : "-";
}

}  // namespace

TEST_CASE("boxes are found with their braces matched") {
  CHECK(contents("so \\boxed{5}.") == "[5]");
  CHECK(contents("\\boxed{\\frac{1}{2}} and \\fbox{x_{1}}") == "[\\frac{1}{2}][x_{1}]");
  CHECK(contents("\\boxed{\\left\\{ x : x > 0 \\right.}") == "[\\left\\{ x : x > 0 \\right.]");
  CHECK(contents("\\boxed {5}") == "[5]");
  CHECK(contents("\\boxed 5 and \\boxed\\pi.") == "[5][\\pi]");
  CHECK(contents("no box").empty());
  CHECK(contents("put it in \\boxed format").empty());
}

TEST_CASE("of nested boxes the innermost counts") {
  CHECK(contents("\\boxed{\\boxed{5}}") == "[5]");
  CHECK(contents("\\boxed{x = \\boxed{5}}") == "[5]");
  CHECK(contents("\\boxed{a{b\\fbox{7}c}d}") == "[7]");
}

TEST_CASE("a box that is never closed gives the rest of its line") {
  CHECK(contents("The answer is \\boxed{D.\nmore") == "[D.|");
  CHECK(contents("\\boxed{3} and then \\boxed{4") == "[3][4|");
  CHECK(contents("\\boxed{x + \\boxed{4}") == "[4]");
  CHECK(contents("\\boxed{") == "[|");
}

TEST_CASE("templates are no answers") {
  for (const char* content : {"", " ", "...", "\\ldots", "[answer]", "answer", "\\text{answer}",
                              "ANSWER", "<answer>", "your answer"}) {
    INFO(content);
    CHECK(is_placeholder(content));
  }
  CHECK_FALSE(is_placeholder("5"));
  CHECK_FALSE(is_placeholder("\\text{none}"));
}

TEST_CASE("hendrycks' last box is found as upstream finds it") {
  CHECK(last_hendrycks("\\boxed{1} \\boxed{\\frac{1}{2}}") == "\\frac{1}{2}");
  CHECK(last_hendrycks("$\\boxed 5$ or so") == "5");
  CHECK(last_hendrycks("\\boxed{1} then $\\boxed 5$") == "5");
  CHECK(last_hendrycks("\\boxed{\\boxed{5}}") == "5");
  CHECK(last_hendrycks("\\boxed{5") == "-");
  CHECK(last_hendrycks("\\fbox{5}") == "-");
  CHECK(last_hendrycks("none") == "-");
}

TEST_CASE("the balanced box of MLPerf needs its closing brace") {
  CHECK(last_boxed_balanced("\\boxed{1} \\boxed{ {2} }") == std::string_view("{2}"));
  CHECK_FALSE(last_boxed_balanced("\\boxed{1} \\boxed{2").has_value());
  CHECK_FALSE(last_boxed_balanced("\\boxed 2").has_value());
}

TEST_CASE("four hundred boxes, and braces by the million, are read in time") {
  std::string many;
  for (int i = 0; i < 400; ++i) {
    many += "\\boxed{" + std::to_string(i) + "} ";
  }
  CHECK(boxes(many).size() == 400);
  CHECK(boxes(many).back().content == "399");
  for (const char* piece : {"{", "}", "\\boxed{", "\\boxed", "\\boxed{}", "\\", "{\\boxed{1}"}) {
    std::string text;
    while (text.size() < (1 << 20)) {
      text += piece;
    }
    CHECK_NOTHROW(boxes(text));
    CHECK_NOTHROW(last_boxed_hendrycks(text));
    CHECK_NOTHROW(last_boxed_balanced(text));
  }
}
