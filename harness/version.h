// Which program this is.
#pragma once

#include <string>

namespace assay {

std::string
program_version();  // "assay 0.1.0 (1a2b3c4d5e6f)", "-dirty" where the tree had uncommitted changes
std::string compiler_version();  // "GNU 12.2.0, RelWithDebInfo"

}  // namespace assay
