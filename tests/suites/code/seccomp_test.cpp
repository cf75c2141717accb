#include "suites/code/seccomp_filter.h"
#include "tests/catch.h"

using namespace assay;

TEST_CASE("each kind of program has a filter of its own") {
  const std::string python = seccomp_filter(FilterKind::python);
  CHECK(python.size() % 8 == 0);
  CHECK(python.size() > 200);
  // What each program brings along is short beside what it inherits.
  CHECK(seccomp_filter(FilterKind::sandbox).size() > 3 * python.size());
  CHECK(python != seccomp_filter(FilterKind::native));
  CHECK(python != seccomp_filter(FilterKind::compiler));
  CHECK(python == seccomp_filter(FilterKind::python));
}
