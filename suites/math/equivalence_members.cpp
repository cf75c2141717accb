// The members of two lists or sets, against each other in their order or in any.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "suites/math/equivalence_compare.h"
#include "suites/math/expression/points.h"

namespace assay::math {
namespace {

// A number that equal members nearly always share, however they are written.
double rank_of(const Node& node, Budget& budget) {
  if (is_formula(node)) {
    if (const auto value = estimate(node, budget)) return *value;
  }
  if (!budget.spend(node_written_ns)) return 0;
  constexpr double weight = 3.7;
  double rank = static_cast<double>(hash_of(node.name, 5) % 1009);
  for (const Node& child : node.children)
    rank = (is_several(node) ? rank : rank * weight) + rank_of(child, budget);
  return rank;
}

// Finds to each member of the reference one of the answer's. Which are compared first follows from
// their ranks: n comparisons instead of n^2 for the same members in another order.
class Matching {
 public:
  Matching(const std::vector<Node>& gold, const std::vector<Node>& answer, Budget& budget)
      : gold_(gold), answer_(answer), budget_(budget), used_(answer.size(), false) {}

  // The members of the answer that are not used yet, likely ones first, until one is equal.
  template <class Compare>
  Same find(std::size_t i, const Compare& compare) {
    Same best = Same::no;
    const auto is_match = [&](std::size_t k) {
      const Same same = compare(gold_[i], answer_[k]);
      if (same == Same::unknown) best = Same::unknown;
      used_[k] = same == Same::yes;
      return used_[k];
    };
    std::size_t first = i;
    if (!ranks_.empty()) first = nearest(i);
    if (first < answer_.size() && !used_[first] && is_match(first)) return Same::yes;
    std::size_t second = first;
    if (ranks_.empty()) {
      rank_all();
      second = nearest(i);
      if (second != first && second < answer_.size() && is_match(second)) return Same::yes;
    }
    for (std::size_t k = 0; k < answer_.size(); ++k) {
      if (used_[k] || k == first || k == second) continue;
      if (budget_.left_ns <= 0) return Same::unknown;
      if (is_match(k)) return Same::yes;
    }
    return best;
  }

  bool is_used(std::size_t k) const { return used_[k]; }

 private:
  void rank_all() {
    for (const auto* members : {&gold_, &answer_}) {
      for (const Node& member : *members) ranks_.push_back(rank_of(member, budget_));
    }
  }

  // The number of members where all are used.
  std::size_t nearest(std::size_t i) const {
    std::size_t found = answer_.size();
    double gap = 0;
    for (std::size_t k = 0; k < answer_.size(); ++k) {
      const double distance = std::fabs(ranks_[i] - ranks_[gold_.size() + k]);
      if (used_[k] || (found < answer_.size() && !(distance < gap))) continue;
      found = k;
      gap = distance;
    }
    return found;
  }

  const std::vector<Node>& gold_;
  const std::vector<Node>& answer_;
  Budget& budget_;
  std::vector<bool> used_;
  std::vector<double> ranks_;  // of the reference's members, then of the answer's
};

// The same members, written alike but for the order of terms: known without any computing.
bool written_alike(const std::vector<Node>& gold, const std::vector<Node>& answer, Budget& budget) {
  if (gold.size() != answer.size()) return false;
  std::vector<std::string> texts[2];
  for (const auto& [members, into] : {std::pair(&gold, &texts[0]), std::pair(&answer, &texts[1])}) {
    for (const Node& member : *members) {
      if (!budget.spend(count_nodes(member) * node_written_ns)) return false;
      into->push_back(text_in_any_order(member, /*factors=*/false));
    }
    std::sort(into->begin(), into->end());
  }
  return texts[0] == texts[1];
}

}  // namespace

Comparison Comparer::in_order(const std::vector<Node>& gold, const std::vector<Node>& answer) {
  if (gold.size() != answer.size()) return no("different numbers of members");
  Comparison overall = yes("equal member by member");
  for (std::size_t i = 0; i < gold.size(); ++i) {
    if (depth_ <= 2) position_ = i;
    Comparison one = compare(gold[i], answer[i]);
    if (one.same == Same::no) return no("member " + std::to_string(i + 1) + " differs: " + one.how);
    if (one.same == Same::unknown) overall = one;
  }
  return overall;
}

Comparison Comparer::in_any_order(const std::vector<Node>& gold, const std::vector<Node>& answer) {
  if (written_alike(gold, answer, budget_)) return yes("the same members");
  const auto same = [&](const Node& a, const Node& b) { return compare(a, b).same; };
  Matching matching(gold, answer, budget_);
  bool unknown = false;
  bool gold_repeats = false;
  for (std::size_t i = 0; i < gold.size(); ++i) {
    if (depth_ <= 2) position_ = i;
    const Same found = matching.find(i, same);
    if (found == Same::yes) continue;
    // A member written twice counts once.
    bool repeated = false;
    for (std::size_t k = 0; k < i && !repeated && budget_.left_ns > 0; ++k)
      repeated = same(gold[i], gold[k]) == Same::yes;
    gold_repeats = gold_repeats || repeated;
    if (repeated) continue;
    if (budget_.left_ns <= 0) return {Same::unknown, "too many members to compare"};
    if (found == Same::no)
      return no("member " + std::to_string(i + 1) + " of the reference is missing");
    unknown = true;
  }
  for (std::size_t k = 0; k < answer.size(); ++k) {
    if (matching.is_used(k)) continue;
    bool repeated = false;
    for (std::size_t m = 0; m < answer.size() && !repeated; ++m)
      repeated = matching.is_used(m) && same(answer[m], answer[k]) == Same::yes;
    if (!repeated && !unknown) return no("a member too many");
    // 2, 2, 3 may be written 2, 3, but is not 2, 3, 3.
    if (gold_repeats && !unknown) return no("other members are repeated");
  }
  if (unknown) return {Same::unknown, "a member cannot be compared"};
  return yes("the same members");
}

}  // namespace assay::math
