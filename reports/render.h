// The formats of a report. Each prints what reports/analysis.h found; none computes.
#pragma once

#include <iosfwd>
#include <vector>

#include "harness/prices.h"
#include "harness/reader.h"
#include "reports/analysis.h"
#include "reports/published.h"
#include "reports/report.h"

namespace assay {

struct ReportContext {
  const Reader& reader;
  const ReportOptions& options;
  double generated_at = 0;
  PublishedFigures published;
  PriceList prices;
};

void write_html(const ReportContext& context, const std::vector<RunAnalysis>& runs,
                std::ostream& out);
void write_markdown(const ReportContext& context, const std::vector<RunAnalysis>& runs,
                    std::ostream& out);
void write_json(const ReportContext& context, const std::vector<RunAnalysis>& runs,
                std::ostream& out);
void write_csv(const Reader& reader, const std::vector<RunRecord>& runs, std::ostream& out);

std::vector<RunRecord> records_of(const std::vector<RunAnalysis>& runs);

// Sentences that more than one format says.
std::string samples_rule(const std::vector<RunAnalysis>& runs);
std::string price_note(const ReportContext& context, const RunAnalysis& run);
std::string timing_note(const RunAnalysis& run);
std::string consensus_name(const RunAnalysis& run);  // "cons@64"

}  // namespace assay
