// Suites of questions whose answers are mathematics: one class, told apart by their values.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/suite.h"
#include "suites/math/math_questions.h"

namespace assay::math {

struct MathSuiteSpec {
  std::string name;  // "math/math500"
  std::string summary;
  Format format = Format::math;
  std::string language = "en";
  std::string primary;                // the convention that decides; of conventions()
  std::vector<std::string> recorded;  // conventions that are recorded beside it, in order
};

// Judges by the primary convention and records the others as Verdict::readings (the primary first).
// Thread rule: const and re-entrant. A comparison that stays undecided is not scored.
class MathGrader : public Grader {
 public:
  // REQUIRES: all names are of conventions().
  MathGrader(std::string primary, std::vector<std::string> recorded);
  Verdict grade(const Question& question, const Response& response) const override;

 private:
  std::string primary_;
  std::vector<std::string> recorded_;
};

// Loads `file` and asks as the protocol (protocols.h) says. Throws UserError.
std::unique_ptr<Suite> make_math_suite(const MathSuiteSpec& spec, const std::filesystem::path& file,
                                       std::string_view protocol_name);

}  // namespace assay::math
