// The text of a pattern to the program that tokenizer_pattern.cpp runs.
#pragma once

#include <string>
#include <string_view>

#include "backends/engine/tokenizer_pattern.h"

namespace assay::engine {

// Throws UserError "WHAT: why it is not understood".
Pattern::Program read_pattern(std::string_view text, const std::string& what);

}  // namespace assay::engine
