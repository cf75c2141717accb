// The answer that a long free text comes to, found by our own rules (the field's rules, to the
// letter, are in extraction.h).
#pragma once

#include <string>
#include <string_view>

namespace assay::math {

enum class Absence {
  none,        // there is an answer
  empty,       // nothing was written
  refused,     // the text declines to answer
  unfinished,  // the text, or its reasoning, breaks off before an answer
  not_found,   // the text ends without one
};

struct Extraction {
  std::string text;  // the answer as written, without what stood around it; empty: none
  std::string how;   // one phrase: what announced it, or why there is none
  Absence absence = Absence::none;
};

// What is read of a response, so that no length of it costs more than a millisecond: of a longer
// one the end, for the tags of reasoning and for boxes; and of that the closing part, for phrases,
// formulas and paragraphs.
constexpr size_t response_bytes_max = size_t{1} << 16;
constexpr size_t closing_bytes_max = 5000;
constexpr size_t answer_bytes_max = 4096;  // no longer one is an answer

// In this order:
//   1. the last box that is no template; boxes joined by commas, "and" or "or" are one answer
//   2. the last line "#### x"
//   3. what the last "final answer is", then the last "answer is", "Answer:", "答案是" announces
//      (inside the last <answer> where there is one, all of this)
//   4. what the last paragraph comes to: its last formula, bold text or number
//      (a text of one short line is its own answer)
// Reasoning between <think> and </think> is never looked at; where it does not end there is no
// answer. The fourth rule is not for texts that break off, or that decline. `cut_off`: the model
// was stopped by a limit. Linear in the length of the text; any bytes will do.
Extraction final_answer(std::string_view response, bool cut_off = false);

// The text behind the last </think>; all of it where there is none. Empty where a <think> is open
// to the end.
std::string_view without_reasoning(std::string_view response);

// The same of the end of a long response; one that begins with <think> has to close it there.
std::string_view answering_part(std::string_view response);

// What stands in the last <answer>, as some models are trained to write it; all of the text where
// there is none.
std::string_view inside_answer_tag(std::string_view text);

// The last `response_bytes_max` of a response: all that any rule reads.
std::string_view examined_part(std::string_view response);

}  // namespace assay::math
