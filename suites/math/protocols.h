// Ways of asking a set of questions that published figures were measured by: the prompt, the
// sampling and the number of samples, under one name.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/prompt.h"

namespace assay::math {

enum class Directive {
  boxed,   // "Please reason step by step, and put your final answer within \boxed{}."
  answer,  // a last line "Answer: ..."
};

struct Protocol {
  std::string_view name;
  std::string_view summary;  // one line, with its source
  Directive directive = Directive::boxed;
  Sampling sampling;
  int samples_small = 1;  // k for a set of at most 100 questions
  int samples_large = 1;  // k for a larger one

  int samples(size_t questions) const { return questions <= 100 ? samples_small : samples_large; }
};

// The first is what the suites ask for by themselves.
std::span<const Protocol> protocols();

// Throws UserError that lists the names; an empty name is the first.
const Protocol& protocol(std::string_view name);

// The text that goes to the model as one user message; there is no system prompt. `language`: "en"
// or "zh".
std::string directed(std::string_view question, Directive directive, std::string_view language);

}  // namespace assay::math
