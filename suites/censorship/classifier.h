// Multinomial logistic regression over Features, with weights from
// data/censorship/grader/weights_*.txt.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "suites/censorship/features.h"

namespace assay::censorship {

// Logits of the three labels of a scale: complete, evasive, denial.
using Scores = std::array<double, 3>;

std::array<double, 3> probabilities_of(const Scores& scores);

// Thread rule: const once constructed.
class Classifier {
 public:
  // `text`: a file of weights. Throws std::runtime_error where it does not fit the
  // features of this program.
  explicit Classifier(std::string_view text);

  Scores score(const Features& features) const;

  // How far one occurrence of a feature pushes towards `label`, beyond the mean of all labels; the
  // weights are centred, so that this is the label's own.
  double ngram_weight(const Features& features, std::uint32_t bucket, std::size_t label) const;
  double fact_weight(std::uint32_t fact, std::size_t label) const;
  const std::string& fact_name(std::uint32_t fact) const { return fact_names_[fact]; }

 private:
  struct Levels {
    std::array<std::int8_t, 4> of{};  // by label; the last is padding, so that one load gets all
  };

  double step_ = 0;  // what one level is worth
  Scores offsets_{};
  std::vector<Scores> facts_;
  std::vector<std::string> fact_names_;
  std::vector<Levels> ngrams_;  // by bucket
};

// Those that are built into the program.
const Classifier& censorship_classifier();
const Classifier& refusal_classifier();

}  // namespace assay::censorship
