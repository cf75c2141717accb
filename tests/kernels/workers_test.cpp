#include "kernels/workers.h"

#include "tests/catch.h"

namespace assay::kernels {

TEST_CASE("every task runs exactly once, round after round") {
  for (const int threads : {1, 2, 5}) {
    Workers workers(threads);
    CHECK(workers.threads() == threads);
    for (int round = 0; round < 200; ++round) {
      const int count = round % 17;
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(count));
      workers.run(count, [&](int i) { ++runs[static_cast<std::size_t>(i)]; });
      int total = 0;
      for (const auto& of_task : runs) {
        total += of_task == 1 ? 1 : 0;
      }
      REQUIRE(total == count);
    }
  }
}

TEST_CASE("an exception in a task comes out of run, and the next round is a clean one") {
  for (const int threads : {1, 3}) {
    Workers workers(threads);
    std::atomic<int> done{0};
    const auto throwing = [&](int i) {
      ++done;
      if (i % 7 == 3) {
        throw std::bad_alloc();
      }
    };
    CHECK_THROWS_AS(workers.run(100, throwing), std::bad_alloc);
    CHECK(done == 100);
    CHECK_NOTHROW(workers.run(100, [&](int) { ++done; }));
    CHECK(done == 200);
  }
}

TEST_CASE("what the tasks of a round wrote is seen after it") {
  Workers workers(3);
  std::vector<int> values(1000, 0);
  for (int round = 1; round <= 50; ++round) {
    workers.run(1000, [&](int i) { values[static_cast<std::size_t>(i)] += 1; });
    REQUIRE(std::vector<int>(1000, round) == values);
  }
}

}  // namespace assay::kernels
