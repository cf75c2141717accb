// What the page's templates are filled with, one piece of the page each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <kainjow/mustache.hpp>

#include "reports/render.h"

namespace assay {

using PageData = kainjow::mustache::data;

// The only way by which text enters a template: control characters made visible. The template's
// {{name}} escapes markup.
void set_text(PageData& data, const std::string& name, std::string_view text);

// The whiskers of a score, on an axis from 0 to 100 %. Sets nothing where there is no score.
void set_score(PageData& data, const std::optional<Score>& score);

PageData run_data(const ReportContext& context, const RunAnalysis& run);

// The experts of a run, and what they have in common with those of the others.
void set_experts(PageData& data, const RunAnalysis& run, const std::vector<RunAnalysis>& runs);

// Of one sample with its question and prompt; at most `text_bytes_max` of each of its texts.
PageData sample_data(const Reader& reader, const RunRecord& run, const SampleRecord& sample,
                     std::size_t text_bytes_max);

PageData measurement_data(const MeasurementRecord& measurement);

}  // namespace assay
