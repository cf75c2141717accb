// The paged cache of latents, with a memory of prompts: pages that begin with the same tokens are
// computed once and shared.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "kernels/ops.h"
#include "kernels/pack.h"

namespace assay::engine {

inline constexpr int page_positions = kernels::LatentAttention::page_positions;

// Legal calls: (acquire (completed)* release)*, for many leases at a time.
// Thread rule: one thread at a time.
class LatentCache {
 public:
  struct Options {
    std::size_t page_values = 0;  // f32 values of a page, all layers together
    int pages_max = 0;
    bool share_prefixes = true;
  };
  explicit LatentCache(const Options& options);
  LatentCache(const LatentCache&) = delete;
  LatentCache& operator=(const LatentCache&) = delete;

  // A sequence's place in the cache.
  struct Lease {
    std::vector<float*> pages;  // page i holds positions [32 i, 32 (i + 1))
    int cached = 0;             // positions at the start that are already there
    std::vector<int> ids;       // of the pages
  };

  int pages_max() const { return options_.pages_max; }
  static int pages_for(std::int64_t positions) {
    return static_cast<int>((positions + page_positions - 1) / page_positions);
  }

  // Room for `positions` positions of a sequence that begins with `prompt`, of which at most
  // `cached_max` positions may be taken from the memory. Empty: not now, because there is no room
  // or because another lease is computing a page that this one could share; try again after a
  // release or a completed. REQUIRES: pages_for(positions) <= pages_max().
  std::optional<Lease> acquire(std::span<const int> prompt, std::int64_t positions,
                               std::int64_t cached_max);

  // The first `positions` positions of the lease are computed.
  void completed(const Lease& lease, std::int64_t positions);

  void release(const Lease& lease);

  // Pages held by leases, for tests and telemetry.
  int pages_in_use() const { return in_use_; }

 private:
  // What a page remembers: its tokens and the page before it. Pages of answers remember nothing.
  struct Page {
    int parent = -1;
    std::vector<int> tokens;  // empty: not in the memory
    bool complete = false;
    int leases = 0;
    int children = 0;
    std::uint64_t last_used = 0;
  };
  using Key = std::pair<int, std::vector<int>>;  // parent page, tokens

  float* memory_of(int id);
  bool evictable(int id) const;
  void forget(int id);
  bool make_room(int pages);
  void hold(int id);
  void drop(int id);

  Options options_;
  std::unique_ptr<void, kernels::FreeDeleter> storage_;
  float* memory_;  // (pages_max, page_values), touched page by page; zeros at first
  std::vector<Page> pages_;
  std::vector<int> free_;
  std::map<Key, int> memory_of_prompts_;
  std::set<std::pair<std::uint64_t, int>> evictable_;  // (last_used, id): oldest first
  std::uint64_t clock_ = 0;
  int in_use_ = 0;
};

}  // namespace assay::engine
