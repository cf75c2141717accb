#include "suites/math/conclusion.h"

#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("a sentence comes to its last formula, bold word or number") {
  CHECK(answer_in_story("From $a+b=3$ we get $ab=2$") == "ab=2");
  CHECK(answer_in_story("The remainder is $2$, so the day will be **Friday**") == "Friday");
  CHECK(answer_in_story("The total is 70 000 dollars") == "70000");
  CHECK(answer_in_story("There are 16 of them by Theorem 4") == "16");
}

TEST_CASE("a paragraph comes to what its last telling sentence comes to") {
  CHECK(concluded_answer("There are 12 ways. Is that all? Yes.") == "12");
  CHECK(concluded_answer("- $x=1$\n- $y=2$").find("y=2") != std::string::npos);
}

TEST_CASE("bullets and numbers of lines are no part of the answers") {
  CHECK(listed_answer("- 3", true) == "3");
  CHECK(listed_answer("1. 3\n2. 5", true) == "3, 5");
  CHECK(listed_answer("(a) 3\n(b) 5", true) == "(a) 3, (b) 5");
  CHECK(listed_answer("-3", true).empty());
}

TEST_CASE("labels and circumstances fall away") {
  CHECK(without_label("Total distance: 36 km") == "36 km");
  CHECK(without_label("2:30") == "2:30");
  CHECK(without_circumstances("18 in total") == "18");
  CHECK(without_circumstances("3 to 5") == "3 to 5");
  CHECK(leading_number("72 clips in all") == "72");
}
