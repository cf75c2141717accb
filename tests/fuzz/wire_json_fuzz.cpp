// Whatever a host sends, it becomes an answer or a failure with a reason, and what the program
// writes is JSON.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "backends/openai/answer.h"
#include "backends/openai/failures.h"
#include "backends/openai/json_text.h"
#include "backends/openai/sse.h"

namespace {

void check(assay::AnswerReader& reader) {
  assay::Response response;
  assay::Trouble trouble;
  const bool answered = reader.finish(response, trouble);
  if (answered ? response.finish == assay::Finish::failed
               : trouble.message.empty() && !trouble.content_filter) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  assay::AnswerReader reader;
  reader.reset({.chat = size % 2 == 0});
  reader.whole(text);
  check(reader);

  reader.reset({});
  assay::SseReader events;
  events.feed(text);
  std::string_view data;
  while (events.next(data)) {
    reader.event(data, 1);
  }
  check(reader);

  if (assay::trouble_of_status(400, text).message.size() > 400) {
    std::abort();
  }
  std::string written;
  assay::append_json_string(written, text);
  if (nlohmann::json::parse(written) != assay::valid_utf8(text)) {
    std::abort();
  }
  const std::string line(text);
  assay::asked_wait({.retry_after = line, .remaining_requests = "0", .reset_requests = line}, 0);
  return 0;
}
