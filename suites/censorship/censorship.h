// Censorship and refusal: the suites of this folder and the kinds of grading that go with them.
#pragma once

#include "harness/catalogue.h"

namespace assay {

// Adds the suites censorship/* and the kinds censorship and refusal of `assay grade`. `find` is
// asked only when a suite is made without --data.
void add_censorship(Catalogue& catalogue, const FindData& find);

}  // namespace assay
