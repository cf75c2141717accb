#include "harness/graders.h"

#include <atomic>
#include <stdexcept>

#include "tests/catch.h"

using assay::Graders;

TEST_CASE("every item is judged once before finish returns") {
  std::atomic<int> sum = 0;
  Graders<int> graders(3, 4, [&](int item) { sum += item; });
  for (int i = 1; i <= 1000; ++i) {
    graders.push(i);
  }
  graders.finish();
  CHECK(sum == 500'500);
}

TEST_CASE("what a judge throws reaches the thread that pushes") {
  Graders<int> graders(2, 2, [](int) { throw std::runtime_error("disk full"); });
  const auto push_many = [&] {
    for (int i = 0; i < 100; ++i) {
      graders.push(i);
    }
    graders.finish();
  };
  CHECK_THROWS_WITH(push_many(), "disk full");
}
