#include "suites/math/math.h"

#include "suites/math/grade.h"
#include "suites/math/gsm8k.h"

namespace assay {

namespace {

std::filesystem::path file_of(const SuiteOptions& options, const FindData& find,
                              std::string_view dataset) {
  return options.data_file.empty() ? find(dataset) : std::filesystem::path(options.data_file);
}

}  // namespace

void add_math(Catalogue& catalogue, const FindData& find) {
  catalogue.suites.push_back({"math/gsm8k", "grade-school word problems, one number each (1,319)",
                              [find](const SuiteOptions& options) {
                                return make_gsm8k(file_of(options, find, "gsm8k"));
                              }});
  catalogue.grades.push_back(
      {"gsm8k", "word problems whose answer is a number: response, gold", make_gsm8k_row_grader});
}

}  // namespace assay
