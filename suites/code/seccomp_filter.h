// The system calls that a program may make, as a BPF program for seccomp.
#pragma once

#include <string>
#include <string_view>

namespace assay {

// A program runs under two filters, of which the stricter word counts: `sandbox`, which the first
// process of a sandbox takes on and hands down, and the short one of its kind, which it gets
// itself. A filter costs time for every rule when it is installed, so what can be handed down is.
enum class FilterKind {
  sandbox,   // what no process of a sandbox may do
  python,    // an answer or a check in a forked interpreter: no new processes, no programs
  native,    // a compiled program: may be executed, and then as above
  check,     // the program of a check: like native, and it may abort itself
  compiler,  // g++: starts programs of its own
};
constexpr int filter_kinds = 5;

// A call that no honest program needs ends the program with SIGSYS, so that the verdict can say
// "forbidden call"; one that is merely unknown fails with EPERM. Throws std::runtime_error where
// libseccomp cannot make the filter.
std::string seccomp_filter(FilterKind kind);

}  // namespace assay
