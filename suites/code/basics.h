// code/basics: this project's own problems, each once in Python and once in C++. Prompts and tests
// of both languages are made from one row (data/code/README.md says what a row holds).
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace assay {

std::string basics_python_prompt(const nlohmann::json& row);
std::string basics_cpp_prompt(const nlohmann::json& row);  // ends in the open function
nlohmann::json basics_python_check(const nlohmann::json& row);
std::string basics_cpp_tests(const nlohmann::json& row);  // with main

}  // namespace assay
