// A report over runs of a results file: one HTML page, Markdown, CSV or JSON.
//
// .html  everything, for people: one file that opens offline. Samples are bounded, and it says so.
// .md    the tables, for a pull request or a wiki.
// .csv   a row per sample, all of them: the figures, and the short texts; the header names them.
// .json  everything but the samples, for programs: {"format": "assay-report", "version": 1,
//        "runs": [...]}, fields as in reports/json.cpp's head comment.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "harness/reader.h"

namespace assay {

struct ReportOptions {
  std::vector<std::string> runs;  // as Reader::run takes them; empty: the newest runs_max
  std::string db;                 // the results file's name, for the page to mention; may be empty
  std::string out;                // its ending decides the format
  std::filesystem::path published;            // data/published_baselines.csv; empty: none shown
  std::vector<std::filesystem::path> prices;  // data/prices.csv and the user's; may be empty
  std::string program = "assay";              // version and commit
  double generated_at = 0;                    // seconds since 1970; 0: now
  std::size_t samples_max = 2000;             // on a page, over all runs
  std::size_t text_bytes_max = 16 * 1024;     // of one text on a page; what is cut is marked
};

constexpr std::size_t report_runs_max = 50;
constexpr std::size_t report_page_texts_bytes_max = std::size_t{48} << 20U;

// Throws UserError where `out` has another ending, a run is unknown, or there are none.
void write_report(const Reader& reader, const ReportOptions& options, std::ostream& out);

// As above, into the file `options.out`: under another name first, so that a reader sees the old
// report or the whole new one. Throws UserError where it cannot be written.
void write_report_file(const Reader& reader, const ReportOptions& options);

}  // namespace assay
