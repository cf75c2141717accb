// The list of who can answer.
#pragma once

#include "harness/catalogue.h"

namespace assay {

// Adds the providers of the remote API, mock and replay (of files).
void add_backends(Catalogue& catalogue);

}  // namespace assay
