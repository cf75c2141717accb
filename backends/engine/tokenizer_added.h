// Added tokens cut out of a text: at every place the longest one that is there.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "backends/engine/tokenizer.h"

namespace assay::engine {

// Thread rule: const and re-entrant after construction.
class AddedTokens {
 public:
  explicit AddedTokens(std::vector<AddedToken> tokens);

  // A part of a text: an added token with its id, or what lies between two of them with id -1.
  struct Part {
    std::string_view text;
    int id = -1;
  };

  std::vector<Part> cut(std::string_view text) const;

 private:
  static constexpr std::uint32_t none = UINT32_MAX;

  // The longest token at `at`, an index into tokens_; none.
  std::uint32_t longest_at(std::string_view text, std::size_t at) const;

  std::vector<AddedToken> tokens_;
  std::array<bool, 256> first_{};                              // bytes that a token starts with
  std::unordered_map<std::uint64_t, std::uint32_t> children_;  // of node << 8 | byte
  std::vector<std::uint32_t> ends_;                            // by node: the token that ends there
};

}  // namespace assay::engine
