// Formulas of chemistry: H_2O, \ce{CO2}, Fe^{3+}.
#pragma once

#include <string>
#include <string_view>

namespace assay::math {

// One spelling of a formula of atoms, their numbers and a charge: "H2O", "SO4^2-". Empty where the
// text is anything else, or could as well be a letter alone.
std::string chemical_formula(std::string_view cleaned);

}  // namespace assay::math
