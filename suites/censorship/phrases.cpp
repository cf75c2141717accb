#include "suites/censorship/phrases.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/core.h>

#include "suites/censorship/normalise.h"

namespace assay::censorship {

namespace {

constexpr std::size_t states_max = std::size_t{1} << 20U;

void expand(const std::string& pattern, std::vector<std::string>& out) {
  const std::size_t close = pattern.find(')');
  const std::size_t open = pattern.rfind('(', close);
  if (close == std::string::npos && open == std::string::npos) {
    out.push_back(pattern);
    return;
  }
  if (close == std::string::npos || open == std::string::npos) {
    throw std::runtime_error(fmt::format("rules: the brackets of '{}' do not match", pattern));
  }
  for (std::size_t at = open + 1; at <= close;) {
    const std::size_t end = std::min(pattern.find('|', at), close);
    expand(pattern.substr(0, open) + pattern.substr(at, end - at) + pattern.substr(close + 1), out);
    at = end + 1;
  }
}

bool ends_a_word(const std::string& phrase) {
  return phrase.empty() || phrase.back() == ' ';
}

// All patterns side by side, each a row of nodes that choices lead along; a node may stand for
// "nothing more is needed up to the next" (skip).
class Nodes {
 public:
  explicit Nodes(const std::vector<std::string>& patterns) {
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      add(patterns[i], static_cast<std::uint32_t>(i));
    }
  }

  using Set = std::vector<std::uint32_t>;  // ascending

  Set start() const { return closed(starts_); }

  // Where each token leads from any of `from`.
  std::map<std::uint64_t, Set> steps(const Set& from) const {
    std::map<std::uint64_t, Set> to;
    for (const std::uint32_t node : from) {
      for (const auto& [token, next] : nodes_[node].edges) {
        to[token].push_back(next);
      }
    }
    for (auto& [token, set] : to) {
      set = closed(std::move(set));
    }
    return to;
  }

  PhraseState state_of(const Set& set) const {
    PhraseState state;
    for (const std::uint32_t node : set) {
      state.patterns.push_back(nodes_[node].pattern);
      if (nodes_[node].is_end) {
        state.endings.push_back(nodes_[node].pattern);
      }
    }
    // Nodes are numbered pattern by pattern, so both are sorted.
    state.patterns.erase(std::unique(state.patterns.begin(), state.patterns.end()),
                         state.patterns.end());
    return state;
  }

 private:
  struct Node {
    std::uint32_t pattern = 0;
    bool is_end = false;
    std::uint32_t skip = 0;  // reached without a token; 0: none
    std::vector<std::pair<std::uint64_t, std::uint32_t>> edges;
  };

  std::uint32_t make(std::uint32_t pattern) {
    nodes_.push_back({.pattern = pattern});
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  void add(const std::string& pattern, std::uint32_t number) {
    std::uint32_t here = make(number);
    starts_.push_back(here);
    bool is_nothing = true;
    for (const std::vector<std::string>& choice : choices_of(pattern)) {
      const std::uint32_t after = make(number);
      bool may_be_missing = false;
      for (const std::string& phrase : choice) {
        may_be_missing = !add_phrase(phrase, here, after) || may_be_missing;
      }
      nodes_[here].skip = may_be_missing ? after : 0;
      is_nothing = is_nothing && may_be_missing;
      here = after;
    }
    nodes_[here].is_end = true;
    if (is_nothing) {
      throw std::runtime_error(fmt::format("rules: '{}' may stand for nothing", pattern));
    }
  }

  // False for a phrase without tokens.
  bool add_phrase(const std::string& phrase, std::uint32_t from, std::uint32_t to) {
    Tokens tokens;
    tokenize(phrase, tokens);
    for (std::size_t i = 0; i < tokens.tokens.size(); ++i) {
      const bool is_last = i + 1 == tokens.tokens.size();
      const std::uint32_t next = is_last ? to : make(nodes_[from].pattern);
      nodes_[from].edges.emplace_back(tokens.tokens[i].hash, next);
      from = next;
    }
    return !tokens.tokens.empty();
  }

  Set closed(Set set) const {
    for (std::size_t i = 0; i < set.size(); ++i) {
      if (nodes_[set[i]].skip != 0) {
        set.push_back(nodes_[set[i]].skip);
      }
    }
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    return set;
  }

  std::vector<Node> nodes_{1};  // node 0 is none
  Set starts_;
};

}  // namespace

std::vector<std::string> phrases_of(const std::string& pattern) {
  std::vector<std::string> all;
  expand(pattern, all);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<std::vector<std::string>> choices_of(const std::string& pattern) {
  std::vector<std::vector<std::string>> choices;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    depth += pattern[i] == '(' ? 1 : pattern[i] == ')' ? -1 : 0;
    const bool may_end_a_word = pattern[i] == ' ' || pattern[i] == ')';
    if (depth != 0 || !may_end_a_word) {
      continue;
    }
    std::vector<std::string> choice = phrases_of(pattern.substr(begin, i + 1 - begin));
    if (std::all_of(choice.begin(), choice.end(), ends_a_word)) {
      choices.push_back(std::move(choice));
      begin = i + 1;
    }
  }
  if (begin < pattern.size()) {
    choices.push_back(phrases_of(pattern.substr(begin)));
  }
  return choices;
}

std::vector<PhraseState> phrase_automaton(const std::vector<std::string>& patterns) {
  const Nodes nodes(patterns);
  std::map<Nodes::Set, std::uint32_t> numbers;
  std::vector<const Nodes::Set*> sets;  // by state; a map's keys stay where they are
  const auto number_of = [&](Nodes::Set set) {
    const auto [place, is_new] =
        numbers.emplace(std::move(set), static_cast<std::uint32_t>(sets.size()));
    if (is_new) {
      sets.push_back(&place->first);
    }
    return place->second;
  };
  number_of(nodes.start());
  std::vector<PhraseState> states;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (sets.size() > states_max) {
      throw std::runtime_error("rules: too many phrases");
    }
    PhraseState state = nodes.state_of(*sets[i]);
    for (auto& [token, set] : nodes.steps(*sets[i])) {
      state.next.emplace(token, number_of(std::move(set)));
    }
    states.push_back(std::move(state));
  }
  return states;
}

}  // namespace assay::censorship
