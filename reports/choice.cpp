#include "reports/choice.h"

#include <algorithm>

namespace assay {

SampleChoice Choice::choose(std::int64_t run_id) {
  std::array<std::size_t, class_count> taken{};
  std::size_t room = samples_max_;
  const std::size_t kept = samples_max_ / 8;
  for (std::size_t which = 0; which < class_count; ++which) {
    taken[which] = std::min({keys_[which].size(), kept, room});
    room -= taken[which];
  }
  for (std::size_t which = 0; which < class_count; ++which) {
    const std::size_t more = std::min(keys_[which].size() - taken[which], room);
    taken[which] += more;
    room -= more;
  }
  SampleChoice choice;
  for (std::size_t which = 0; which < class_count; ++which) {
    const auto& keys = keys_[which];
    const auto name = static_cast<SampleClass>(which);
    choice.there[name] = static_cast<std::int64_t>(keys.size());
    choice.shown[name] = static_cast<std::int64_t>(taken[which]);
    for (std::size_t i = 0; i < taken[which]; ++i) {
      const auto& [position, sample_index] = keys[i * keys.size() / taken[which]];
      choice.keys.push_back({.run_id = run_id, .position = position, .sample_index = sample_index});
    }
  }
  return choice;
}

}  // namespace assay
