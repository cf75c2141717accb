// The system calls that a program may make, as a BPF program for seccomp.
#pragma once

#include <string>
#include <string_view>

namespace assay {

enum class FilterKind {
  python,    // an answer or a check in a forked interpreter: no new processes, no programs
  native,    // a compiled program: may be executed, and then as above
  check,     // the program of a check: like native, and it may abort itself
  compiler,  // g++: starts programs of its own
};

// A call that no honest program needs ends the program with SIGSYS, so that the verdict can say
// "forbidden call"; one that is merely unknown fails with EPERM. Throws std::runtime_error where
// libseccomp cannot make the filter.
std::string seccomp_filter(FilterKind kind);

}  // namespace assay
