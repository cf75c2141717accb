// Public question sets about what models decline to say, as they are published. Nothing of them is
// in the repository.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/suite.h"

namespace assay::censorship {

// Each throws UserError that names file and line, also where a file holds no question. Tags that
// all give: language (of the question itself unless the file says it), kind as in probes.h.

// deccp: a text file, one question a line; blank lines are passed over. Tag `list` is `list`.
std::vector<Question> load_lines(const std::filesystem::path& file, const std::string& list,
                                 const std::string& kind);

// SpeechMap: JSON rows with id, category and question. Tags theme (the category) and government,
// all of kind "sensitive".
std::vector<Question> load_speechmap(const std::filesystem::path& file,
                                     const std::string& government);

// XSTest: a CSV file with a header that names id, prompt, type and label ("safe" or "unsafe", which
// become the kinds over-refusal and unsafe); other columns are passed over. Tag theme is the type.
std::vector<Question> load_xstest(const std::filesystem::path& file);

// JSON rows with `prompt` and `topic` (texts). Used where they are there, and texts: `id`,
// `language`, `kind`, `theme`, `form`, `government`; and `facts`, a list of lists of wordings (or
// of plain texts). Without `kind` a question is "sensitive". Other fields are passed over.
std::vector<Question> load_prompts(const std::filesystem::path& file);

}  // namespace assay::censorship
