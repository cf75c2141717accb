#include "backends/engine/tokenizer_bpe.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <queue>

namespace assay::engine {

namespace {

// Up to here looking through all pairs again after every merge beats keeping a heap.
constexpr std::size_t short_word_max = 64;

constexpr std::uint32_t gone = UINT32_MAX;

std::uint64_t pair_of(int left, int right) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 |
         static_cast<std::uint32_t>(right);
}

std::uint64_t slot_of(std::uint64_t pair) {
  const std::uint64_t stirred = pair * 0x9E3779B97F4A7C15U;
  return stirred ^ stirred >> 32;
}

// A pair that may still be there, found by the place of its left part.
struct Candidate {
  std::uint32_t rank = 0;
  std::uint32_t place = 0;
  int merged = 0;
  bool operator>(const Candidate& other) const {
    return std::pair(rank, place) > std::pair(other.rank, other.place);
  }
};

}  // namespace

Bpe::Bpe(const std::array<int, 256>& byte_ids, const std::vector<std::pair<int, int>>& merges,
         const std::vector<int>& merged)
    : byte_ids_(byte_ids), table_(std::bit_ceil(2 * merges.size() + 2)), mask_(table_.size() - 1) {
  assert(merges.size() == merged.size());
  for (std::size_t i = 0; i < merges.size(); ++i) {
    const std::uint64_t pair = pair_of(merges[i].first, merges[i].second);
    std::uint64_t slot = slot_of(pair) & mask_;
    while (table_[slot].merged >= 0 && table_[slot].pair != pair) {
      slot = (slot + 1) & mask_;
    }
    table_[slot] = {.pair = pair, .rank = static_cast<std::uint32_t>(i), .merged = merged[i]};
  }
}

const Bpe::Merge* Bpe::find(int left, int right) const {
  const std::uint64_t pair = pair_of(left, right);
  std::uint64_t slot = slot_of(pair) & mask_;
  while (table_[slot].merged >= 0) {
    if (table_[slot].pair == pair) {
      return &table_[slot];
    }
    slot = (slot + 1) & mask_;
  }
  return nullptr;
}

std::uint32_t Bpe::rank(int left, int right) const {
  const Merge* merge = find(left, right);
  return merge == nullptr ? no_rank : merge->rank;
}

void Bpe::encode(std::string_view word, std::vector<int>& out, Scratch& scratch) const {
  scratch.ids.clear();
  for (const char c : word) {
    if (const int id = byte_ids_[static_cast<unsigned char>(c)]; id >= 0) {
      scratch.ids.push_back(id);
    }
  }
  if (scratch.ids.size() > short_word_max) {
    merge_long(scratch);
  } else if (scratch.ids.size() > 1) {
    merge_short(scratch);
  }
  out.insert(out.end(), scratch.ids.begin(), scratch.ids.end());
}

void Bpe::merge_short(Scratch& scratch) const {
  std::vector<int>& ids = scratch.ids;
  std::vector<std::uint32_t>& ranks = scratch.ranks;  // of the pair that starts at each place
  ranks.assign(ids.size(), no_rank);
  for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
    ranks[i] = rank(ids[i], ids[i + 1]);
  }
  for (;;) {
    const auto best = std::min_element(ranks.begin(), ranks.end());
    if (*best == no_rank) {
      return;
    }
    const auto at = static_cast<std::size_t>(best - ranks.begin());
    ids[at] = find(ids[at], ids[at + 1])->merged;
    ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    ranks.erase(best);
    ranks[at] = at + 1 < ids.size() ? rank(ids[at], ids[at + 1]) : no_rank;
    if (at > 0) {
      ranks[at - 1] = rank(ids[at - 1], ids[at]);
    }
  }
}

void Bpe::merge_long(Scratch& scratch) const {
  std::vector<int>& ids = scratch.ids;  // by place; parts that were merged away are -1
  const auto count = static_cast<std::uint32_t>(ids.size());
  auto& next = scratch.next;
  auto& previous = scratch.previous;
  next.resize(count);
  previous.resize(count);
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
  const auto offer = [&](std::uint32_t place) {
    const Merge* merge = next[place] == gone ? nullptr : find(ids[place], ids[next[place]]);
    if (merge != nullptr) {
      queue.push({merge->rank, place, merge->merged});
    }
  };
  for (std::uint32_t i = 0; i < count; ++i) {
    next[i] = i + 1 < count ? i + 1 : gone;
    previous[i] = i > 0 ? i - 1 : gone;
    offer(i);
  }
  while (!queue.empty()) {
    const Candidate best = queue.top();
    queue.pop();
    const std::uint32_t left = best.place;
    const std::uint32_t right = ids[left] < 0 ? gone : next[left];
    // The parts may have been merged with others since this pair was found.
    const Merge* merge = right == gone ? nullptr : find(ids[left], ids[right]);
    if (merge == nullptr || merge->rank != best.rank) {
      continue;
    }
    ids[left] = best.merged;
    ids[right] = -1;
    next[left] = next[right];
    if (next[left] != gone) {
      previous[next[left]] = left;
    }
    offer(left);
    if (previous[left] != gone) {
      offer(previous[left]);
    }
  }
  std::erase(ids, -1);
}

}  // namespace assay::engine
