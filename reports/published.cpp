#include "reports/published.h"

#include <algorithm>
#include <cctype>
#include <ostream>

#include <fmt/core.h>
#include <fmt/ostream.h>

#define CSV_IO_NO_THREAD
#if defined(__GNUC__) && !defined(__clang__)
// It cuts long file names on purpose, and g++ reports that where it is inlined, in this file.
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#endif
#include <libfccp/csv.h>

#include "harness/error.h"

namespace assay {

namespace {

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name.substr(name.rfind('/') + 1)) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  const std::size_t year = plain.size() < 4 ? std::string::npos : plain.size() - 4;
  if (year != std::string::npos && plain.compare(year, 2, "20") == 0 &&
      std::isdigit(static_cast<unsigned char>(plain[year + 2])) != 0) {
    plain.erase(year, 2);
  }
  return plain;
}

}  // namespace

PublishedFigures::PublishedFigures(const std::filesystem::path& file) {
  try {
    io::CSVReader<8, io::trim_chars<' '>, io::double_quote_escape<',', '"'>> rows(file.string());
    rows.read_header(io::ignore_no_column, "model", "benchmark", "metric", "value", "unit",
                     "protocol", "source", "note");
    Row row;
    PublishedFigure& figure = row.figure;
    while (rows.read_row(row.model, row.benchmark, row.metric, figure.value, figure.unit,
                         figure.protocol, figure.source, figure.note)) {
      rows_.push_back(row);
    }
  } catch (const io::error::base& error) {
    error.format_error_message();
    throw UserError(fmt::format("{}: {}", file.string(), error.error_message_buffer));
  }
}

std::vector<PublishedModel> PublishedFigures::of_suite(std::string_view suite) const {
  const std::string wanted = plain_name(suite);
  std::vector<PublishedModel> models;
  for (const Row& row : rows_) {
    if (plain_name(row.benchmark) != wanted) {
      continue;
    }
    auto found = std::find_if(models.begin(), models.end(), [&](const PublishedModel& model) {
      return model.model == row.model && model.metric == row.metric;
    });
    if (found == models.end()) {
      found = models.insert(models.end(), {.model = row.model, .metric = row.metric});
    }
    const auto differs = [&](const PublishedFigure& other) {
      return other.value != row.figure.value;
    };
    found->conflicting =
        found->conflicting || std::any_of(found->figures.begin(), found->figures.end(), differs);
    found->figures.push_back(row.figure);
  }
  return models;
}

void PublishedFigures::list(std::ostream& out) const {
  for (const Row& row : rows_) {
    fmt::print(out, "{:<32} {:<24} {:<10} {:>10} {:<8} {}\n", row.model, row.benchmark, row.metric,
               row.figure.value, row.figure.unit, row.figure.source);
  }
}

}  // namespace assay
