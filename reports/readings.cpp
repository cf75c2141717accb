#include "reports/readings.h"

#include <charconv>

namespace assay {

namespace {

// The length of the JSON string that starts at text[0] == '"', both quotes included; all of `text`
// where it does not end.
std::size_t string_length(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.size();
}

}  // namespace

// One reading is {"convention":"...","extracted":"...","value":1.0}: strings and numbers only, keys
// in the order of the alphabet, no space. So a string is a key where a colon follows it, and every
// other string belongs to the key before it.
void for_each_reading(
    std::string_view json,
    const std::function<void(std::string_view convention, std::optional<double> value)>& visit) {
  std::string_view key;
  std::string_view convention;
  std::optional<double> value;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '"') {
      const std::size_t length = string_length(json.substr(at));
      const std::string_view text = json.substr(at + 1, length < 2 ? 0 : length - 2);
      at += length - 1;
      if (at + 1 < json.size() && json[at + 1] == ':') {
        key = text;
      } else if (key == "convention") {
        convention = text;
      }
    } else if (key == "value" && (c == '-' || (c >= '0' && c <= '9'))) {
      double number = 0;
      const auto [end, error] = std::from_chars(&json[at], json.data() + json.size(), number);
      if (error == std::errc()) {
        value = number;
        at = static_cast<std::size_t>(end - json.data()) - 1;
      }
    } else if (c == '}') {
      if (!convention.empty()) {
        visit(convention, value);
      }
      key = {};
      convention = {};
      value.reset();
    }
  }
}

std::optional<double> run_time_in(std::string_view details) {
  constexpr std::string_view key = "\"run_time_s\":";
  const std::size_t at = details.find(key);
  double number = 0;
  if (at == std::string_view::npos ||
      std::from_chars(&details[at] + key.size(), details.data() + details.size(), number).ec !=
          std::errc()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace assay
