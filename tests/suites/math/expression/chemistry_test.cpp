#include "suites/math/expression/chemistry.h"

#include "tests/catch.h"

using assay::math::chemical_formula;

TEST_CASE("one compound has one spelling, however it is written") {
  CHECK(chemical_formula("\\mathrm{H_2O}") == "H2O");
  CHECK(chemical_formula("H2O") == "H2O");
  CHECK(chemical_formula("CO_2") == chemical_formula("\\ce{CO2}"));
  CHECK(chemical_formula("Fe^{3+}") == chemical_formula("Fe3+"));
  CHECK(chemical_formula("Fe^{3+}") != chemical_formula("Fe^{2+}"));
}

TEST_CASE("what is no row of atoms is no compound") {
  for (const char* text : {"x^2", "A", "2x + 1", "Qz3", ""}) {
    INFO(text);
    CHECK(chemical_formula(text).empty());
  }
}
