#include "suites/code/rows.h"

#include <algorithm>
#include <memory>
#include <string>

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include "harness/error.h"

namespace assay {

namespace {

using nlohmann::json;

// zlib reads plain files as they are.
std::string read_all(const std::filesystem::path& path) {
  const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "rb"), &gzclose);
  if (file == nullptr || std::filesystem::is_directory(path)) {
    throw UserError(fmt::format("{}: cannot be opened", path.string()));
  }
  constexpr std::size_t bytes_max = std::size_t{2} << 30U;
  constexpr unsigned part = 1U << 20U;
  std::string text;
  int n = 0;
  do {
    const std::size_t size = text.size();
    text.resize(size + part);
    n = gzread(file.get(), text.data() + size, part);
    text.resize(size + static_cast<std::size_t>(std::max(n, 0)));
  } while (n > 0 && text.size() < bytes_max);
  // A stream that is cut short ends without an error of gzread: only its state tells.
  int state = Z_OK;
  gzerror(file.get(), &state);
  if (n < 0 || state == Z_BUF_ERROR || text.size() >= bytes_max) {
    throw UserError(fmt::format("{}: cannot be read to its end", path.string()));
  }
  return text;
}

json parse(std::string_view text, const std::filesystem::path& path, int line) {
  json row = json::parse(text.begin(), text.end(), nullptr, false);
  if (row.is_discarded() || !(row.is_object() || row.is_array())) {
    throw UserError(fmt::format("{}:{}: not a JSON object", path.string(), line));
  }
  return row;
}

}  // namespace

std::vector<json> read_rows(const std::filesystem::path& path) {
  const std::string text = read_all(path);
  std::vector<json> rows;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && text[first] == '[') {
    rows = parse(text, path, 1).get<std::vector<json>>();
  } else {
    int line = 0;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      ++line;
      const std::string_view content = std::string_view(text).substr(begin, end - begin);
      if (content.find_first_not_of(" \t\r") != std::string_view::npos) {
        rows.push_back(parse(content, path, line));
      }
      begin = end + 1;
    }
  }
  if (rows.empty()) {
    throw UserError(fmt::format("{}: holds no questions", path.string()));
  }
  return rows;
}

void require_fields(const std::vector<json>& rows, const std::filesystem::path& path,
                    const std::vector<const char*>& fields) {
  int number = 0;
  for (const json& row : rows) {
    ++number;
    for (const char* field : fields) {
      if (!row.is_object() || !row.contains(field)) {
        throw UserError(fmt::format("{}:{}: has no field '{}'", path.string(), number, field));
      }
    }
  }
}

}  // namespace assay
