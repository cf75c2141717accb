// Fault rates as they are typed.
#pragma once

#include <string>

#include "backends/mock/script.h"

namespace assay {

// "rate_limited=0.1": the names are those of FaultRates. Throws UserError where it is not of that
// form, or where the rates add up to more than 1.
void set_fault_rate(FaultRates& rates, const std::string& name_and_rate);

}  // namespace assay
