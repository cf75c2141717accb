#include "suites/math/choice_rules.h"

#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("a leading letter is told from a word") {
  CHECK(leading_letter("B. because", 4) == 'B');
  CHECK(leading_letter("  **(C)** it is", 4) == 'C');
  CHECK(leading_letter("option D", 4) == 'D');
  CHECK(leading_letter("A dog", 4) == 0);
  CHECK(leading_letter("A because", 4) == 'A');
  CHECK(leading_letter("B = 5", 4) == 0);
  CHECK(leading_letter("Because", 4) == 0);
  CHECK(leading_letter("(ABC)", 4) == 0);
  CHECK(leading_letter("", 4) == 0);
}

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

TEST_CASE("the last option that is named counts") {
  CHECK(last_named_letter("not (A) but (B)", 4) == 'B');
  CHECK(last_named_letter("we pick option C.", 4) == 'C');
  CHECK(last_named_letter("D is correct", 4) == 'D');
  CHECK(last_named_letter("I am A student", 4) == 0);
}
