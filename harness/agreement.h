// How far two raters agree on the labels of the same things, beyond what chance alone would give.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/statistics.h"

namespace assay {

struct Agreement {
  std::int64_t n = 0;
  double share = 0;             // of the things on which both give the same label
  std::optional<double> kappa;  // J. Cohen (Educ. Psychol. Meas. 20, 1960); empty where both gave
                                // one label only, the same: chance alone agrees on all
  Interval interval;  // of kappa, 95 %, cut to [-1, 1]; its standard error is that of J. L.
                      // Fleiss, J. Cohen, B. S. Everitt (Psychol. Bull. 72, 1969, 323)
};

// Counts pairs of labels, in any order.
class AgreementTally {
 public:
  void add(std::string_view first, std::string_view second);

  std::optional<Agreement> agreement() const;  // empty for no pairs
  std::vector<std::string> labels() const;     // of either rater, sorted
  std::int64_t count(const std::string& first, const std::string& second) const;

 private:
  std::map<std::pair<std::string, std::string>, std::int64_t> counts_;
  std::int64_t n_ = 0;
};

}  // namespace assay
