// Censorship and refusal: the suites of this folder.
#pragma once

#include "harness/catalogue.h"

namespace assay {

// Adds the suites censorship/* and the kinds of grading `censorship` and `refusal`. `find` is asked
// only when a suite is made without --data.
void add_censorship(Catalogue& catalogue, const FindData& find);

}  // namespace assay
