#include "reports/choice.h"

#include "tests/catch.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

namespace {

SampleChoice choose(int wrong, int failed, int right, std::size_t room) {
  Choice choice(room);
  int position = 0;
  for (int i = 0; i < wrong; ++i) {
    choice.add(SampleClass::wrong, position++, 0);
  }
  for (int i = 0; i < failed; ++i) {
    choice.add(SampleClass::failed, position++, 0);
  }
  for (int i = 0; i < right; ++i) {
    choice.add(SampleClass::right, position++, 0);
  }
  return choice.choose(1);
}

}  // namespace

TEST_CASE("all samples are shown where there is room") {
  const SampleChoice choice = choose(3, 2, 4, 9);
  CHECK(choice.keys.size() == 9);
  CHECK(choice.keys.front().position == 0);
}

TEST_CASE("wrong samples come first, and right ones keep an eighth of the room") {
  SampleChoice choice = choose(1000, 0, 1000, 80);
  CHECK(choice.keys.size() == 80);
  CHECK(choice.shown[SampleClass::wrong] == 70);
  CHECK(choice.shown[SampleClass::right] == 10);
  CHECK(choice.there[SampleClass::wrong] == 1000);
  CHECK(choice.there[SampleClass::failed] == 0);
}

TEST_CASE("of a kind that does not fit, samples are taken over the whole run") {
  const SampleChoice choice = choose(1000, 0, 0, 10);
  REQUIRE(choice.keys.size() == 10);
  CHECK(choice.keys[0].position == 0);
  CHECK(choice.keys[1].position == 100);
  CHECK(choice.keys[9].position == 900);
}

TEST_CASE("no room shows nothing") {
  CHECK(choose(5, 5, 5, 0).keys.empty());
}
