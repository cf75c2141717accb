#include "suites/math/phrase.h"

#include "suites/math/conclusion.h"
#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("what stands around an answer is taken off") {
  CHECK(clean_answer(" **5**. ") == "5");
  CHECK(clean_answer("$\\frac{1}{2}$.") == "\\frac{1}{2}");
  CHECK(clean_answer("\\(x\\)") == "x");
  CHECK(clean_answer("\"Friday\"") == "Friday");
  CHECK(clean_answer("5</answer>") == "5");
  CHECK(clean_answer("0.333...") == "0.333...");
  CHECK(clean_answer("$1$ and $2$") == "$1$ and $2$");
  CHECK(clean_answer("5!") == "5!");
  CHECK(clean_answer("").empty());
  CHECK(clean_answer("**").empty());
}

TEST_CASE("an announced answer is the formula or the words that follow") {
  CHECK(announced_answer("$x = 5$, because it is", false) == "x = 5");
  CHECK(announced_answer(" \n\n\\[ 7 \\]\nDone.", false) == "7");
  CHECK(announced_answer("$1$ and $2$.", false) == "1, 2");
  CHECK(announced_answer("$50$%.", false) == "50 %");
  CHECK(announced_answer("72. That is it.", false) == "72");
  CHECK(announced_answer("3.5 because half of 7 is that", false) == "3.5");
  CHECK(announced_answer("**Friday**.", true) == "Friday");
  CHECK(announced_answer("no solution", true) == "no solution");
  CHECK(announced_answer("1/2 (that is one half)", true) == "1/2");
  CHECK(announced_answer("(1, 2)", true) == "(1, 2)");
  CHECK(announced_answer("approximately 3.14", false) == "3.14");
  CHECK(announced_answer("either 5 or 6, I am not sure which", false) == "5 or 6");
  CHECK(announced_answer("72 clips in all of April and May", true) == "72");
  CHECK(announced_answer("that she sold 72 of the clips", false) == "72");
  CHECK(announced_answer("found by adding all of the numbers", false).empty());
}

TEST_CASE("a paragraph comes to its last formula, bold text or number") {
  CHECK(concluded_answer("Adding gives $3$. So there are $12$ ways to do it.") == "12");
  CHECK(concluded_answer("So they need **15 days** in the end.") == "15 days");
  CHECK(concluded_answer("So 9 * 2 = 18 dollars are made every day.") == "18");
  CHECK(concluded_answer("So there are 1/4 of the whole cakes left over.") == "1/4");
  CHECK(concluded_answer("所以一共有 15 个苹果。") == "15");
  CHECK(concluded_answer("The parts are 7 + 11 = 18 in her pocket.") == "18");
  CHECK(concluded_answer("The whole house costs 70 000 dollars.") == "70000");
  CHECK(concluded_answer("From Sunday on, $9 \\equiv 2$, so it will be **Tuesday**.") == "Tuesday");
  CHECK(concluded_answer("Nothing can be said here at all.").empty());
}

TEST_CASE("a text that breaks off is told from one that ends") {
  const std::string long_text(300, 'a');
  CHECK(breaks_off("so \\[ x = "));
  CHECK(breaks_off("so x = 5 +"));
  CHECK(breaks_off(long_text + "\n\nEach number that is not safe is counted and so"));
  CHECK(breaks_off(""));
  CHECK_FALSE(breaks_off("so x = 5"));
  CHECK_FALSE(breaks_off(long_text + "\nTherefore the whole perimeter is 24 cm"));
  CHECK_FALSE(breaks_off(long_text + "\nTherefore it is so, as was to be shown."));
  CHECK_FALSE(breaks_off("The answer is **5**"));
}

TEST_CASE("prose is four words and more outside of formulas") {
  CHECK(is_prose("this is a whole sentence"));
  CHECK_FALSE(is_prose("no real solution"));
  CHECK_FALSE(is_prose("$a b c d e f g h$"));
  CHECK(is_prose("因为这个数是质数所以不行"));
}
