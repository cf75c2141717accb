// Censorship and refusal: the suites of this folder.
#pragma once

#include <functional>
#include <memory>

#include "harness/catalogue.h"

namespace assay {

// Makes what judges; called once for each suite that is made.
using MakeGrader = std::function<std::shared_ptr<const Grader>()>;

// Adds the suites censorship/*. `find` is asked only when a suite is made without --data.
void add_censorship(Catalogue& catalogue, const FindData& find, const MakeGrader& make_grader);

}  // namespace assay
