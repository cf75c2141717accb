// The phrases that the grader looks for: data/censorship/grader/rules.txt, which people can read.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suites/censorship/normalise.h"
#include "suites/censorship/phrases.h"

namespace assay::censorship {

// Where in an answer a phrase counts: begins within its first 16 or 60 tokens, or anywhere.
enum class Zone : std::uint8_t { start, head, any };

struct Rule {
  std::string name;  // "refuse.sorry"
  Zone zone = Zone::any;
  std::size_t group = 0;  // index into RuleTable::groups()
};

// Finds all phrases of all rules in one pass over the tokens.
// Thread rule: const once constructed.
class RuleTable {
 public:
  // Throws std::runtime_error where `text` is not a table of rules (rules.txt says how it looks).
  explicit RuleTable(std::string_view text);

  const std::vector<Rule>& rules() const { return rules_; }
  const std::vector<std::string>& groups() const { return groups_; }  // sorted

  // counts[i]: how often a phrase of rule i begins in its zone. REQUIRES: counts has a place for
  // every rule, all 0.
  void find(std::span<const Token> tokens, std::span<int> counts) const;

 private:
  struct Edge {
    std::uint64_t token = 0;  // 0: empty
    std::uint32_t from = 0;
    std::uint32_t to = 0;
  };

  std::size_t rule_index(std::string_view name, Zone zone);
  void group_rules();
  void put_edges(const std::vector<PhraseState>& states);
  void put_beginnings(const std::vector<PhraseState>& states);
  std::uint32_t next(std::uint32_t node, std::uint64_t token) const;  // 0: none

  std::vector<Rule> rules_;
  std::vector<std::string> groups_;
  std::vector<Edge> edges_;                          // open addressing, at most half full
  std::vector<std::vector<std::uint32_t>> endings_;  // by state: rules whose phrase ends there
  // Which pairs of tokens, and which single ones, may begin a phrase: of any rule, and of those
  // that count anywhere. By 16 bits of a hash; they spare nearly all look-ups of edges.
  std::vector<bool> begins_;
  std::vector<bool> begins_anywhere_;
};

// The table that is built into the program.
const RuleTable& grader_rules();

}  // namespace assay::censorship
