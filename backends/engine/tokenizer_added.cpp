#include "backends/engine/tokenizer_added.h"

#include <algorithm>
#include <utility>

#include "backends/engine/unicode.h"

namespace assay::engine {

namespace {

bool is_word(char32_t code) {
  static const Categories word = *categories_named("L") | *categories_named("M") |
                                 *categories_named("Nd") | *categories_named("Nl") |
                                 *categories_named("Pc");
  return (category_of(code) & word) != 0;
}

// Where the character before `at` starts. REQUIRES: at > 0.
std::size_t previous_character(std::string_view text, std::size_t at) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(4, at); ++back) {
    if (static_cast<std::size_t>(decode_utf8(text, at - back).length) == back) {
      return at - back;
    }
  }
  return at - 1;
}

bool between_words(std::string_view text, std::size_t begin, std::size_t end) {
  const bool before = begin > 0 && is_word(decode_utf8(text, previous_character(text, begin)).code);
  const bool after = end < text.size() && is_word(decode_utf8(text, end).code);
  return !before && !after;
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens)
    : tokens_(std::move(tokens)), ends_(1, none) {
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    std::uint64_t node = 0;
    for (const char c : tokens_[i].content) {
      const auto [it, fresh] = children_.emplace(node << 8 | static_cast<unsigned char>(c),
                                                 static_cast<std::uint32_t>(ends_.size()));
      if (fresh) {
        ends_.push_back(none);
      }
      node = it->second;
    }
    if (node != 0) {
      ends_[node] = i;
      first_[static_cast<unsigned char>(tokens_[i].content[0])] = true;
    }
  }
}

std::uint32_t AddedTokens::longest_at(std::string_view text, std::size_t at) const {
  std::uint32_t best = none;
  std::uint64_t node = 0;
  for (; at < text.size(); ++at) {
    const auto child = children_.find(node << 8 | static_cast<unsigned char>(text[at]));
    if (child == children_.end()) {
      break;
    }
    node = child->second;
    if (ends_[node] != none) {
      best = ends_[node];
    }
  }
  return best;
}

std::vector<AddedTokens::Part> AddedTokens::cut(std::string_view text) const {
  std::vector<Part> parts;
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size() && !tokens_.empty();) {
    const std::uint32_t found =
        first_[static_cast<unsigned char>(text[at])] ? longest_at(text, at) : none;
    if (found == none) {
      ++at;
      continue;
    }
    const AddedToken& token = tokens_[found];
    std::size_t begin = at;
    std::size_t end = at + token.content.size();
    at = end;
    if (token.single_word && !between_words(text, begin, end)) {
      continue;
    }
    while (token.lstrip && begin > done) {
      const std::size_t before = previous_character(text, begin);
      if (!is_white_space(decode_utf8(text, before).code)) {
        break;
      }
      begin = before;
    }
    while (token.rstrip && end < text.size() && is_white_space(decode_utf8(text, end).code)) {
      end += static_cast<std::size_t>(decode_utf8(text, end).length);
    }
    at = end;
    if (begin > done) {
      parts.push_back({text.substr(done, begin - done), -1});
    }
    parts.push_back({text.substr(begin, end - begin), token.id});
    done = end;
  }
  if (done < text.size()) {
    parts.push_back({text.substr(done), -1});
  }
  return parts;
}

}  // namespace assay::engine
