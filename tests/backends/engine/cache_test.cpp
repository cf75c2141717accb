#include "backends/engine/cache.h"

#include <numeric>

#include "tests/catch.h"

namespace assay::engine {

namespace {

std::vector<int> prompt_of(int length, int first = 0) {
  std::vector<int> tokens(static_cast<std::size_t>(length));
  std::iota(tokens.begin(), tokens.end(), first);
  return tokens;
}

LatentCache::Options options_of(int pages) {
  return {.page_values = 16, .pages_max = pages};
}

}  // namespace

TEST_CASE("a prompt's whole pages are shared once they are computed") {
  LatentCache cache(options_of(10));
  const auto prompt = prompt_of(100);
  const auto first = cache.acquire(prompt, 110, 99);
  REQUIRE(first);
  CHECK(first->pages.size() == 4);
  CHECK(first->cached == 0);
  CHECK_FALSE(cache.acquire(prompt, 110, 99));  // the first is at it
  cache.completed(*first, 40);
  CHECK_FALSE(cache.acquire(prompt, 110, 99));
  cache.completed(*first, 100);
  const auto second = cache.acquire(prompt, 110, 99);
  REQUIRE(second);
  CHECK(second->cached == 96);
  CHECK(second->pages[2] == first->pages[2]);
  CHECK(second->pages[3] != first->pages[3]);
  CHECK(cache.pages_in_use() == 5);
}

TEST_CASE("no more is taken from the memory than the caller allows") {
  LatentCache cache(options_of(10));
  const auto prompt = prompt_of(96);
  const auto first = cache.acquire(prompt, 96, 95);
  cache.completed(*first, 96);
  cache.release(*first);
  CHECK(cache.acquire(prompt, 96, 95)->cached == 64);
  CHECK(cache.acquire(prompt, 96, 40)->cached == 32);
}

TEST_CASE("what was not completed is forgotten on release") {
  LatentCache cache(options_of(10));
  const auto prompt = prompt_of(96);
  const auto first = cache.acquire(prompt, 96, 95);
  cache.completed(*first, 50);
  cache.release(*first);
  CHECK(cache.pages_in_use() == 0);
  CHECK(cache.acquire(prompt, 96, 95)->cached == 32);
}

TEST_CASE("the oldest memories make room, and leases never do") {
  LatentCache cache(options_of(4));
  for (const int first : {0, 1000, 2000}) {
    const auto lease = cache.acquire(prompt_of(40, first), 40, 39);
    REQUIRE(lease);
    cache.completed(*lease, 40);
    cache.release(*lease);
  }
  // Three remembered pages, one free: this one needs two.
  const auto held = cache.acquire(prompt_of(40, 3000), 40, 39);
  REQUIRE(held);
  const auto second = cache.acquire(prompt_of(40, 2000), 40, 39);
  REQUIRE(second);
  CHECK(second->cached == 32);
  CHECK_FALSE(cache.acquire(prompt_of(40, 1000), 40, 39));
  cache.release(*held);
  CHECK(cache.acquire(prompt_of(40, 0), 40, 39)->cached == 0);
}

TEST_CASE("without sharing nothing is remembered") {
  LatentCache cache({.page_values = 16, .pages_max = 8, .share_prefixes = false});
  const auto prompt = prompt_of(96);
  const auto first = cache.acquire(prompt, 96, 95);
  cache.completed(*first, 96);
  CHECK(cache.acquire(prompt, 96, 95)->cached == 0);
}

}  // namespace assay::engine
