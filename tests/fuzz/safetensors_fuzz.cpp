// Hostile bytes as a safetensors file: the first byte says whether the rest is the file or only the
// header, to which the length is put in front so that more of the checks are reached.
#include <cstdint>
#include <cstring>
#include <string>

#include "backends/engine/safetensors.h"
#include "harness/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 1) {
    const std::uint64_t length = bytes.size();
    const std::string tail(data[0] / 2, 'x');
    bytes = std::string(reinterpret_cast<const char*>(&length), sizeof length) + bytes + tail;
  }
  try {
    const auto* start = reinterpret_cast<const std::byte*>(bytes.data());
    for (const auto& [name, tensor] :
         assay::engine::parse_safetensors(start, bytes.size(), "fuzz.safetensors")) {
      // Whatever is accepted lies within the file.
      if (tensor.data < start || tensor.data + tensor.size > start + bytes.size()) {
        __builtin_trap();
      }
    }
  } catch (const assay::UserError& error) {
    if (std::strchr(error.what(), '\n') != nullptr) {
      __builtin_trap();
    }
  }
  return 0;
}
