// The parts that the readings of choice.h are made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suites/math/choice.h"
#include "suites/math/choice_text.h"
#include "suites/math/equivalence.h"

namespace assay::math {

// The options of a question, to be found by their content in one response. Not for several threads.
class Options {
 public:
  explicit Options(const std::vector<std::string>& options);

  size_t size() const { return plain_.size(); }

  // The letter of the one option with this content: the same words, else the same value by the
  // equivalence engine, which a response that keeps announcing exhausts (see References). 0 where
  // none or several have it.
  char by_content(std::string_view content);

  // The letter of the one option (of two words or more) whose words stand in `sentence`, where it
  // does not say that they are wrong; else 0.
  char named_in(std::string_view sentence) const;

  // Whether `text` ends with all of the options, one after the other, and so chooses none.
  bool lists_all(std::string_view text) const;

  // Whether words like "false" judge an option: none of them is a part of one.
  bool judged() const { return judged_; }

 private:
  std::vector<std::string> plain_;  // in lower case, without markup, one blank between words
  std::vector<Letters> numerals_;   // "I and III only" as a set; 0: the option is none
  size_t content_bytes_max_ = 0;    // of what may equal an option
  bool judged_ = true;
  References references_;
};

// The letter in "b", "(b)" and "b) 12", which may as well be the content of an option; 0 for
// others.
char lower_case_letter(std::string_view text, size_t options);

// Readings of the field, each as its source has it; see choice.h.
ChoiceAnswer read_mmlu_pro(std::string_view response);
ChoiceAnswer read_simple_evals_choice(std::string_view response, size_t options);
ChoiceAnswer read_mlperf_choice(std::string_view response, size_t options);
ChoiceAnswer read_lm_eval_gpqa(std::string_view response);

}  // namespace assay::math
