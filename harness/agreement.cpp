#include "harness/agreement.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace assay {

namespace {

constexpr double z_95 = 1.959963984540054;

// Shares of the pairs by label of the first rater, and of the second.
struct Margins {
  std::map<std::string, double> first;
  std::map<std::string, double> second;

  double of_first(const std::string& label) const { return share(first, label); }
  double of_second(const std::string& label) const { return share(second, label); }

 private:
  static double share(const std::map<std::string, double>& of, const std::string& label) {
    const auto found = of.find(label);
    return found == of.end() ? 0 : found->second;
  }
};

}  // namespace

void AgreementTally::add(std::string_view first, std::string_view second) {
  ++counts_[{std::string(first), std::string(second)}];
  ++n_;
}

std::optional<Agreement> AgreementTally::agreement() const {
  if (n_ == 0) {
    return std::nullopt;
  }
  const auto n = static_cast<double>(n_);
  Margins margins;
  Agreement result;
  result.n = n_;
  for (const auto& [pair, count] : counts_) {
    const double share = static_cast<double>(count) / n;
    margins.first[pair.first] += share;
    margins.second[pair.second] += share;
    result.share += pair.first == pair.second ? share : 0;
  }
  double by_chance = 0;
  for (const auto& [label, share] : margins.first) {
    by_chance += share * margins.of_second(label);
  }
  if (by_chance >= 1) {
    return result;
  }
  const double kappa = (result.share - by_chance) / (1 - by_chance);
  double spread = 0;
  for (const auto& [pair, count] : counts_) {
    const double share = static_cast<double>(count) / n;
    const bool same = pair.first == pair.second;
    const double sum = margins.of_second(pair.first) + margins.of_first(pair.second);
    const double part = same ? 1 - sum * (1 - kappa) : sum * (1 - kappa);
    spread += share * part * part;
  }
  const double middle = kappa - by_chance * (1 - kappa);
  const double variance = (spread - middle * middle) / (n * (1 - by_chance) * (1 - by_chance));
  const double half = z_95 * std::sqrt(std::max(0.0, variance));
  result.kappa = kappa;
  result.interval = {std::max(-1.0, kappa - half), std::min(1.0, kappa + half)};
  return result;
}

std::vector<std::string> AgreementTally::labels() const {
  std::set<std::string> labels;
  for (const auto& [pair, count] : counts_) {
    labels.insert(pair.first);
    labels.insert(pair.second);
  }
  return {labels.begin(), labels.end()};
}

std::int64_t AgreementTally::count(const std::string& first, const std::string& second) const {
  const auto found = counts_.find({first, second});
  return found == counts_.end() ? 0 : found->second;
}

}  // namespace assay
