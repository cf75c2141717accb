// Loads mathematical questions from the file formats of the field.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/suite.h"

namespace assay::math {

enum class Format {
  math,        // MATH, MATH-500, Minerva: problem, answer or a boxed one in solution, subject or
               // type, level
  aime,        // AIME of any year: problem, question or prompt; answer, an integer from 0 to 999
  olympiad,    // OlympiadBench: question, final_answer (a list), error (the tolerance), unit
  mgsm,        // tab-separated: question, answer
  assay_math,  // this project's own: id, problem, answer, kind, level; problem_zh for some
};

// The questions of a file, in its order. A directive such as "put your final answer within
// \boxed{}" at the end of a question is taken off: prompts add their own. Ids are the file's own,
// else `prefix` and the number of the row. Question::fields holds "tolerance" where the file has
// one; tags hold "subject" and "level". For assay_math with language "zh": those with a Chinese
// text. Throws UserError that names file and line; also for an id that occurs twice.
std::vector<Question> load_questions(const std::filesystem::path& file, Format format,
                                     const std::string& prefix, std::string_view language);

}  // namespace assay::math
