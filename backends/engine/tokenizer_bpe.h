// Byte-pair encoding of one word: starting from its bytes, the pair that was learnt first is merged
// first, the leftmost of equal ones, until no pair of the table is left.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::engine {

// Thread rule: const and re-entrant after construction.
class Bpe {
 public:
  // `byte_ids`: the token of each byte; negative: none, the byte is dropped. `merges`: pairs of
  // ids, best first; `merged`: what each makes. Of a pair that is listed twice the later counts, as
  // in Hugging Face's library.
  Bpe(const std::array<int, 256>& byte_ids, const std::vector<std::pair<int, int>>& merges,
      const std::vector<int>& merged);

  // Buffers that live from word to word.
  struct Scratch {
    std::vector<int> ids;
    std::vector<std::uint32_t> ranks;
    std::vector<std::uint32_t> next;
    std::vector<std::uint32_t> previous;
  };

  // Appends the tokens of `word`: n log n for long words.
  void encode(std::string_view word, std::vector<int>& out, Scratch& scratch) const;

 private:
  struct Merge {
    std::uint64_t pair = 0;
    std::uint32_t rank = 0;
    int merged = -1;  // -1: an empty slot
  };

  static constexpr std::uint32_t no_rank = UINT32_MAX;

  const Merge* find(int left, int right) const;
  std::uint32_t rank(int left, int right) const;
  void merge_short(Scratch& scratch) const;
  void merge_long(Scratch& scratch) const;

  std::array<int, 256> byte_ids_;
  std::vector<Merge> table_;  // open addressing; a power of two, at most half full
  std::uint64_t mask_ = 0;
};

}  // namespace assay::engine
