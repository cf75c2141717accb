// Text to token ids and back: byte-level BPE as Hugging Face's tokenizers library does it, for the
// tokenizer.json (or GGUF vocabulary) of a model.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::engine {

// A token that is cut out of the text before anything else happens to it.
struct AddedToken {
  int id = -1;
  std::string content;
  bool special = false;      // left out of decoded text on demand
  bool normalized = false;   // cut out after those that are not
  bool lstrip = false;       // takes white space before it along
  bool rstrip = false;       // and after it
  bool single_word = false;  // only between word boundaries
};

// One step of pre-tokenisation: cuts every piece of the text at what the pattern matches.
struct SplitStep {
  enum class Behavior { isolated, removed, merged_with_previous, merged_with_next, contiguous };
  std::string pattern;  // Oniguruma's syntax, see tokenizer_pattern.h
  Behavior behavior = Behavior::isolated;
  bool invert = false;  // what lies between the matches counts as matched
};

// A vocabulary as files describe it.
struct TokenizerSpec {
  std::vector<std::string> pieces;  // by id, in the byte-to-character spelling; empty: no token
  std::vector<std::pair<int, int>> merges;  // of ids, best first
  std::vector<int> merged;                  // the id that each merge makes
  std::vector<AddedToken> added;
  std::vector<SplitStep> splits;
  bool byte_fallback = false;  // bytes without a token are spelled <0x0A>
  bool ignore_merges = false;  // a word that is a token is taken whole
  int unknown = -1;            // token of a byte without one; -1: the byte is dropped
};

// Thread rule: const and re-entrant after construction.
class Tokenizer {
 public:
  // `where` starts every message. Throws UserError where the parts contradict each other or a
  // pattern cannot be read.
  Tokenizer(TokenizerSpec spec, const std::string& where);
  ~Tokenizer();
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;

  // Added tokens within the text are recognised; none is put before or after. Bytes that are no
  // UTF-8 are kept. Time is linear in the text but for a factor of log n within one word.
  std::vector<int> encode(std::string_view text) const;

  // The same, with added tokens taken as ordinary text: for what must not steer the model.
  std::vector<int> encode_ordinary(std::string_view text) const;

  // The text of `ids`: ids without a token are passed over, broken UTF-8 becomes U+FFFD.
  std::string decode(std::span<const int> ids, bool skip_special = false) const;

  // The bytes of one token, which may be part of a character; empty for an id without a token.
  std::string_view bytes(int id) const;

  bool is_special(int id) const;

  // The token that is spelled so in whole: an added token, or the bytes of an ordinary one.
  std::optional<int> find(std::string_view text) const;

  int size() const;  // one above the largest id

 private:
  struct Parts;
  std::unique_ptr<const Parts> parts_;
};

// Decodes tokens as they come: returns only whole characters, holds back at most three bytes.
// Thread rule: one thread at a time; the tokenizer must outlive it.
class TokenStream {
 public:
  explicit TokenStream(const Tokenizer& tokenizer, bool skip_special = false)
      : tokenizer_(tokenizer), skip_special_(skip_special) {}

  std::string push(int id);
  std::string finish();  // what was held back, as U+FFFD

 private:
  const Tokenizer& tokenizer_;
  bool skip_special_;
  std::string held_;
};

// FOLDER/tokenizer.json; null where there is none. Throws UserError, one line, for a file that
// cannot be read as such, asks for something this tokenizer does not do, or has an id that is not
// below `vocab_size` of the model.
std::unique_ptr<Tokenizer> load_tokenizer(const std::filesystem::path& folder, int vocab_size);

// The tokenizer of one tokenizer.json's text. Throws UserError, one line that starts with `where`.
std::unique_ptr<Tokenizer> parse_tokenizer(std::string_view json_text, const std::string& where);

}  // namespace assay::engine
