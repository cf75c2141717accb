// Whatever is in a JSONL file, every line becomes an object or one line that says which line is
// wrong, and reading always comes to an end.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "harness/jsonl.h"

namespace {

void expect(bool holds) {
  if (!holds) {
    std::abort();
  }
}

// The text of an error is one line, and names the line that was read last.
void check(const assay::UserError& error, const assay::JsonlReader& reader) {
  const std::string text = error.what();
  expect(text.find('\n') == std::string::npos);
  expect(text.starts_with(reader.where() + ": "));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, size_t size) {
  const std::string text(bytes, bytes + size);
  const auto lines_max = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  std::istringstream in(text);
  assay::JsonlReader reader(in, "in.jsonl");
  std::size_t last = 0;
  for (bool more = true; more;) {
    nlohmann::json object;
    try {
      more = reader.next(object);
      expect(!more || object.is_object());
    } catch (const assay::UserError& error) {
      check(error, reader);
    }
    expect(reader.line_number() <= lines_max);
    expect(!more || reader.line_number() > last);
    last = reader.line_number();
  }
  return 0;
}
