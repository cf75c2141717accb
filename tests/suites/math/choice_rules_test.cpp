#include "suites/math/choice_rules.h"

#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("an option is found by its content, where just one has it") {
  Options options({"$x^2$", "two words", "$\\mathrm{km}$", "Two words more"});
  CHECK(options.by_content("x^2") == 'A');
  CHECK(options.by_content("Two  Words.") == 'B');
  CHECK(options.by_content("") == 0);
  CHECK(options.by_content("three") == 0);
}

TEST_CASE("a response that keeps announcing is compared with the options only so often") {
  Options options({"\\frac{1}{2}", "7"});
  CHECK(options.by_content("0.5") == 'A');
  for (int i = 0; i < 200; ++i) {
    CHECK(options.by_content("x + 1") == 0);
  }
  CHECK(options.by_content("0.5") == 0);
  CHECK(options.by_content("7") == 'B');  // what is written alike costs nothing
}

TEST_CASE("of options inside one another the longest one is named") {
  const Options options({"one", "two words", "more than that", "two words more"});
  CHECK(options.named_in("it is two words more, I think") == 'D');
  CHECK(options.named_in("it is two words") == 'B');
  CHECK(options.named_in("two words and more than that") == 0);
  CHECK(options.named_in("one") == 0);  // one word alone names nothing in a sentence
}

TEST_CASE("words that a sentence denies name no option") {
  const Options options({"plain osmosis", "active transport", "all of the above"});
  CHECK(options.named_in("it is not active transport but plain osmosis") == 'A');
  CHECK(options.named_in("all of the above are wrong") == 0);
  CHECK(options.named_in("active transport, as all of the above would be wrong") == 'B');
}

TEST_CASE("sets of numerals are one option in any words") {
  Options options({"I only", "II only", "I and II", "neither"});
  CHECK(options.by_content("Only statement II is true.") == 'B');
  CHECK(options.by_content("I and II only") == 'C');
  CHECK(options.by_content("I, II and III") == 0);
  CHECK(options.by_content("II is false") == 0);
}

TEST_CASE("a text that ends with all options chooses none") {
  const Options options({"12", "15", "18"});
  CHECK(options.lists_all("choose among 12, 15, and 18."));
  CHECK(options.lists_all("A. 12\nB. 15\nC. 18"));
  CHECK_FALSE(options.lists_all("of 12, 15 and 18 it is 15"));
  CHECK_FALSE(options.lists_all("18"));
}
