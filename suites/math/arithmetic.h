// math/arithmetic, the bundled suite: ten levels of 25 questions generated from a seed, so that it
// needs no data file and no two seeds share a set. Levels 1-5 are the lower half.
#pragma once

#include <memory>

#include "harness/catalogue.h"
#include "harness/suite.h"

namespace assay {

// SuiteOptions::seed 0 means the suite's own seed, 1. Throws UserError when a data file is given:
// there is none to replace.
std::unique_ptr<Suite> make_arithmetic(const SuiteOptions& options);

}  // namespace assay
