#include "suites/math/expression/clean.h"
#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("English words for numbers become digits") {
  CHECK(spell_out("forty-two") == "42");
  CHECK(spell_out("three hundred and five") == "305");
  CHECK(spell_out("six thousand two hundred") == "6200");
  CHECK(spell_out("minus nine") == "-9");
  CHECK(spell_out("two thirds") == "2/3");
  CHECK(spell_out("one and a half") == "1 1/2");
  CHECK(spell_out("six point two five") == "6.25");
  CHECK(spell_out("one, two") == "1, 2");
}

TEST_CASE("Chinese numerals become digits") {
  CHECK(spell_out("九十九") == "99");
  CHECK(spell_out("一千零一") == "1001");
  CHECK(spell_out("三万五千") == "35000");
  CHECK(spell_out("五分之三") == "3/5");
  CHECK(spell_out("百分之七") == "7%");
  CHECK(spell_out("三点一四") == "3.14");
  CHECK(spell_out("负二") == "-2");
  CHECK(spell_out("星期三") == "星期三");
}

TEST_CASE("what is no number stays") {
  CHECK(spell_out("\\text{none}") == "\\text{none}");
  CHECK(spell_out("hundred") == "hundred");
  CHECK(spell_out("") == "");
}
