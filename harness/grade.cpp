#include "harness/grade.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "harness/jsonl.h"

namespace assay {

namespace {

constexpr std::size_t chunk_rows_max = 4096;
constexpr std::size_t chunk_bytes_max = std::size_t{32} << 20U;

struct Row {
  std::size_t line = 0;
  std::string text;   // in, then out
  std::string error;  // where the line could not even be read
  bool bad = false;
};

std::string error_row(const Row& row, const std::string& error, const nlohmann::json& id) {
  nlohmann::json json = {{"line", row.line}, {"error", error}};
  if (!id.is_null()) {
    json["id"] = id;
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void judge(const RowGrader& grade, const std::string& name, Row& row) {
  nlohmann::json id;
  try {
    if (!row.error.empty()) {
      throw UserError(row.error);
    }
    const nlohmann::json object = parse_object(row.text, name + ":" + std::to_string(row.line));
    id = object.value("id", nlohmann::json());
    row.text = grade(object).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  } catch (const UserError& error) {
    row.bad = true;
    row.text = error_row(row, error.what(), id);
  }
}

// False at the end of the input.
bool read_chunk(JsonlReader& reader, std::vector<Row>& rows) {
  rows.clear();
  std::size_t bytes = 0;
  while (rows.size() < chunk_rows_max && bytes < chunk_bytes_max) {
    Row row;
    try {
      if (!reader.next_line(row.text)) {
        return !rows.empty();
      }
    } catch (const UserError& error) {
      row.error = error.what();
    }
    row.line = reader.line_number();
    bytes += row.text.size();
    rows.push_back(std::move(row));
  }
  return true;
}

void judge_all(const RowGrader& grade, const std::string& name, std::vector<Row>& rows) {
  const std::size_t thread_count = std::clamp<std::size_t>(
      std::thread::hardware_concurrency(), 1, std::max<std::size_t>(1, rows.size() / 16));
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < rows.size(); i = next++) {
      judge(grade, name, rows[i]);
    }
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < thread_count; ++i) {
    threads.emplace_back(work);
  }
  work();
}

}  // namespace

GradeCounts grade_rows(const RowGrader& grade, std::istream& in, const std::string& name,
                       std::ostream& out) {
  JsonlReader reader(in, name);
  GradeCounts counts;
  for (std::vector<Row> rows; read_chunk(reader, rows);) {
    judge_all(grade, name, rows);
    for (const Row& row : rows) {
      out << row.text << '\n';
      ++counts.rows;
      counts.bad += row.bad ? 1U : 0U;
    }
    out.flush();
  }
  return counts;
}

}  // namespace assay
