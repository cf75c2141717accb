#include "harness/version.h"

#include "embedded/version.h"

namespace assay {

std::string program_version() {
  return "assay " ASSAY_VERSION " (" ASSAY_COMMIT ")";
}
std::string compiler_version() {
  return ASSAY_COMPILER ", " ASSAY_BUILD;
}

}  // namespace assay
