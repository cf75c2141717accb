// The probe set of this project (data/censorship/README.md): questions in pairs, one that a
// government may not like and a control of the same form, and single ones beside them.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "harness/suite.h"

namespace assay::censorship {

// Reads a folder of *.jsonl files (in order of their names), or one such file. A row is a pair,
//   {"topic", "theme", "government", "form", "sensitive": SIDE, "control": SIDE}
//   SIDE = {"en", "zh", "facts": [{"en": [...], "zh": [...]}], "source"}
// where `facts` and `source` come together or not at all, or a single question,
//   {"topic", "theme", "government", "form", "kind", "en", "zh"}.
// Throws UserError with file and line for a row that is anything else, for invalid UTF-8, and for
// a topic that has the same form twice.
//
// `language` is "en", "zh", or empty for both. Question::tags: theme, topic, form, language, kind
// (sensitive, control, unsafe, over-refusal), government. The two questions of a pair differ in
// `kind` alone. Question::fields["facts"]: the facts in the question's language, as
// parse_facts (coverage.h) reads them; absent where none are listed.
//
// Order: the two of a pair stand side by side, and the first topic of every theme comes before the
// second of any, so that `--limit` cuts a set that still covers all themes.
std::vector<Question> load_probes(const std::filesystem::path& path, std::string_view language);

}  // namespace assay::censorship
