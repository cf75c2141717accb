// Answers to questions with lettered options: the letter, or the content of an option.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::math {

struct ChoiceAnswer {
  char letter = 0;        // 'A'..; 0: none found, or several
  std::string letters;    // all that were chosen, in the order of the alphabet: "AC"
  std::string extracted;  // what was taken from the text; may be the content of no option
  std::string how;        // one line: what announced it, or why there is none
};

// The conventions by name, the primary one first:
//   final-choice  ours: the last box, else what the last announcement announces, else what the last
//                 sentence comes to; a letter in any of its dresses, else the content of exactly
//                 one option. A letter that the text rejects, supposes or takes back is none; of
//                 "A or B" neither is. A text that breaks off or declines has no answer.
//   mmlu-pro      first `answer is \(?([A-J])\)?`, else of the first line that has one the last
//                 `[aA]nswer:\s*([A-J])`, else the last of the letters A-J anywhere
//                 (TIGER-AI-Lab/MMLU-Pro: compute_accuracy.py, without its random guess)
//   simple-evals  first `(?i)Answer[ \t]*:[ \t]*\$?([A-D])\$?` (gpqa_eval.py), A-J for more options
//   mlperf-r1     last `ANSWER|FINAL ANSWER` with a letter behind it; with more than four options
//                 else the last letter that stands alone (language/deepseek-r1/eval_accuracy.py)
//   lm-eval-gpqa  last `(\([A-Z]\))` (flexible-extract of lm_eval/tasks/gpqa), and no fallback
const std::vector<std::string>& choice_conventions();

// The options that a question has; more are cut off.
constexpr size_t options_max = 26;

// REQUIRES: the convention is one of choice_conventions(); there are 1 to options_max options.
// Linear in the length of the response; any bytes will do.
ChoiceAnswer read_choice(std::string_view convention, std::string_view response,
                         const std::vector<std::string>& options);

// The letter of a gold answer: "B", "(B)", "b"; 0 where it is none of `options` many letters.
char gold_letter(std::string_view gold, size_t options);

// The letters of a gold answer of one or several, in the order of the alphabet: "ABD", "A, C";
// empty where it is none.
std::string gold_letters(std::string_view gold, size_t options);

}  // namespace assay::math
