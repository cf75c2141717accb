// Server-sent events, read as the HTML standard says (section 9.2.6, "Interpreting an event
// stream"). Only the `data` fields matter to a chat API; all others are skipped.
#pragma once

#include <string>
#include <string_view>

namespace assay {

// feed (next)* repeated. The bytes may be cut anywhere, within a character or between CR and LF.
// An event that the stream ends within is never handed out, as the standard demands.
class SseReader {
 public:
  void reset();
  void feed(std::string_view bytes);

  // The data of the next whole event, valid until the next call of any method; false: feed more.
  bool next(std::string_view& data);

 private:
  bool take_line(std::string_view& line);

  std::string buffer_;         // what was fed and not yet read
  size_t read_ = 0;            // how much of buffer_ has been
  size_t scanned_ = 0;         // no line end stands before this
  std::string data_;           // of the event being read
  bool has_data_ = false;      // an empty data field is data too
  bool handed_out_ = false;    // data_ belongs to the caller until the next call
  bool after_return_ = false;  // the last line ended in CR: a LF that follows belongs to it
  bool at_start_ = true;       // a byte order mark is skipped here
};

}  // namespace assay
