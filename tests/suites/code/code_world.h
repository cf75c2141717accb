// What the tests of the code suites share: one sandbox for all of them, and a visible skip where
// the machine cannot isolate programs.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "suites/code/code_suite.h"
#include "suites/code/python_program.h"
#include "suites/code/sandbox.h"
#include "tests/labelled.h"

namespace assay {

// Null, after printing the skip, where programs cannot be isolated: `if (!shop) return;`.
inline std::shared_ptr<Workshop> test_workshop() {
  static const std::shared_ptr<Workshop> workshop = []() -> std::shared_ptr<Workshop> {
    try {
      return std::make_shared<Workshop>(std::make_unique<Sandbox>(SandboxOptions{}));
    } catch (const UserError& error) {
      std::cout << "SKIPPED: " << error.what() << "\n";
      return nullptr;
    }
  }();
  return workshop;
}

// Every C++ program costs a compilation: the default run takes a part of a large set.
inline bool long_tests() {
  return std::getenv("ASSAY_TEST_LONG") != nullptr;  // NOLINT(concurrency-mt-unsafe): read only
}

inline Response response_of(const std::string& text) {
  Response response;
  response.text = text;
  response.finish = Finish::stop;
  return response;
}

inline std::string in_block(const std::string& language, const std::string& code) {
  return "Here it is:\n\n```" + language + "\n" + code + "\n```\nThat should do.";
}

// Grades each question's own reference; prints those that do not pass. `step`: every how many.
inline int references_that_pass(const CodeSuiteParts& parts, Workshop& workshop, int step) {
  int passed = 0;
  for (std::size_t i = 0; i < parts.questions.size(); i += static_cast<std::size_t>(step)) {
    const Question& question = parts.questions[i];
    const bool python = question.tags.at("language") == "python";
    const bool continues =
        question.fields.contains("check") && question.fields.contains("entry_point");
    const bool opened = !python && question.gold.find(question.id) == std::string::npos &&
                        parts.info.name == "code/humaneval-cpp";
    const std::string code = continues || opened ? question.text + question.gold : question.gold;
    const Verdict verdict =
        parts.judge(workshop, question, response_of(in_block(python ? "python" : "cpp", code)));
    passed += verdict.value == 1.0 ? 1 : 0;
    if (verdict.value != 1.0) {
      std::cout << question.id << ": " << verdict.label << ": " << verdict.reason << "\n";
    }
  }
  return passed;
}

}  // namespace assay
