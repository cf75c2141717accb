#include "reports/escape.h"

#include <fmt/core.h>

#include "harness/codec.h"
#include "reports/format.h"

namespace assay {

namespace {

// The picture of an ASCII control character, as UTF-8: U+2400 + c, U+2421 for DEL.
std::string picture(unsigned char c) {
  const unsigned offset = c == 0x7F ? 0x21U : c;
  return {'\xE2', '\x90', static_cast<char>(0x80U + offset)};
}

// Whether the UTF-8 at the start of `text` is a character that reorders what stands around it.
bool is_direction(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xE2') {
    return false;
  }
  const auto third = static_cast<unsigned char>(text[2]);
  return (text[1] == '\x80' && third >= 0xAA && third <= 0xAE) ||
         (text[1] == '\x81' && third >= 0xA6 && third <= 0xA9);
}

// A control character of the second kind, U+0080..9F: some terminals obey those.
bool is_late_control(std::string_view text) {
  return text.size() >= 2 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0;
}

std::string code_point_name(std::string_view text) {
  unsigned code = 0;
  if (text[0] == '\xC2') {
    code = static_cast<unsigned char>(text[1]);
  } else {
    code = (static_cast<unsigned char>(text[1]) & 0x3FU) << 6U |
           (static_cast<unsigned char>(text[2]) & 0x3FU) | 0x2000U;
  }
  return fmt::format("<U+{:04X}>", code);
}

}  // namespace

std::string visible_text(std::string_view text, std::size_t bytes_max) {
  const std::string clean = clean_utf8(text, bytes_max);
  std::string visible;
  visible.reserve(clean.size());
  for (std::size_t at = 0; at < clean.size(); ++at) {
    const auto c = static_cast<unsigned char>(clean[at]);
    const std::string_view rest = std::string_view(clean).substr(at);
    if (c == '\r' && rest.substr(1).starts_with('\n')) {
      continue;
    }
    if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F) {
      visible += picture(c);
    } else if (is_direction(rest)) {
      visible += code_point_name(rest);
      at += 2;
    } else if (is_late_control(rest)) {
      visible += code_point_name(rest);
      at += 1;
    } else {
      visible += clean[at];
    }
  }
  return visible;
}

std::string bounded_text(std::string_view text, std::size_t bytes_max) {
  std::string shown = visible_text(text, bytes_max);
  if (text.size() > bytes_max) {
    shown +=
        fmt::format(" … [cut: {} of {} bytes]", format_count(static_cast<std::int64_t>(bytes_max)),
                    format_count(static_cast<std::int64_t>(text.size())));
  }
  return shown;
}

std::string script_json(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (std::size_t at = 0; at < json.size(); ++at) {
    const std::string_view rest = json.substr(at);
    if (json[at] == '<' || json[at] == '>' || json[at] == '&') {
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(json[at]));
    } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
      safe += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
      at += 2;
    } else {
      safe += json[at];
    }
  }
  return safe;
}

std::string csv_text(std::string_view text) {
  const std::string clean = visible_text(text);
  const std::size_t first = clean.find_first_not_of("\"' ");
  constexpr std::string_view starts_formula = "=+-@\t\n";
  const bool formula =
      first != std::string::npos && starts_formula.find(clean[first]) != std::string_view::npos;
  std::string cell = formula ? "'" : "";
  cell += clean;
  if (cell.find_first_of(",\"\n\t") == std::string::npos) {
    return cell;
  }
  std::string quoted = "\"";
  for (const char c : cell) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + '"';
}

std::string markdown_text(std::string_view text) {
  std::string safe;
  for (const char c : visible_text(text)) {
    if (c == '\n' || c == '\t') {
      safe += ' ';
    } else if (std::string_view("\\`*_{}[]()<>#+-.!|~&$").find(c) != std::string_view::npos &&
               c != '.' && c != '-' && c != '(' && c != ')' && c != '+') {
      safe += '\\';
      safe += c;
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace assay
