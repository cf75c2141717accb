// Where a free text announces its answer: "the final answer is", "Answer:", "答案是", "Respuesta:"
// and their kin, headings among them.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace assay::math {

enum class MarkerKind {
  final_answer,  // "final answer is", "final answer:", "最终答案"
  answer,        // "answer is", "answer:", "答案是"
  short_label,   // "A:" or "答：" at the start of a line
};

struct AnswerMarker {
  MarkerKind kind = MarkerKind::answer;
  bool colon = false;    // announced by a colon or =, not by a verb
  bool heading = false;  // "## Answer", "**Conclusion**" on a line of its own
  size_t begin = 0;      // where the announcement begins
  size_t rest = 0;  // where what it announces begins: after the colon or verb, blanks, asterisks
};

// The last of them (of 256 places where the word stands), in the order of the text; the markdown
// around and inside an announcement is looked through. Questions ("what is the answer?"), denials
// ("the answer is not 5"), what is only supposed ("many would say the answer is 5") and templates
// ("Answer: $ANSWER") are no announcements. Linear in the length of the text; any bytes will do.
std::vector<AnswerMarker> answer_markers(std::string_view text);

}  // namespace assay::math
