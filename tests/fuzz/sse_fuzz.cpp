// A stream cut at any place gives the same events as the whole of it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "backends/openai/sse.h"

namespace {

std::vector<std::string> events_of(std::string_view stream, size_t piece) {
  assay::SseReader reader;
  std::vector<std::string> events;
  std::string_view data;
  for (size_t at = 0; at < stream.size(); at += piece) {
    reader.feed(stream.substr(at, piece));
    while (reader.next(data)) {
      events.emplace_back(data);
    }
  }
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view stream(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  if (events_of(stream, stream.size() + 1) != events_of(stream, bytes[0] % 16 + 1U)) {
    std::abort();
  }
  return 0;
}
