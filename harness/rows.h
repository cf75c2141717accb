// How rows of the results file become values; shared by the store (cache look-ups) and the reader.
#pragma once

#include <string_view>

#include "harness/records.h"

namespace SQLite {
class Statement;
}

namespace assay {

// The columns, in the order in which the functions below read them, for use in SELECT.
extern const std::string_view run_columns;
extern const std::string_view sample_columns;  // of table sample
extern const std::string_view answer_columns;  // of table answer
extern const std::string_view measurement_columns;

RunRecord read_run(SQLite::Statement& row);
SampleRecord read_sample(SQLite::Statement& row);  // texts stay empty
void read_answer(SQLite::Statement& row,
                 SampleRecord& sample);  // REQUIRES: sample_columns, then answer_columns
MeasurementRecord read_measurement(SQLite::Statement& row);

}  // namespace assay
