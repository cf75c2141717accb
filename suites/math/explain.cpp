#include "suites/math/explain.h"

#include <algorithm>

#include <fmt/core.h>
#include <fmt/ostream.h>

#include "suites/math/conventions.h"

namespace assay::math {

namespace {

void print_side(std::ostream& out, std::string_view what, const SideReading& side) {
  fmt::print(out, "{:<8}{}\n", what, shortened(side.taken));
  fmt::print(out, "        read as {}: {}\n", side.kind.empty() ? "nothing" : side.kind,
             side.canonical.empty() ? "-" : shortened(side.canonical));
}

}  // namespace

void explain(std::ostream& out, std::string_view gold, std::string_view answer,
             std::string_view policy) {
  const Policy& by = policy_of(policy.empty() ? conventions().front().name : policy);
  const Explanation explanation = explain(gold, answer, by);
  print_side(out, "gold", explanation.gold);
  print_side(out, "answer", explanation.answer);
  fmt::print(out, "\n{}, by {} ({})\n        {}\n", name_of(explanation.judgement.decision),
             by.name, by.summary, explanation.judgement.reason);
  fmt::print(out, "\nother policies\n");
  size_t width = 0;
  for (const Policy& other : policies()) {
    width = std::max(width, other.name.size());
  }
  for (const Policy& other : policies()) {
    if (other.name == by.name) {
      continue;
    }
    const Judgement judgement = equivalent(gold, answer, other);
    fmt::print(out, "  {:<{}}  {:<9}  {}\n", other.name, width, name_of(judgement.decision),
               judgement.reason);
  }
}

}  // namespace assay::math
