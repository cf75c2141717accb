#include "backends/openai/adaptive_limit.h"

#include <algorithm>

namespace assay {

namespace {

constexpr double decrease = 0.8;
constexpr double cool_down_s = 1;
constexpr double windows_to_recover = 50;  // from 1 to limit_max, in windows of answers
constexpr int turned_away_in_a_row = 3;

}  // namespace

AdaptiveLimit::AdaptiveLimit(int limit_max)
    : limit_max_(std::max(1, limit_max)),
      limit_(limit_max_),
      step_(std::max(1.0, limit_max_ / windows_to_recover)) {}

void AdaptiveLimit::answered() {
  in_a_row_ = 0;
  if (limit_ < limit_max_) {
    limit_ = std::min(limit_max_, limit_ + step_ / limit_);
  }
}

void AdaptiveLimit::overloaded(double now_s, double wait_s) {
  ++in_a_row_;
  if (in_a_row_ >= turned_away_in_a_row) {
    pause_until(now_s + wait_s);
  }
  if (now_s >= cool_until_s_) {
    cool_until_s_ = now_s + cool_down_s;
    limit_ = std::max(1.0, limit_ * decrease);
  }
}

void AdaptiveLimit::pause_until(double time_s) {
  paused_until_s_ = std::max(paused_until_s_, time_s);
}

}  // namespace assay
