#include "reports/report.h"

#include <array>
#include <fstream>
#include <ostream>
#include <string_view>
#include <utility>

#include <fmt/core.h>
#include <unistd.h>

#include "harness/clock.h"
#include "harness/error.h"
#include "reports/render.h"

namespace assay {

namespace {

namespace fs = std::filesystem;

enum class Format { html, markdown, csv, json };

Format format_of(const std::string& out) {
  constexpr auto endings =
      std::to_array<std::pair<std::string_view, Format>>({{".html", Format::html},
                                                          {".md", Format::markdown},
                                                          {".csv", Format::csv},
                                                          {".json", Format::json}});
  for (const auto& [ending, format] : endings) {
    if (fs::path(out).extension() == ending) {
      return format;
    }
  }
  throw UserError(fmt::format(
      "--out: '{}' must end in .html, .md, .csv or .json, which decides the format", out));
}

std::vector<RunRecord> runs_of(const Reader& reader, const ReportOptions& options) {
  std::vector<RunRecord> runs;
  for (const std::string& text : options.runs) {
    runs.push_back(reader.run(text));
  }
  if (options.runs.empty()) {
    runs = reader.runs();
    if (runs.size() > report_runs_max) {
      runs.erase(runs.begin(), runs.end() - report_runs_max);
    }
  } else if (runs.size() > report_runs_max) {
    throw UserError(
        fmt::format("a report holds at most {} runs, {} were named", report_runs_max, runs.size()));
  }
  return runs;
}

// Removes what was half written, unless it has become the report.
class Draft {
 public:
  explicit Draft(const fs::path& out) : path_(out.string() + fmt::format(".{}.part", getpid())) {}
  ~Draft() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

void write_report(const Reader& reader, const ReportOptions& options, std::ostream& out) {
  const Format format = format_of(options.out);
  const std::vector<RunRecord> runs = runs_of(reader, options);
  if (runs.empty() && reader.measurements().empty()) {
    throw UserError(fmt::format("{}: holds no run to report on", options.db));
  }
  if (format == Format::csv) {
    write_csv(reader, runs, out);
    return;
  }
  ReportContext context{.reader = reader, .options = options, .generated_at = options.generated_at};
  if (context.generated_at == 0) {
    context.generated_at = seconds_since_1970();
  }
  if (!options.published.empty()) {
    context.published = PublishedFigures(options.published);
  }
  for (const fs::path& file : options.prices) {
    context.prices.add(file);
  }
  std::vector<RunAnalysis> analyses;
  for (const RunRecord& run : runs) {
    // Runs share the page's room evenly.
    analyses.push_back(
        analyse_run(reader, run, {.samples_shown = options.samples_max / runs.size()}));
  }
  switch (format) {
    case Format::html:
      write_html(context, analyses, out);
      break;
    case Format::markdown:
      write_markdown(context, analyses, out);
      break;
    case Format::json:
      write_json(context, analyses, out);
      break;
    case Format::csv:
      break;
  }
}

void write_report_file(const Reader& reader, const ReportOptions& options) {
  format_of(options.out);  // a wrong ending is told before anything is written
  const Draft draft(options.out);
  std::ofstream file(draft.path(), std::ios::binary);
  if (!file) {
    throw UserError(fmt::format("--out: cannot write '{}'", options.out));
  }
  write_report(reader, options, file);
  file.close();
  if (!file) {
    throw UserError(
        fmt::format("--out: '{}' could not be written whole; is the disk full?", options.out));
  }
  std::error_code error;
  fs::rename(draft.path(), options.out, error);
  if (error) {
    throw UserError(fmt::format("--out: cannot write '{}': {}", options.out, error.message()));
  }
}

}  // namespace assay
