// Which samples a page shows of a run that has more than it can hold.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "reports/analysis.h"

namespace assay {

// The rule, as the page states it: wrong samples first, then failed, then unscored, then right
// ones; but a class that comes later keeps an eighth of the room as far as it can fill it, so that
// right answers can be compared with wrong ones. Where a class does not fit, its samples are taken
// at equal distances over the run. 9 bytes a sample.
class Choice {
 public:
  explicit Choice(std::size_t samples_max) : samples_max_(samples_max) {}

  // REQUIRES: in order of (position, sample_index).
  void add(SampleClass which, int position, int sample_index) {
    keys_[static_cast<std::size_t>(which)].emplace_back(position, sample_index);
  }

  SampleChoice choose(std::int64_t run_id);

 private:
  static constexpr std::size_t class_count = 4;
  std::size_t samples_max_;
  std::array<std::vector<std::pair<int, int>>, class_count> keys_;
};

}  // namespace assay
