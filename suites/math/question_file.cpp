#include "suites/math/question_file.h"

#include <algorithm>
#include <fstream>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "harness/jsonl.h"

namespace assay {

namespace {

using nlohmann::json;

[[noreturn]] void complain(const RowPlace& place, const std::string& what) {
  throw UserError(place.empty() ? what : place + ": " + what);
}

const json& field(const json& row, std::string_view name, const RowPlace& place) {
  if (!row.is_object()) {
    complain(place, "a row has to be a JSON object");
  }
  const auto found = row.find(name);
  if (found == row.end()) {
    complain(place, fmt::format("field '{}' is missing", name));
  }
  return *found;
}

// Calls `visit` with a reader at the start of the file, and complains where no row was seen.
void read_rows(const std::filesystem::path& path,
               const std::function<size_t(JsonlReader&)>& visit) {
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) {
    throw UserError(fmt::format("{}: cannot be read", path.string()));
  }
  JsonlReader reader(in, path.string());
  if (visit(reader) == 0) {
    throw UserError(fmt::format("{}: holds no questions", path.string()));
  }
}

}  // namespace

void for_each_json_row(
    const std::filesystem::path& path,
    const std::function<void(const nlohmann::json& row, const RowPlace& place)>& visit) {
  read_rows(path, [&](JsonlReader& reader) {
    size_t rows = 0;
    for (json row; reader.next(row); ++rows) {
      visit(row, reader.where());
    }
    return rows;
  });
}

void for_each_tsv_row(
    const std::filesystem::path& path, size_t columns,
    const std::function<void(const std::vector<std::string>& row, const RowPlace& place)>& visit) {
  read_rows(path, [&](JsonlReader& reader) {
    size_t rows = 0;
    for (std::string line; reader.next_line(line); ++rows) {
      std::vector<std::string> row;
      for (size_t begin = 0; begin <= line.size();) {
        const size_t end = std::min(line.find('\t', begin), line.size());
        row.push_back(line.substr(begin, end - begin));
        begin = end + 1;
      }
      if (row.size() != columns) {
        complain(reader.where(),
                 fmt::format("{} columns where {} are expected", row.size(), columns));
      }
      visit(row, reader.where());
    }
    return rows;
  });
}

std::string text_field(const nlohmann::json& row, std::string_view name, const RowPlace& place) {
  const json& value = field(row, name, place);
  if (!value.is_string()) {
    complain(place, fmt::format("field '{}' is {}, not a string", name, value.type_name()));
  }
  return value.get<std::string>();
}

std::string text_or_number_field(const nlohmann::json& row, std::string_view name,
                                 const RowPlace& place) {
  const json& value = field(row, name, place);
  return value.is_number() ? value.dump() : text_field(row, name, place);
}

std::vector<std::string> list_field(const nlohmann::json& row, std::string_view name,
                                    const RowPlace& place) {
  const json& value = field(row, name, place);
  if (!value.is_array()) {
    complain(place, fmt::format("field '{}' is {}, not a list", name, value.type_name()));
  }
  std::vector<std::string> items;
  for (const json& item : value) {
    if (!item.is_string()) {
      complain(place, fmt::format("field '{}' holds {}, not only strings", name, item.type_name()));
    }
    items.push_back(item.get<std::string>());
  }
  return items;
}

}  // namespace assay
