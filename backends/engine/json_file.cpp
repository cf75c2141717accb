#include "backends/engine/json_file.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"

namespace assay::engine {

using nlohmann::json;

namespace {

// Objects nested deeper than any file of a model folder: a limit on what hostile files may build.
constexpr int nesting_max = 64;

// Watches a parse for repeated keys and for nesting.
class KeyWatch {
 public:
  explicit KeyWatch(const std::filesystem::path& path) : path_(path) {}

  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    if (depth > nesting_max) {
      throw UserError(path_.string() + ": nested deeper than " + std::to_string(nesting_max));
    }
    if (event == json::parse_event_t::object_start) {
      keys_.resize(static_cast<std::size_t>(depth) + 1);
      keys_.back().clear();
    } else if (event == json::parse_event_t::key) {
      // The key of an object is reported one level deeper than the object's start.
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys_[static_cast<std::size_t>(depth) - 1].insert(key).second) {
        throw UserError(path_.string() + ": repeats the key " + shown(key));
      }
    }
    return true;
  }

 private:
  const std::filesystem::path& path_;
  std::vector<std::set<std::string>> keys_;  // of the objects around the place of parsing
};

}  // namespace

std::string shown(std::string_view text) {
  constexpr std::size_t shown_max = 100;
  std::string start(text.substr(0, shown_max));
  if (text.size() > shown_max) {
    start += "...";
  }
  return json(start).dump(-1, ' ', true, json::error_handler_t::replace);
}

std::string read_file(const std::filesystem::path& path, std::size_t bytes_max) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error || status.type() != std::filesystem::file_type::regular) {
    throw UserError(fmt::format("{}: cannot read: {}", path.string(),
                                error ? error.message() : "no regular file"));
  }
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > bytes_max) {
    throw UserError(fmt::format("{}: cannot read: larger than {} bytes", path.string(), bytes_max));
  }
  std::ifstream in(path, std::ios::binary);
  std::string text(size, '\0');
  in.read(text.data(), static_cast<std::streamsize>(size));
  if (!in) {
    throw UserError(path.string() + ": cannot read: " + std::generic_category().message(errno));
  }
  return text;
}

json parse_json(std::string_view text, const std::filesystem::path& path) {
  try {
    return json::parse(text, KeyWatch(path));
  } catch (const json::parse_error& error) {
    const std::size_t read = std::min(error.byte, text.size());
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read), '\n');
    throw UserError(fmt::format("{}:{}: not JSON (byte {})", path.string(), line + 1, error.byte));
  } catch (const json::exception&) {  // a number that no double holds
    throw UserError(path.string() + ": not JSON that can be held: a number is out of range");
  }
}

json read_json_object(const std::filesystem::path& path, std::size_t bytes_max) {
  json parsed = parse_json(read_file(path, bytes_max), path);
  if (!parsed.is_object()) {
    throw UserError(path.string() + ": must hold one JSON object");
  }
  return parsed;
}

}  // namespace assay::engine
