#include "backends/openai/sse.h"

namespace assay {

void SseReader::reset() {
  buffer_.clear();
  data_.clear();
  read_ = scanned_ = 0;
  has_data_ = handed_out_ = after_return_ = false;
  at_start_ = true;
}

void SseReader::feed(std::string_view bytes) {
  if (read_ == buffer_.size()) {
    buffer_.clear();
    read_ = scanned_ = 0;
  } else if (read_ > buffer_.size() / 2) {
    buffer_.erase(0, read_);
    scanned_ -= read_;
    read_ = 0;
  }
  buffer_.append(bytes);
}

bool SseReader::take_line(std::string_view& line) {
  if (after_return_ && read_ < buffer_.size()) {
    after_return_ = false;
    if (buffer_[read_] == '\n') {
      ++read_;
      scanned_ = scanned_ < read_ ? read_ : scanned_;
    }
  }
  const size_t end = buffer_.find_first_of("\r\n", scanned_);
  if (end == std::string::npos) {
    scanned_ = buffer_.size();
    return false;
  }
  line = std::string_view(buffer_).substr(read_, end - read_);
  after_return_ = buffer_[end] == '\r';
  read_ = scanned_ = end + 1;
  if (at_start_) {
    at_start_ = false;
    if (line.starts_with("\xEF\xBB\xBF")) {
      line.remove_prefix(3);
    }
  }
  return true;
}

bool SseReader::next(std::string_view& data) {
  if (handed_out_) {
    handed_out_ = has_data_ = false;
    data_.clear();
  }
  std::string_view line;
  while (take_line(line)) {
    if (line.empty()) {
      if (has_data_) {
        handed_out_ = true;
        data = data_;
        return true;
      }
      continue;
    }
    const size_t colon = line.find(':');
    if (line.substr(0, colon) != "data") {
      continue;  // a comment (nothing before the colon), `event`, `id`, `retry` or unknown
    }
    std::string_view value =
        colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) {
      value.remove_prefix(1);
    }
    if (has_data_) {
      data_ += '\n';
    }
    data_.append(value);
    has_data_ = true;
  }
  return false;
}

}  // namespace assay
