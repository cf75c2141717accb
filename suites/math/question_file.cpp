#include "suites/math/question_file.h"

#include <fstream>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"

namespace assay {

namespace {

using nlohmann::json;

constexpr size_t line_bytes_max = size_t{4} << 20;

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

// Rows end with \n only; a \r before it, and the mark that some editors put in front of a file, are
// dropped.
void for_each_line(const std::filesystem::path& path,
                   const std::function<void(std::string&, const RowPlace&)>& visit) {
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) {
    throw UserError(fmt::format("{}: cannot be read", path.string()));
  }
  std::string line;
  size_t rows = 0;
  for (size_t number = 1; std::getline(in, line); ++number) {
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) {
      line.erase(0, 3);
    }
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    if (line.find_first_not_of(" \t") == std::string::npos) {
      continue;
    }
    const RowPlace place = fmt::format("{}:{}", path.string(), number);
    if (line.size() > line_bytes_max) {
      complain(place, fmt::format("the line is longer than {} bytes", line_bytes_max));
    }
    visit(line, place);
    ++rows;
  }
  if (in.bad()) {
    throw UserError(fmt::format("{}: cannot be read to its end", path.string()));
  }
  if (rows == 0) {
    throw UserError(fmt::format("{}: holds no questions", path.string()));
  }
}

}  // namespace

void for_each_json_row(
    const std::filesystem::path& path,
    const std::function<void(const nlohmann::json& row, const RowPlace& place)>& visit) {
  for_each_line(path, [&](const std::string& line, const RowPlace& place) {
    const json row = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!row.is_object()) {
      complain(place, row.is_discarded() ? "not valid JSON" : "not a JSON object");
    }
    visit(row, place);
  });
}

void for_each_tsv_row(
    const std::filesystem::path& path, size_t columns,
    const std::function<void(const std::vector<std::string>& row, const RowPlace& place)>& visit) {
  for_each_line(path, [&](const std::string& line, const RowPlace& place) {
    std::vector<std::string> row;
    for (size_t begin = 0; begin <= line.size();) {
      const size_t end = std::min(line.find('\t', begin), line.size());
      row.push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    if (row.size() != columns) {
      complain(place, fmt::format("{} columns where {} are expected", row.size(), columns));
    }
    visit(row, place);
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
