// What a text says of the letters of its options: chosen, rejected, supposed, or only mentioned.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "suites/math/choice_text.h"

namespace assay::math {

enum class Claim {
  pointed,    // "so it is C"
  right,      // "C is correct"
  rejected,   // "C is wrong", "not C"
  supposed,   // "if C", "is it C?", "let us check C"
  mentioned,  // anything else
};

struct LetterStatement {
  Claim claim = Claim::mentioned;
  Letters letters = 0;
  bool alternatives = false;  // just one of the letters is meant
  bool named = false;         // "(C)", "option C": an option at least
  bool revised = false;       // after "wait" or "correction"
  bool announced = false;     // pointed to as the answer
  bool label = false;         // "C: ..." at the start of a line
  size_t begin = 0;           // in the text
};

enum class Standing { holds, supposed, withdrawn };

struct StandingAt {
  Standing standing = Standing::holds;
  size_t behind = 0;  // of what is withdrawn: where it is
};

class ChoiceText {
 public:
  // `judged`: whether words like "false" judge an option rather than are the content of one.
  ChoiceText(std::string_view text, size_t options, bool judged);

  // In the order of the text.
  std::vector<LetterStatement> statements() const;

  // Of what is announced from `begin` on and said from `rest` on.
  StandingAt standing(size_t begin, size_t rest) const;

  // Whether the text begins with a supposition: "let A = 12".
  bool supposes() const { return !tokens_.empty() && tokens_.front().is(role::doubt); }

  // Whether the text begins with words that take back what stood in front of it.
  bool takes_back() const { return takes_back(0); }

  // Whether the clause around a stretch says that it is not so.
  bool is_denied(size_t begin, size_t end) const;

  // The letters that lead the text, as far as nothing there says that they are not the answer; no
  // letters otherwise. "A dog" is no answer A.
  ChoiceToken leading() const;

 private:
  size_t at(size_t place) const;
  size_t clause_end(size_t first, size_t tokens_max) const;
  bool takes_back(size_t first) const;
  LetterStatement label(size_t first, size_t end) const;
  void clause(size_t first, size_t end, bool asked, std::vector<LetterStatement>& out) const;
  bool called_right(size_t letters, size_t end) const;
  Claim pointed_to(size_t first, size_t letters, size_t end, bool* announced) const;
  bool denies_subject(size_t first, size_t letters) const;
  bool is_judged_inline(size_t letters) const;

  std::vector<ChoiceToken> tokens_;
  bool judged_;
};

// The letters that the statements come to: those last pointed to, else those called right and not
// taken back; alternatives are marked. Empty where there are none.
LetterStatement conclusion(const std::vector<LetterStatement>& statements, size_t options);

}  // namespace assay::math
