// The list of who can answer.
#pragma once

#include <string>

#include "harness/catalogue.h"

namespace assay {

// Adds the providers of the remote API, mock, replay and the engine. `replay:RUN` reads runs of
// `results_file`, which need not exist until then.
void add_backends(Catalogue& catalogue, const std::string& results_file);

}  // namespace assay
