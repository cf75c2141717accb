// Mathematics: the suites of this folder and the kinds of grading that go with them.
#pragma once

#include "harness/catalogue.h"

namespace assay {

// Adds the suites math/* and the kinds gsm8k, math, math-equal and choice of `assay grade`. `find`
// is asked only when a suite is made without --data.
void add_math(Catalogue& catalogue, const FindData& find);

}  // namespace assay
