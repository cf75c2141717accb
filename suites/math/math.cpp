#include "suites/math/math.h"

#include <string>
#include <vector>

#include "harness/data.h"
#include "suites/math/grade.h"
#include "suites/math/gsm8k.h"
#include "suites/math/math_suite.h"

namespace assay {

namespace {

using math::Format;
using math::MathSuiteSpec;

struct Entry {
  MathSuiteSpec spec;
  std::string dataset;  // empty: only with --data
};

// Suites judge by our own convention and record those that published figures were judged by.
std::vector<Entry> entries() {
  const std::string own = "final-answer";
  const std::vector<std::string> of_math = {"boxed",        "strict",      "hendrycks", "prm800k",
                                            "simple-evals", "math-verify", "mlperf-r1"};
  const std::vector<std::string> of_aime = {"boxed", "hendrycks", "simple-evals", "math-verify",
                                            "mlperf-r1-aime"};
  const std::vector<std::string> of_words = {"boxed", "strict", "simple-evals", "math-verify"};
  const std::vector<std::string> of_olympiad = {"final-answer", "boxed", "strict", "math-verify"};
  std::vector<std::string> of_minerva = of_math;
  of_minerva.emplace_back("minerva");
  return {
      {{"math/math500", "competition mathematics, the 500 of prm800k", Format::math, "en", own,
        of_math},
       "math500"},
      {{"math/aime24", "AIME 2024, I and II (30)", Format::aime, "en", own, of_aime}, "aime24"},
      {{"math/aime", "AIME of any year: --data FILE with problem and answer", Format::aime, "en",
        own, of_aime},
       ""},
      {{"math/mgsm-en", "grade-school word problems, English (250)", Format::mgsm, "en", own,
        of_words},
       "mgsm-en"},
      {{"math/mgsm-zh", "grade-school word problems, Chinese (250)", Format::mgsm, "zh", own,
        of_words},
       "mgsm-zh"},
      {{"math/minerva", "MATH or Minerva: --data FILE with problem and solution", Format::math,
        "en", own, of_minerva},
       ""},
      {{"math/olympiad", "OlympiadBench: --data FILE with question and final_answer",
        Format::olympiad, "en", "olympiadbench", of_olympiad},
       ""},
      {{"math/word-problems", "bundled: from one step to competition style", Format::assay_math,
        "en", own, of_words},
       "word-problems"},
      {{"math/word-problems-zh", "bundled: those that are also in Chinese", Format::assay_math,
        "zh", own, of_words},
       "word-problems"},
  };
}

std::filesystem::path file_of(const SuiteOptions& options, const FindData& find,
                              const std::string& suite, const std::string& dataset) {
  if (!options.data_file.empty()) {
    return options.data_file;
  }
  if (dataset.empty()) {
    throw MissingData("--data: " + suite + " needs a file of questions");
  }
  return find(dataset);
}

}  // namespace

void add_math(Catalogue& catalogue, const FindData& find) {
  catalogue.suites.push_back({"math/gsm8k", "grade-school word problems, one number each (1,319)",
                              [find](const SuiteOptions& options) {
                                return make_gsm8k(file_of(options, find, "math/gsm8k", "gsm8k"));
                              }});
  for (const Entry& entry : entries()) {
    catalogue.suites.push_back(
        {entry.spec.name, entry.spec.summary, [find, entry](const SuiteOptions& options) {
           return make_math_suite(entry.spec,
                                  file_of(options, find, entry.spec.name, entry.dataset),
                                  options.protocol);
         }});
  }
  catalogue.grades.push_back(
      {"gsm8k", "word problems whose answer is a number: response, gold", make_gsm8k_row_grader});
  catalogue.grades.push_back(
      {"math", "answers taken out of a text: response (or answer), gold", make_math_row_grader});
  catalogue.grades.push_back(
      {"math-equal", "two answers as they stand: answer, gold", make_math_equal_row_grader});
  catalogue.grades.push_back(
      {"choice", "lettered options: response, options, gold (a letter)", make_choice_row_grader});
}

}  // namespace assay
