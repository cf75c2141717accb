// `assay list runs` and `assay show`: a results file as text for a terminal. What a model wrote is
// shown with its control characters made visible, so that it cannot command the terminal.
#pragma once

#include <iosfwd>
#include <string>

#include "harness/reader.h"

namespace assay {

// A line per run, newest last.
void list_runs(const Reader& reader, std::ostream& out);

// A run: its identity, its scores, and which samples are wrong or failed (the first 20 of each).
// Throws UserError.
void show_run(const Reader& reader, const std::string& run, std::ostream& out);

// One sample, whole: prompt, reasoning, answer, verdict, figures. `sample` is "POSITION" (its
// sample 0), "POSITION.INDEX", or a question's id within its suite, with ".INDEX" or without.
// Throws UserError.
void show_sample(const Reader& reader, const std::string& run, const std::string& sample,
                 std::ostream& out);

}  // namespace assay
