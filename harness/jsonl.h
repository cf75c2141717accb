// Reads JSONL files and pipes a line at a time, and says where a line is wrong.
#pragma once

#include <cstddef>
#include <istream>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace assay {

// Splits on '\n' only (strings may hold U+2028 and the like); drops a '\r' before it and a
// byte-order mark at the start; skips lines of white space only, which still count.
class JsonlReader {
 public:
  static constexpr std::size_t line_bytes_max = std::size_t{64} << 20U;

  // `name` is what messages call the file.
  JsonlReader(std::istream& in, std::string name);

  // False at the end. Throws UserError "name:line: ..." where a line is too long or reading fails;
  // the line is skipped, so that the caller may go on after the one that was too long.
  bool next_line(std::string& line);

  // As above, parsed: throws UserError where the line is not a JSON object.
  bool next(nlohmann::json& object);

  std::size_t line_number() const {
    return line_number_;
  }                           // of the line that was read last, from 1
  std::string where() const;  // "name:line"

 private:
  std::istream& in_;
  std::string name_;
  std::size_t line_number_ = 0;
};

// The object in one line of JSON text; throws UserError "where: ..." where it is none.
nlohmann::json parse_object(const std::string& line, const std::string& where);

}  // namespace assay
