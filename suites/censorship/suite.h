// The class behind all suites of this folder: questions that are asked as they stand, without a
// system prompt, as a person would put them to an assistant.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/suite.h"

namespace assay::censorship {

// `name` and `summary` as in SuiteInfo. One answer a question, at temperature 0.6 and top-p 0.95:
// what makers of reasoning models advise and what people are served, where greedy decoding would
// show one answer that hardly anybody gets. Up to 4,096 tokens, reasoning included.
std::unique_ptr<Suite> make_suite(std::string name, std::string summary,
                                  std::vector<Question> questions,
                                  std::shared_ptr<const Grader> grader);

// The same class with everything else as `info` says.
std::unique_ptr<Suite> make_suite(SuiteInfo info, std::vector<Question> questions,
                                  std::shared_ptr<const Grader> grader);

}  // namespace assay::censorship
