#include "backends/openai/adaptive_limit.h"

#include "tests/catch.h"

using assay::AdaptiveLimit;

TEST_CASE("the limit shrinks to four fifths, once per cool-down") {
  AdaptiveLimit limit(100);
  CHECK(limit.limit() == 100);
  for (int i = 0; i < 50; ++i) {
    limit.overloaded(10.0 + i * 0.01, 0);
  }
  CHECK(limit.limit() == 80);
  limit.overloaded(11.5, 0);
  CHECK(limit.limit() == 64);
}

TEST_CASE("the limit never falls below one") {
  AdaptiveLimit limit(3);
  for (int i = 0; i < 100; ++i) {
    limit.overloaded(i * 2.0, 0);
  }
  CHECK(limit.limit() == 1);
  CHECK(limit.may_start(0, 1000));
}

TEST_CASE("answers win the limit back, and not more than it was") {
  AdaptiveLimit limit(100);
  limit.overloaded(0, 0);
  limit.overloaded(2, 0);
  REQUIRE(limit.limit() == 64);
  int answers = 0;
  while (limit.limit() < 100 && answers < 100000) {
    limit.answered();
    ++answers;
  }
  CHECK(answers > 500);  // one window of answers regains a fiftieth
  CHECK(answers < 5000);
  for (int i = 0; i < 1000; ++i) {
    limit.answered();
  }
  CHECK(limit.limit() == 100);
}

TEST_CASE("nothing is started beyond the limit") {
  AdaptiveLimit limit(2);
  CHECK(limit.may_start(1, 0));
  CHECK_FALSE(limit.may_start(2, 0));
}

TEST_CASE("one turned away waits alone, several in a row stop everyone for as long as was asked") {
  AdaptiveLimit limit(10);
  limit.overloaded(100, 7);
  limit.overloaded(100, 7);
  CHECK(limit.may_start(0, 100));
  limit.overloaded(100, 7);
  CHECK_FALSE(limit.may_start(0, 106.9));
  CHECK(limit.may_start(0, 107));
}

TEST_CASE("an answer in between means that not everyone is turned away") {
  AdaptiveLimit limit(10);
  for (int i = 0; i < 20; ++i) {
    limit.overloaded(100 + i, 7);
    limit.answered();
  }
  CHECK(limit.may_start(0, 119));
}
