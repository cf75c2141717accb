#include "suites/math/expression/read_words.h"

#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("a sentence of plain words comes to its one number") {
  CHECK(only_number("So there are 15 ways.") == "15 ways");
  CHECK(only_number("The total is $540.") == "$540");
  CHECK(only_number("It rose by 12.5% in all") == "12.5% in");
  CHECK(only_number("Between 3 and 5 apples were left").empty());
  CHECK(only_number("It is not 15 at all").empty());
  CHECK(only_number("at most 15 of them fit").empty());
  CHECK(only_number("The value of x^2 is 5").empty());
  CHECK(only_number("no digit here at all").empty());
}

TEST_CASE("labelled parts and rows of numbers become lists") {
  CHECK(with_commas("(a) 3 (b) 5") == "3, 5");
  CHECK(with_commas("(i) 2, (ii) 4") == "2, 4");
  CHECK(with_commas("\\text{(i) } 2 \\text{ (ii) } 4").find("2, ") == 0);
  CHECK(with_commas("1 2 -3") == "1, 2, -3");
  CHECK(with_commas("(a) 3").empty());
  CHECK(with_commas("(b) 3 (a) 5").empty());
  CHECK(with_commas("12").empty());
}

TEST_CASE("circled numbers are the statements that hold, in any order") {
  CHECK(circled_numbers("①③")->name == circled_numbers("③, ①")->name);
  CHECK(circled_numbers("\\textcircled{2}")->name == "②");
  CHECK_FALSE(circled_numbers("① is true"));
  CHECK_FALSE(circled_numbers(""));
}

TEST_CASE("the word that answers stands first") {
  CHECK(leading_verdict("Yes, because x > 0") == "yes");
  CHECK(leading_verdict("\\text{No, it is not}") == "no");
  CHECK(leading_verdict("Yes").empty());
  CHECK(leading_verdict("Nobody, as it seems").empty());
}

TEST_CASE("mathematics is found behind the Chinese words that announce it") {
  CHECK(behind_chinese("最大值为5") == "5");
  CHECK(behind_chinese("概率为\\frac{2}{3}") == "\\frac{2}{3}");
  CHECK(behind_chinese("不等于5").empty());
  CHECK(behind_chinese("最大值").empty());
}

TEST_CASE("a sentence says its value behind its last verb") {
  CHECK(behind_verb("The line is y = 2x + 1") == "y = 2x + 1");
  CHECK(behind_verb("x is not 5").empty());
  CHECK(behind_verb("12").empty());
}
