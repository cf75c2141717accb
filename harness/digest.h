// SHA-256, for data files, identities and cache keys.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

namespace assay {

using Digest = std::array<unsigned char, 32>;

Digest sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

// Throws UserError where the file cannot be read.
std::string sha256_hex_of_file(const std::filesystem::path& path);

}  // namespace assay
