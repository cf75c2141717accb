# cmake -DFILE=.. -DSYMBOL=.. -DHEADER=.. -P embed_bytes.cmake: the bytes of FILE as an array in HEADER.
file(READ ${FILE} bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE ${HEADER} "#pragma once

#include <array>

namespace assay {
inline constexpr std::array<unsigned char, ${size}> ${SYMBOL} = {${bytes}};
}  // namespace assay
")
