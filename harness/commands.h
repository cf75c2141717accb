// The commands that this folder can carry out by itself, given a catalogue.
#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>

#include "harness/catalogue.h"
#include "harness/command_line.h"
#include "harness/error.h"

namespace assay {

// USD for an answer of provider:name; empty where there is no price.
using PriceOf = std::function<std::optional<double>(const ModelSpec& model, const Usage& usage)>;

struct Streams {
  std::ostream& out;  // results
  std::ostream& err;  // progress and errors
  bool terminal;      // whether err is one
};

// Each throws UserError on bad input and StoreError where results cannot be kept.
Exit run_command(const RunCommand& command, const Catalogue& catalogue, const PriceOf& price,
                 const std::string& typed, const Streams& streams);
Exit grade_command(const GradeCommand& command, const Catalogue& catalogue, const Streams& streams);
Exit generate_command(const GenerateCommand& command, const Catalogue& catalogue,
                      const Streams& streams);
Exit data_command(const DataCommand& command, const Streams& streams);

// `list suites`, `list models` and `list grades`.
void list_catalogue(const std::string& what, const Catalogue& catalogue, std::ostream& out);

}  // namespace assay
