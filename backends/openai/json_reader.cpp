#include "backends/openai/json_reader.h"

#include <charconv>
#include <cmath>

#include "backends/openai/json_text.h"

namespace assay {

namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

}  // namespace

JsonReader::JsonReader(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) {
    at_ = 3;
  }
  blanks();
}

void JsonReader::fail() {
  failed_ = true;
  at_ = text_.size();
}

void JsonReader::blanks() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
    ++at_;
  }
}

JsonKind JsonReader::kind() {
  if (failed_ || at_ >= text_.size()) {
    return JsonKind::error;
  }
  switch (text_[at_]) {
    case '{':
      return JsonKind::object;
    case '[':
      return JsonKind::array;
    case '"':
      return JsonKind::string;
    case 't':
    case 'f':
      return JsonKind::boolean;
    case 'n':
      return JsonKind::null;
    default:
      return text_[at_] == '-' || digit(text_[at_]) ? JsonKind::number : JsonKind::error;
  }
}

bool JsonReader::take(char c) {
  if (at_ >= text_.size() || text_[at_] != c) {
    return false;
  }
  ++at_;
  blanks();
  return true;
}

bool JsonReader::literal(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) {
    fail();
    return false;
  }
  at_ += word.size();
  blanks();
  return true;
}

bool JsonReader::scan_number(std::string_view& digits) {
  const size_t start = at_;
  size_t at = at_;
  const auto run = [&] {
    const size_t before = at;
    while (at < text_.size() && digit(text_[at])) {
      ++at;
    }
    return at > before;
  };
  const auto next_is = [&](char c) { return at < text_.size() && text_[at] == c; };
  at += next_is('-') ? 1 : 0;
  const bool zero = next_is('0');
  bool good = zero ? ++at > 0 : run();
  if (good && next_is('.')) {
    ++at;
    good = run();
  }
  if (good && (next_is('e') || next_is('E'))) {
    ++at;
    at += next_is('+') || next_is('-') ? 1 : 0;
    good = run();
  }
  if (!good) {
    fail();
    return false;
  }
  digits = text_.substr(start, at - start);
  at_ = at;
  blanks();
  return true;
}

// Hands runs of plain text to `sink`, and decoded escapes; stops after the closing quote.
template <class Sink>
bool JsonReader::scan_string(Sink sink) {
  ++at_;  // the opening quote
  size_t run = at_;
  while (at_ < text_.size()) {
    const auto c = static_cast<unsigned char>(text_[at_]);
    if (c >= 0x80) {
      const size_t length = utf8_length(text_.substr(at_));
      if (length == 0) {
        break;
      }
      at_ += length;
    } else if (c == '"') {
      sink(text_.substr(run, at_ - run));
      ++at_;
      blanks();
      return true;
    } else if (c == '\\') {
      sink(text_.substr(run, at_ - run));
      std::string decoded;
      if (!escape(decoded)) {
        break;
      }
      sink(std::string_view(decoded));
      run = at_;
    } else if (c < ' ') {
      break;
    } else {
      ++at_;
    }
  }
  fail();
  return false;
}

bool JsonReader::hex4(unsigned& code) {
  const std::string_view digits = text_.substr(std::min(at_, text_.size()), 4);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  at_ += 4;
  return digits.size() == 4 && error == std::errc() && end == digits.data() + 4;
}

bool JsonReader::escape(std::string& decoded) {
  const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  at_ += 2;
  switch (c) {
    case '"':
    case '\\':
    case '/':
      decoded = c;
      return true;
    case 'b':
      decoded = '\b';
      return true;
    case 'f':
      decoded = '\f';
      return true;
    case 'n':
      decoded = '\n';
      return true;
    case 'r':
      decoded = '\r';
      return true;
    case 't':
      decoded = '\t';
      return true;
    case 'u':
      break;
    default:
      return false;
  }
  unsigned code = 0;
  if (!hex4(code) || (code >= 0xDC00 && code <= 0xDFFF)) {
    return false;
  }
  if (code >= 0xD800 && code <= 0xDBFF) {
    unsigned low = 0;
    if (text_.substr(std::min(at_, text_.size()), 2) != "\\u") {
      return false;
    }
    at_ += 2;
    if (!hex4(low) || low < 0xDC00 || low > 0xDFFF) {
      return false;
    }
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  append_utf8(decoded, code);
  return true;
}

bool JsonReader::key(std::string_view& name) {
  if (kind() != JsonKind::string) {
    fail();
    return false;
  }
  key_.clear();
  bool single = true;
  const auto sink = [&](std::string_view piece) {
    if (single && name.empty() && key_.empty()) {
      name = piece;  // nearly every key is one run of plain text
      return;
    }
    if (single) {
      key_ = name;
      single = false;
    }
    key_ += piece;
  };
  name = {};
  // A decoded escape lives only within the call, so names that begin with one are copied too.
  if (text_.substr(at_, 2) == "\"\\") {
    single = false;
  }
  if (!scan_string(sink)) {
    return false;
  }
  if (!single) {
    name = key_;
  }
  if (!take(':')) {
    fail();
    return false;
  }
  return true;
}

bool JsonReader::enter(char open) {
  if (failed_ || at_ >= text_.size() || text_[at_] != open) {
    return false;
  }
  if (++depth_ > depth_max) {
    fail();
    return false;
  }
  return take(open);
}

// Whether another element stands before the closing bracket, which is taken if not.
bool JsonReader::more(char close, bool first) {
  if (failed_) {
    return false;
  }
  if (take(close)) {
    --depth_;
    return false;
  }
  if ((!first && !take(',')) || at_ >= text_.size()) {
    fail();
    return false;
  }
  if (!first && text_[at_] == close) {
    fail();  // a comma before it
    return false;
  }
  return true;
}

bool JsonReader::string(std::string& appended_to) {
  return kind() == JsonKind::string &&
         scan_string([&](std::string_view piece) { appended_to += piece; });
}

bool JsonReader::number(double& value) {
  std::string_view digits;
  if (kind() != JsonKind::number || !scan_number(digits)) {
    return false;
  }
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range) {
    value = 0;  // of no use to anybody, but no reason to lose an answer
  }
  return true;
}

bool JsonReader::null() {
  return kind() == JsonKind::null && literal("null");
}

void JsonReader::skip() {
  std::string_view digits;
  switch (kind()) {
    case JsonKind::object:
      object([](std::string_view) {});
      break;
    case JsonKind::array:
      array([] {});
      break;
    case JsonKind::string:
      scan_string([](std::string_view) {});
      break;
    case JsonKind::number:
      scan_number(digits);
      break;
    case JsonKind::boolean:
      literal(text_[at_] == 't' ? "true" : "false");
      break;
    case JsonKind::null:
      literal("null");
      break;
    case JsonKind::error:
      fail();
      break;
  }
}

bool JsonReader::finish() {
  if (at_ < text_.size()) {
    fail();
  }
  return !failed_;
}

}  // namespace assay
