#include "suites/math/sentences.h"

#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("a full stop inside a formula or a number ends no sentence") {
  const std::string_view text = "It is $3.5$ m. Next";
  CHECK(sentence_end(text, math_spans(text).spans, 0) == 13);
}

TEST_CASE("words are counted in any alphabet, outside of formulas") {
  const auto count = [](std::string_view text) {
    return words_outside(text, math_spans(text).spans);
  };
  CHECK(count("the sum is $a + b$") == 3);
  CHECK(count("сумма равна $5$") == 2);
  CHECK(is_prose("she sold half of them"));
  CHECK_FALSE(is_prose("18 cm"));
}

TEST_CASE("digits of other scripts become ours") {
  CHECK(with_ascii_digits("১৮") == "18");
  CHECK(with_ascii_digits("١٨ और १८") == "18 और 18");
  CHECK(with_ascii_digits("１８") == "18");
}
