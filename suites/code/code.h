// What this folder adds to the program: the code suites, and `assay grade code-python|code-cpp`.
#pragma once

#include "harness/catalogue.h"

namespace assay {

// `find` is asked for: code-basics, humaneval, humaneval-plus, mbpp, humaneval-cpp, cruxeval,
// livecodebench. Nothing is started or read before a suite or a grader is made; making one throws
// UserError where the machine cannot isolate programs and unsafe_no_sandbox is not set.
void add_code(Catalogue& catalogue, const FindData& find);

}  // namespace assay
