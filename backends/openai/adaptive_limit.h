// How many requests a host is given at once: fewer after it says that it is overloaded, more again
// as it answers.
#pragma once

namespace assay {

// Additive increase, multiplicative decrease, as TCP does it (RFC 5681). Pure: the caller says what
// time it is, in seconds on any steady clock.
class AdaptiveLimit {
 public:
  explicit AdaptiveLimit(int limit_max);

  // How many may be in flight now: 1 .. limit_max.
  int limit() const { return static_cast<int>(limit_); }

  // Nothing new is to be started before this time.
  double paused_until_s() const { return paused_until_s_; }

  bool may_start(int in_flight, double now_s) const {
    return in_flight < limit() && now_s >= paused_until_s_;
  }

  // An answer arrived.
  void answered();

  // The host said 429 or 503 and asked to wait for `wait_s` (0: it did not say). The limit shrinks
  // once per cool-down, since all requests of one moment say the same thing. Several in a row with
  // no answer between them mean that everyone is being turned away: then nothing is started until
  // the time that the host asked for.
  void overloaded(double now_s, double wait_s);

  // The host said that its quota is used up until then.
  void pause_until(double time_s);

 private:
  double limit_max_;
  double limit_;
  double step_;  // regained per window of answers
  double cool_until_s_ = -1;
  double paused_until_s_ = -1;
  int in_a_row_ = 0;  // overloaded since the last answer
};

}  // namespace assay
