#include "backends/openai/sse.h"

#include <string>
#include <vector>

#include "tests/catch.h"

namespace {

std::vector<std::string> events_of(const std::vector<std::string>& pieces) {
  assay::SseReader reader;
  std::vector<std::string> events;
  std::string_view data;
  for (const std::string& piece : pieces) {
    reader.feed(piece);
    while (reader.next(data)) {
      events.emplace_back(data);
    }
  }
  return events;
}

using Events = std::vector<std::string>;

}  // namespace

TEST_CASE("an event is its data lines joined, up to an empty line") {
  CHECK(events_of({"data: a\n\ndata:b\n\n"}) == Events{"a", "b"});
  CHECK(events_of({"data: a\ndata:  b\ndata\n\n"}) == Events{"a\n b\n"});
  CHECK(events_of({"data:\n\n"}) == Events{""});
}

TEST_CASE("comments, other fields and events without data are skipped") {
  CHECK(events_of({": keep-alive\n\nevent: x\nid: 7\nretry: 10\n\ndata: a\n: b\nevent: y\n\n"}) ==
        Events{"a"});
  CHECK(events_of({"database: a\n\ndata : b\n\n"}).empty());
}

TEST_CASE("lines end in LF, CRLF or CR") {
  CHECK(events_of({"data: a\r\n\r\ndata: b\r\rdata: c\n\n"}) == Events{"a", "b", "c"});
  CHECK(events_of({"data: a\r\ndata: b\r\n\r\n"}) == Events{"a\nb"});
}

TEST_CASE("a byte order mark at the start is skipped") {
  CHECK(events_of({"\xEF\xBB\xBF"
                   "data: a\n\n"}) == Events{"a"});
  CHECK(events_of({"\xEF", "\xBB",
                   "\xBF"
                   "data: a\n\n"}) == Events{"a"});
}

TEST_CASE("an event that the stream ends within is not handed out") {
  CHECK(events_of({"data: a\n\ndata: b\n"}) == Events{"a"});
  CHECK(events_of({"data: a"}).empty());
}

TEST_CASE("the cut of the bytes does not matter") {
  const std::string stream =
      "\xEF\xBB\xBF: hi\r\n\r\ndata: \xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\r\ndata: 2\r\n\r\n"
      "data: x\n\ndata: y\r\rdata: [DONE]\n\n";
  const Events whole = events_of({stream});
  REQUIRE(whole == Events{"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\n2", "x", "y", "[DONE]"});
  for (size_t first = 0; first <= stream.size(); ++first) {
    for (size_t second = first; second <= stream.size(); ++second) {
      CHECK(events_of({stream.substr(0, first), stream.substr(first, second - first),
                       stream.substr(second)}) == whole);
    }
  }
  std::vector<std::string> bytes;
  for (const char c : stream) {
    bytes.emplace_back(1, c);
  }
  CHECK(events_of(bytes) == whole);
}

TEST_CASE("a reader that was reset remembers nothing") {
  assay::SseReader reader;
  std::string_view data;
  reader.feed("data: a\ndata: b");
  CHECK_FALSE(reader.next(data));
  reader.reset();
  reader.feed("data: c\n\n");
  REQUIRE(reader.next(data));
  CHECK(data == "c");
}
