#include "suites/censorship/rules.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include <fmt/core.h>

#include "embedded/grader_rules_txt.h"

namespace assay::censorship {

namespace {

constexpr std::size_t start_tokens = 16;
constexpr std::size_t head_tokens = 60;
constexpr unsigned slot_bits = 16;

std::size_t first_place(std::uint32_t from, std::uint64_t token) {
  return token ^ from * 0x9E3779B97F4A7C15;
}

std::size_t slot_of(std::uint64_t token, std::uint64_t next) {
  return ((token + next * 0xFF51AFD7ED558CCD) * 0x9E3779B97F4A7C15) >> (64U - slot_bits);
}

Zone zone_of(std::string_view text) {
  if (text == "start") {
    return Zone::start;
  }
  if (text == "head") {
    return Zone::head;
  }
  if (text == "any") {
    return Zone::any;
  }
  throw std::runtime_error(fmt::format("rules: '{}' is no place", text));
}

std::string group_of(std::string_view name) {
  return std::string(name.substr(0, name.find('.')));
}

bool counts_at(Zone zone, std::size_t at) {
  return zone == Zone::any || at < (zone == Zone::head ? head_tokens : start_tokens);
}

}  // namespace

RuleTable::RuleTable(std::string_view text)
    : begins_(1U << slot_bits), begins_anywhere_(1U << slot_bits) {
  std::vector<std::string> patterns;
  std::vector<std::uint32_t> rule_of;  // by pattern
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line[0] == '#') {
      continue;
    }
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) {
      throw std::runtime_error(fmt::format("rules: '{}' is not name, place, pattern", line));
    }
    patterns.emplace_back(line.substr(second + 1));
    rule_of.push_back(static_cast<std::uint32_t>(
        rule_index(line.substr(0, first), zone_of(line.substr(first + 1, second - first - 1)))));
  }
  group_rules();
  std::vector<PhraseState> states = phrase_automaton(patterns);
  for (PhraseState& state : states) {
    for (std::vector<std::uint32_t>* list : {&state.endings, &state.patterns}) {
      std::transform(list->begin(), list->end(), list->begin(),
                     [&](std::uint32_t pattern) { return rule_of[pattern]; });
    }
    endings_.push_back(state.endings);
  }
  put_edges(states);
  put_beginnings(states);
}

void RuleTable::group_rules() {
  for (const Rule& rule : rules_) {
    groups_.push_back(group_of(rule.name));
  }
  std::sort(groups_.begin(), groups_.end());
  groups_.erase(std::unique(groups_.begin(), groups_.end()), groups_.end());
  for (Rule& rule : rules_) {
    const auto group = std::lower_bound(groups_.begin(), groups_.end(), group_of(rule.name));
    rule.group = static_cast<std::size_t>(group - groups_.begin());
  }
}

void RuleTable::put_edges(const std::vector<PhraseState>& states) {
  std::size_t count = 0;
  for (const PhraseState& state : states) {
    count += state.next.size();
  }
  edges_.resize(std::bit_ceil(2 * count + 1));
  const std::size_t mask = edges_.size() - 1;
  for (std::uint32_t from = 0; from < states.size(); ++from) {
    for (const auto& [token, to] : states[from].next) {
      std::size_t at = first_place(from, token) & mask;
      while (edges_[at].token != 0) {
        at = (at + 1) & mask;
      }
      edges_[at] = {token, from, to};
    }
  }
}

void RuleTable::put_beginnings(const std::vector<PhraseState>& states) {
  const auto put = [&](std::uint64_t token, std::uint64_t second,
                       const std::vector<std::uint32_t>& rules) {
    const std::size_t slot = slot_of(token, second);
    begins_[slot] = true;
    begins_anywhere_[slot] =
        begins_anywhere_[slot] || std::any_of(rules.begin(), rules.end(), [&](std::uint32_t rule) {
          return rules_[rule].zone == Zone::any;
        });
  };
  for (const auto& [token, state] : states[0].next) {
    if (!states[state].endings.empty()) {
      put(token, 0, states[state].endings);
    }
    for (const auto& [second, after] : states[state].next) {
      put(token, second, states[after].patterns);
    }
  }
}

std::size_t RuleTable::rule_index(std::string_view name, Zone zone) {
  const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const Rule& rule) {
    return rule.name == name && rule.zone == zone;
  });
  if (found == rules_.end()) {
    rules_.push_back({.name = std::string(name), .zone = zone});
    return rules_.size() - 1;
  }
  return static_cast<std::size_t>(found - rules_.begin());
}

std::uint32_t RuleTable::next(std::uint32_t node, std::uint64_t token) const {
  const std::size_t mask = edges_.size() - 1;
  std::size_t at = first_place(node, token) & mask;
  while (edges_[at].token != 0) {
    if (edges_[at].token == token && edges_[at].from == node) {
      return edges_[at].to;
    }
    at = (at + 1) & mask;
  }
  return 0;
}

void RuleTable::find(std::span<const Token> tokens, std::span<int> counts) const {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::vector<bool>& begins = i < head_tokens ? begins_ : begins_anywhere_;
    const std::uint64_t second = i + 1 < tokens.size() ? tokens[i + 1].hash : 0;
    if (!begins[slot_of(tokens[i].hash, second)] && !begins[slot_of(tokens[i].hash, 0)]) {
      continue;
    }
    std::uint32_t node = next(0, tokens[i].hash);
    for (std::size_t j = i + 1; node != 0; ++j) {
      for (const std::uint32_t rule : endings_[node]) {
        counts[rule] += counts_at(rules_[rule].zone, i) ? 1 : 0;
      }
      node = j < tokens.size() ? next(node, tokens[j].hash) : 0;
    }
  }
}

const RuleTable& grader_rules() {
  static const RuleTable table(grader_rules_txt);
  return table;
}

}  // namespace assay::censorship
