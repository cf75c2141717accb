#include "harness/jsonl.h"

#include <limits>
#include <string_view>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"

namespace assay {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view white_space = " \t\r\v\f";
constexpr int nesting_max =
    256;  // of arrays and objects: nlohmann's parser is iterative, what reads its result is not

// The parser's message without its "[json.exception.parse_error.101]" and its repetition of the
// text.
std::string short_reason(const std::string& what) {
  const std::size_t bracket = what.find("] ");
  std::string reason = bracket == std::string::npos ? what : what.substr(bracket + 2);
  const std::size_t last_read = reason.find("; last read");
  return last_read == std::string::npos ? reason : reason.substr(0, last_read);
}

}  // namespace

JsonlReader::JsonlReader(std::istream& in, std::string name) : in_(in), name_(std::move(name)) {}

std::string JsonlReader::where() const {
  return fmt::format("{}:{}", name_, line_number_);
}

bool JsonlReader::next_line(std::string& line) {
  while (true) {
    line.clear();
    ++line_number_;
    std::streambuf* const buffer = in_.rdbuf();
    int c = buffer->sbumpc();
    if (c == std::char_traits<char>::eof()) {
      --line_number_;
      return false;
    }
    bool too_long = false;
    for (; c != '\n' && c != std::char_traits<char>::eof(); c = buffer->sbumpc()) {
      too_long = too_long || line.size() >= line_bytes_max;
      if (!too_long) {
        line += static_cast<char>(c);
      }
    }
    if (too_long) {
      throw UserError(
          fmt::format("{}: the line is longer than {} MiB", where(), line_bytes_max >> 20U));
    }
    if (!line.empty() && line.back() == '\r') {
      line.pop_back();
    }
    if (line_number_ == 1 && std::string_view(line).starts_with(byte_order_mark)) {
      line.erase(0, byte_order_mark.size());
    }
    if (line.find_first_not_of(white_space) != std::string::npos) {
      return true;
    }
  }
}

bool JsonlReader::next(nlohmann::json& object) {
  std::string line;
  if (!next_line(line)) {
    return false;
  }
  object = parse_object(line, where());
  return true;
}

nlohmann::json parse_object(const std::string& line, const std::string& where) {
  const auto not_too_deep = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    if (depth > nesting_max) {
      throw UserError(fmt::format("{}: nested deeper than {}", where, nesting_max));
    }
    return true;
  };
  try {
    nlohmann::json json = nlohmann::json::parse(line, not_too_deep);
    if (!json.is_object()) {
      throw UserError(fmt::format("{}: is not a JSON object", where));
    }
    return json;
  } catch (const nlohmann::json::exception& error) {
    throw UserError(fmt::format("{}: {}", where, short_reason(error.what())));
  }
}

}  // namespace assay
