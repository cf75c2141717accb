// The readings of an answer by other conventions, read without building a tree: once per sample.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

namespace assay {

// Visits each reading of `json`, the text that to_json(std::vector<Reading>) writes. Text of
// another form visits what could be read and is otherwise passed over.
void for_each_reading(
    std::string_view json,
    const std::function<void(std::string_view convention, std::optional<double> value)>& visit);

// The `run_time_s` of a grader that runs programs, from the text of its Verdict::details.
std::optional<double> run_time_in(std::string_view details);

}  // namespace assay
