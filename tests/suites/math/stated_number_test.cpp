#include "suites/math/stated_number.h"

#include "tests/catch.h"

using namespace assay;

TEST_CASE("a decimal has one normal form") {
  CHECK(normal_decimal("007.50") == "7.5");
  CHECK(normal_decimal("-0.0") == "0");
  CHECK(normal_decimal("+5.") == "5");
  CHECK(normal_decimal(".5") == "0.5");
  CHECK(normal_decimal("").empty());
  CHECK(normal_decimal(".").empty());
  CHECK(normal_decimal("1.2.3").empty());
  CHECK(normal_decimal("1e5").empty());
  CHECK(same_decimal("18", "18.000"));
  CHECK_FALSE(same_decimal("x", "x"));
}

TEST_CASE("numbers are told from what only looks like one") {
  CHECK(stated_number("Answer: 10-7", false).number == "10");
  CHECK(stated_number("Answer: x2 is 5", false).number == "5");
  CHECK(stated_number("it takes 3, 400 and 1,200,000", false).number == "1200000");
  CHECK(stated_number("they are 12,34", false).number == "34");
  CHECK(stated_number("from 5-10", false).number == "10");
  CHECK(stated_number("it is (-7)", false).number == "-7");
  CHECK(stated_number("costs -$7", false).number == "-7");
  CHECK(stated_number(std::string(500, '7'), false).number.empty());
}

TEST_CASE("a text that was cut off is searched for announcements only") {
  CHECK(stated_number("we get 18", true).number.empty());
  CHECK(stated_number("The answer is 18. To check,", true).number == "18");
}
