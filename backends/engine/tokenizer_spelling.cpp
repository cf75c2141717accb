#include "backends/engine/tokenizer_spelling.h"

#include <array>
#include <cstdint>

#include "backends/engine/unicode.h"

namespace assay::engine {

namespace {

constexpr std::size_t codes = 0x144;  // 256 and the 68 bytes that are not printable

constexpr bool stands_for_itself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

// By code: the byte, or -1.
constexpr std::array<std::int16_t, codes> make_bytes() {
  std::array<std::int16_t, codes> bytes{};
  bytes.fill(-1);
  std::size_t next = 256;
  for (unsigned byte = 0; byte < 256; ++byte) {
    bytes[stands_for_itself(byte) ? byte : next++] = static_cast<std::int16_t>(byte);
  }
  return bytes;
}

constexpr std::array<std::int16_t, codes> byte_of_code = make_bytes();

int hexadecimal(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

}  // namespace

std::string spelled_bytes(std::string_view piece) {
  std::string bytes;
  for (std::size_t at = 0; at < piece.size();) {
    const Decoded next = decode_utf8(piece, at);
    if (next.code >= codes || byte_of_code[next.code] < 0) {
      return std::string(piece);
    }
    bytes.push_back(static_cast<char>(byte_of_code[next.code]));
    at += static_cast<std::size_t>(next.length);
  }
  return bytes;
}

std::optional<unsigned> fallback_byte(std::string_view piece) {
  if (piece.size() != 6 || !piece.starts_with("<0x") || piece[5] != '>') {
    return std::nullopt;
  }
  const int high = hexadecimal(piece[3]);
  const int low = hexadecimal(piece[4]);
  return high < 0 || low < 0 ? std::nullopt : std::optional(static_cast<unsigned>(high * 16 + low));
}

}  // namespace assay::engine
