// How vocabularies spell bytes as characters (GPT-2's scheme): printable ones stand for themselves,
// the others follow from U+0100 on.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::engine {

// The bytes that `piece` spells; a piece with a character that stands for no byte is its own UTF-8.
std::string spelled_bytes(std::string_view piece);

// 10 for "<0x0A>".
std::optional<unsigned> fallback_byte(std::string_view piece);

}  // namespace assay::engine
