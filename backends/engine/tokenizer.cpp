#include "backends/engine/tokenizer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "backends/engine/json_file.h"
#include "backends/engine/tokenizer_added.h"
#include "backends/engine/tokenizer_bpe.h"
#include "backends/engine/tokenizer_spelling.h"
#include "backends/engine/tokenizer_split.h"
#include "backends/engine/unicode.h"
#include "harness/error.h"

namespace assay::engine {

namespace {

// The tokens of words seen before in the same text: most words of a text repeat. Direct-mapped, so
// that its size is bounded; a newer word takes the place of an older one.
class WordCache {
 public:
  explicit WordCache(std::size_t text_size)
      : entries_(text_size < 512 ? 0
                                 : std::min<std::size_t>(std::bit_ceil(text_size / 16), 1 << 14)) {}

  static constexpr std::size_t ids_max = 5;
  static constexpr std::size_t word_max = 32;

  struct Entry {
    std::string_view word;
    std::uint32_t count = 0;
    std::array<int, ids_max> ids{};
  };

  // Null where the word is not to be kept.
  Entry* place(std::string_view word) {
    if (entries_.empty() || word.size() > word_max) {
      return nullptr;
    }
    std::uint64_t hash = word.size();
    for (std::size_t at = 0; at < word.size(); at += 8) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, word.data() + at, std::min<std::size_t>(8, word.size() - at));
      hash = (hash ^ bytes) * 0x9E3779B97F4A7C15U;
      hash ^= hash >> 32;
    }
    return &entries_[hash & (entries_.size() - 1)];
  }

 private:
  std::vector<Entry> entries_;
};

std::vector<AddedToken> chosen(const std::vector<AddedToken>& all, bool normalized) {
  std::vector<AddedToken> some;
  std::copy_if(all.begin(), all.end(), std::back_inserter(some),
               [=](const AddedToken& token) { return token.normalized == normalized; });
  return some;
}

}  // namespace

struct Tokenizer::Parts {
  Parts(const TokenizerSpec& spec, const std::string& where)
      : splitter(spec.splits, where),
        first_added(chosen(spec.added, false)),
        second_added(chosen(spec.added, true)),
        bytes(spec.pieces.size()),
        special(spec.pieces.size()),
        bpe(spell(spec), spec.merges, spec.merged) {
    for (const AddedToken& token : spec.added) {
      bytes[static_cast<std::size_t>(token.id)] = token.content;
      special[static_cast<std::size_t>(token.id)] = token.special;
    }
    for (std::size_t id = 0; spec.ignore_merges && id < bytes.size(); ++id) {
      if (!spec.pieces[id].empty()) {
        whole_words.emplace(bytes[id], static_cast<int>(id));
      }
    }
  }

  // Fills `bytes` and returns the token of each byte.
  std::array<int, 256> spell(const TokenizerSpec& spec) {
    std::array<int, 256> byte_ids{};
    byte_ids.fill(spec.unknown);
    std::array<bool, 256> known{};
    for (std::size_t id = 0; id < spec.pieces.size(); ++id) {
      const std::string& piece = spec.pieces[id];
      const auto fallback = spec.byte_fallback ? fallback_byte(piece) : std::nullopt;
      bytes[id] = fallback ? std::string(1, static_cast<char>(*fallback)) : spelled_bytes(piece);
      // A blank or a control character spelled as itself is a text of its own, not that byte.
      const bool raw = piece.size() == 1 && (piece[0] <= ' ' || piece[0] == '\x7F');
      const auto byte = bytes[id].size() == 1 ? static_cast<unsigned char>(bytes[id][0]) : 0U;
      // A byte's own token wins over its fallback.
      if (bytes[id].size() == 1 && !raw && (!fallback || !known[byte])) {
        byte_ids[byte] = static_cast<int>(id);
        known[byte] = !fallback.has_value();
      }
    }
    return byte_ids;
  }

  void encode_words(std::string_view text, std::vector<int>& ids) const {
    WordCache cache(text.size());
    Bpe::Scratch scratch;
    for (const std::string_view word : splitter.split(text)) {
      WordCache::Entry* known = cache.place(word);
      if (known != nullptr && known->word == word) {
        ids.insert(ids.end(), known->ids.begin(), known->ids.begin() + known->count);
        continue;
      }
      const std::size_t from = ids.size();
      encode_word(word, ids, scratch);
      const std::size_t count = ids.size() - from;
      if (known != nullptr && count <= WordCache::ids_max) {
        known->word = word;
        known->count = static_cast<std::uint32_t>(count);
        std::copy_n(ids.begin() + static_cast<std::ptrdiff_t>(from), count, known->ids.begin());
      }
    }
  }

  void encode_word(std::string_view word, std::vector<int>& ids, Bpe::Scratch& scratch) const {
    if (!whole_words.empty()) {
      if (const auto whole = whole_words.find(word); whole != whole_words.end()) {
        ids.push_back(whole->second);
        return;
      }
    }
    bpe.encode(word, ids, scratch);
  }

  Splitter splitter;
  AddedTokens first_added;   // those that are not normalised, which Hugging Face cuts out first
  AddedTokens second_added;  // the others
  std::vector<std::string> bytes;
  std::vector<bool> special;
  std::unordered_map<std::string_view, int> whole_words;  // with ignore_merges; views into `bytes`
  Bpe bpe;
};

Tokenizer::Tokenizer(TokenizerSpec spec, const std::string& where) {
  for (const AddedToken& token : spec.added) {
    if (token.id < 0 || token.content.empty()) {
      throw UserError(where + ": an added token without text or id");
    }
    if (static_cast<std::size_t>(token.id) >= spec.pieces.size()) {
      spec.pieces.resize(static_cast<std::size_t>(token.id) + 1);
    }
  }
  const auto is_token = [&spec](int id) {
    return id >= 0 && static_cast<std::size_t>(id) < spec.pieces.size() &&
           !spec.pieces[static_cast<std::size_t>(id)].empty();
  };
  bool good =
      spec.merges.size() == spec.merged.size() && (spec.unknown < 0 || is_token(spec.unknown));
  for (std::size_t i = 0; good && i < spec.merges.size(); ++i) {
    good = is_token(spec.merges[i].first) && is_token(spec.merges[i].second) &&
           is_token(spec.merged[i]);
  }
  if (!good) {
    throw UserError(where + ": a merge or the unknown token names an id without a token");
  }
  parts_ = std::make_unique<const Parts>(spec, where);
}

Tokenizer::~Tokenizer() = default;

std::vector<int> Tokenizer::encode(std::string_view text) const {
  std::vector<int> ids;
  for (const AddedTokens::Part& outer : parts_->first_added.cut(text)) {
    if (outer.id >= 0) {
      ids.push_back(outer.id);
      continue;
    }
    for (const AddedTokens::Part& inner : parts_->second_added.cut(outer.text)) {
      if (inner.id >= 0) {
        ids.push_back(inner.id);
      } else {
        parts_->encode_words(inner.text, ids);
      }
    }
  }
  return ids;
}

std::vector<int> Tokenizer::encode_ordinary(std::string_view text) const {
  std::vector<int> ids;
  parts_->encode_words(text, ids);
  return ids;
}

std::string Tokenizer::decode(std::span<const int> ids, bool skip_special) const {
  std::string text;
  for (const int id : ids) {
    if (!skip_special || !is_special(id)) {
      text += bytes(id);
    }
  }
  return with_replacements(text);
}

std::string_view Tokenizer::bytes(int id) const {
  const bool there = id >= 0 && id < size();
  return there ? std::string_view(parts_->bytes[static_cast<std::size_t>(id)]) : std::string_view();
}

bool Tokenizer::is_special(int id) const {
  return id >= 0 && id < size() && parts_->special[static_cast<std::size_t>(id)];
}

std::optional<int> Tokenizer::find(std::string_view text) const {
  const auto& all = parts_->bytes;
  const auto found = std::find(all.begin(), all.end(), text);
  return found == all.end() || text.empty() ? std::nullopt
                                            : std::optional(static_cast<int>(found - all.begin()));
}

int Tokenizer::size() const {
  return static_cast<int>(parts_->bytes.size());
}

std::string TokenStream::push(int id) {
  if (!skip_special_ || !tokenizer_.is_special(id)) {
    held_ += tokenizer_.bytes(id);
  }
  const std::size_t whole = held_.size() - unfinished_tail(held_);
  std::string text = with_replacements(std::string_view(held_).substr(0, whole));
  held_.erase(0, whole);
  return text;
}

std::string TokenStream::finish() {
  return with_replacements(std::exchange(held_, {}));
}

}  // namespace assay::engine
