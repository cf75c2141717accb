// Pre-tokenisation: the text cut into words, each of which byte-pair encoding treats on its own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "backends/engine/tokenizer.h"
#include "backends/engine/tokenizer_pattern.h"

namespace assay::engine {

// Thread rule: const and re-entrant after construction.
class Splitter {
 public:
  Splitter(const std::vector<SplitStep>& steps, const std::string& where);  // throws UserError

  // The words of `text` in order, as parts of it. What a step removes is in no word.
  std::vector<std::string_view> split(std::string_view text) const;

 private:
  struct Span {
    std::size_t begin = 0;  // in codes
    std::size_t end = 0;
    bool matched = false;
  };
  struct Step {
    Pattern pattern;
    SplitStep::Behavior behavior;
    bool invert;
  };

  static void cut(const Step& step, std::u32string_view text, Span piece, Pattern::Memory& memory,
                  std::vector<Span>& out);
  static void join(SplitStep::Behavior behavior, std::vector<Span>& spans, std::size_t from);

  std::vector<Step> steps_;
};

}  // namespace assay::engine
