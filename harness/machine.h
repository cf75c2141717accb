// What the program runs on.
#pragma once

#include <string>

namespace assay {

// A JSON object: processor, logical cores, instruction sets that matter here, memory, accelerators
// with their driver, kernel, system, compiler. Nothing that names a host or a user. The same
// machine gives the same text.
std::string describe_machine();

}  // namespace assay
