// The regular expressions of tokenizer.json: the part of Oniguruma's syntax that tokenizers of this
// and neighbouring families use, matched as Oniguruma does (the first alternative that works, loops
// as long as they can be), in time linear in the text.
//
// Understood: characters and escapes, \p{..} of general categories, \s \S \d \D \w \W, classes in
// brackets, groups (?:..) (..) (?i:..), (?!..) and (?=..), |, ^, $, and the counts ? * + {m,n} with
// a possessive + after the first three. Not understood, and refused: lazy counts, back references,
// look-behind, nested classes and other groups.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::engine {

// One set of code points; broken bytes of the text (see unicode.h) are in negated sets only.
class CodeSet {
 public:
  static constexpr std::size_t size = 0x110000;

  void add(char32_t first, char32_t last);
  void add(const CodeSet& other);
  void add_categories(std::uint32_t categories);
  void negate();
  bool contains(char32_t code) const {
    return code < size ? (words_[code >> 6] >> (code & 63) & 1) != 0 : beyond_;
  }
  bool operator==(const CodeSet&) const = default;

 private:
  std::vector<std::uint64_t> words_ = std::vector<std::uint64_t>(size / 64);
  bool beyond_ = false;
};

// Thread rule: const and re-entrant after construction.
class Pattern {
 public:
  // Throws UserError "WHERE: pattern ...: what is not understood". A pattern that matches the empty
  // text is refused as well: there is nothing to cut out.
  Pattern(std::string_view text, const std::string& where);

  // What the searches of one text leave behind for the later ones. Reset between texts.
  class Memory {
   public:
    void reset() {
      failed_.clear();
      steps_ = 0;
    }

   private:
    friend class Pattern;
    struct Choice {
      std::uint32_t pc = 0;
      std::size_t low = 0;   // loops: may not end before
      std::size_t at = 0;    // where to go on
      std::size_t high = 0;  // loops: as far as the set goes
    };
    struct Span {
      std::size_t begin = 0;
      std::size_t end = 0;
    };
    std::vector<Choice> stack_;
    std::vector<Span> failed_;  // by instruction: a loop that starts in there leads nowhere
    std::size_t steps_ = 0;
  };

  struct Match {
    std::size_t begin = 0;
    std::size_t end = 0;  // equal to begin: none
  };

  // The leftmost match that starts at `from` or later, in codes of `text`. Throws UserError where
  // backing up takes more steps than any honest pattern needs.
  Match find(std::u32string_view text, std::size_t from, Memory& memory) const;

  enum class Op : std::uint8_t {
    one,         // a code of set `a`
    loop,        // `least` to `most` codes of set `a`, as many as possible
    possess,     // the same, giving none back
    split,       // go on at `a`; should that fail, at `b`
    jump,        // go on at `a`
    ahead,       // what starts at the next instruction must match here; then go on at `a`
    not_ahead,   // must not match here
    line_begin,  //
    line_end,    // before a line feed, or at the end
    accept,
  };
  struct Instruction {
    Op op = Op::accept;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    std::uint32_t least = 0;
    std::uint32_t most = 0;
  };
  struct Program {
    std::vector<Instruction> code;
    std::vector<CodeSet> sets;
    std::vector<std::uint32_t> alternatives;  // where each starts, the first to try first
  };

 private:
  struct Place {
    std::uint32_t pc = 0;
    std::size_t at = 0;
  };

  // The end of the match of the program from `pc` at `at`, or no_match.
  std::size_t run(Place place, std::u32string_view text, Memory& memory) const;
  bool step(const Instruction& now, Place& place, std::u32string_view text, Memory& memory) const;
  bool take_loop(const Instruction& now, Place& place, std::u32string_view text,
                 Memory& memory) const;
  bool back_up(Place& place, std::size_t bottom, Memory& memory) const;
  // Adds to `first` the ASCII codes that a match from `pc` can begin with.
  void add_first(std::uint32_t pc, std::vector<bool>& seen, std::vector<bool>& first) const;

  std::string text_;  // for messages
  Program program_;
  std::vector<std::uint32_t> by_ascii_;  // for each ASCII code: bits of the alternatives to try
};

}  // namespace assay::engine
