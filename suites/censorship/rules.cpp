#include "suites/censorship/rules.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/core.h>

#include "embedded/grader_rules_txt.h"

namespace assay::censorship {

namespace {

constexpr std::size_t start_tokens = 16;
constexpr std::size_t head_tokens = 60;
constexpr unsigned slot_bits = 16;

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

std::vector<std::string> phrases_of(const std::string& pattern) {
  const std::size_t close = pattern.find(')');
  if (close == std::string::npos) {
    return {pattern};
  }
  const std::size_t open = pattern.rfind('(', close);
  if (open == std::string::npos) {
    throw std::runtime_error(fmt::format("rules: '{}' closes what is not open", pattern));
  }
  std::vector<std::string> all;
  for (std::size_t at = open + 1; at <= close;) {
    const std::size_t end = std::min(pattern.find('|', at), close);
    const std::string one =
        pattern.substr(0, open) + pattern.substr(at, end - at) + pattern.substr(close + 1);
    for (std::string& phrase : phrases_of(one)) {
      all.push_back(std::move(phrase));
    }
    at = end + 1;
  }
  return all;
}

RuleTable::RuleTable(std::string_view text)
    : endings_(1), begins_(1U << slot_bits), begins_anywhere_(1U << slot_bits) {
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
    const std::size_t rule =
        rule_index(line.substr(0, first), zone_of(line.substr(first + 1, second - first - 1)));
    for (const std::string& phrase : phrases_of(std::string(line.substr(second + 1)))) {
      add(phrase, rule);
    }
  }
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

void RuleTable::add(const std::string& phrase, std::size_t rule) {
  Tokens tokens;
  tokenize(phrase, tokens);
  if (tokens.tokens.empty()) {
    throw std::runtime_error(fmt::format("rules: a phrase of {} is empty", rules_[rule].name));
  }
  std::uint32_t node = 0;
  for (const Token& token : tokens.tokens) {
    node = make_next(node, token.hash);
  }
  const std::size_t slot =
      slot_of(tokens.tokens[0].hash, tokens.tokens.size() > 1 ? tokens.tokens[1].hash : 0);
  begins_[slot] = true;
  begins_anywhere_[slot] = begins_anywhere_[slot] || rules_[rule].zone == Zone::any;
  endings_[node].push_back(static_cast<std::uint32_t>(rule));
}

std::uint32_t RuleTable::next(std::uint32_t node, std::uint64_t token) const {
  const std::size_t mask = edges_.size() - 1;
  std::size_t at = (token ^ node * 0x9E3779B97F4A7C15) & mask;
  while (edges_[at].token != 0) {
    if (edges_[at].token == token && edges_[at].from == node) {
      return edges_[at].to;
    }
    at = (at + 1) & mask;
  }
  return 0;
}

std::uint32_t RuleTable::make_next(std::uint32_t node, std::uint64_t token) {
  if ((edge_count_ + 1) * 2 > edges_.size()) {
    grow();
  }
  if (const std::uint32_t there = next(node, token); there != 0) {
    return there;
  }
  const std::size_t mask = edges_.size() - 1;
  std::size_t at = (token ^ node * 0x9E3779B97F4A7C15) & mask;
  while (edges_[at].token != 0) {
    at = (at + 1) & mask;
  }
  edges_[at] = {token, node, static_cast<std::uint32_t>(endings_.size())};
  ++edge_count_;
  endings_.emplace_back();
  return edges_[at].to;
}

void RuleTable::grow() {
  std::vector<Edge> old(std::max<std::size_t>(1024, edges_.size() * 2));
  old.swap(edges_);
  const std::size_t mask = edges_.size() - 1;
  for (const Edge& edge : old) {
    if (edge.token != 0) {
      std::size_t at = (edge.token ^ edge.from * 0x9E3779B97F4A7C15) & mask;
      while (edges_[at].token != 0) {
        at = (at + 1) & mask;
      }
      edges_[at] = edge;
    }
  }
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
