#include "suites/math/math_spans.h"

#include <string>

#include "tests/catch.h"

using namespace assay::math;

namespace {

std::string inners(const std::string& text) {
  std::string all;
  for (const MathSpan& span : math_spans(text).spans) {
    all += "[" + text.substr(span.inner_begin, span.inner_end - span.inner_begin) + "]";
  }
  return all;
}

}  // namespace

TEST_CASE("formulas are found between all kinds of delimiters") {
  CHECK(inners("a $x$ b $$y$$ c \\(z\\) d \\[w\\]") == "[x][y][z][w]");
  CHECK(inners("\\begin{align*}x&=5\\end{align*} done") == "[x&=5]");
  CHECK(inners("$a\\$b$") == "[a\\$b]");
  CHECK(inners("no formula").empty());
}

TEST_CASE("amounts of money are no formulas") {
  CHECK(inners("it costs $5 and $6 more").empty());
  CHECK(inners("it costs \\$5 and $x$") == "[x]");
}

TEST_CASE("a formula that never closes is reported") {
  CHECK(math_spans("so \\[ x = 5").open_at_end);
  CHECK(math_spans("so $$ x = 5").open_at_end);
  CHECK(math_spans("\\begin{align} x").open_at_end);
  CHECK_FALSE(math_spans("so \\[ x = 5 \\]").open_at_end);
  CHECK_FALSE(math_spans("that is $5").open_at_end);
}

TEST_CASE("delimiters by the million are read in time") {
  for (const char* piece :
       {"$", "$$", "\\(", "\\[", "\\begin{a}", "\\begin{", "\\", "$1 ", "$\n\n"}) {
    std::string text;
    while (text.size() < (1 << 20)) {
      text += piece;
    }
    CHECK_NOTHROW(math_spans(text));
  }
}
