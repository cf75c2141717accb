// Phrases with choices, many at once, as one automaton over tokens: what rules.cpp searches with.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace assay::censorship {

// "a (b|c |)d": all that it stands for, each once, sorted. Throws std::runtime_error where brackets
// do not match.
std::vector<std::string> phrases_of(const std::string& pattern);

// The pattern as a row of choices: any of the first, then any of the second, and so on. Cut where a
// word must end, so that the phrases need not be written out: there may be a million of them.
// Throws as phrases_of.
std::vector<std::vector<std::string>> choices_of(const std::string& pattern);

// A state of the automaton. State 0 is where every phrase begins; nothing leads back to it.
struct PhraseState {
  std::map<std::uint64_t, std::uint32_t> next;  // by the hash of a token
  std::vector<std::uint32_t> endings;           // patterns of which a phrase ends here, ascending
  std::vector<std::uint32_t> patterns;          // that lead through here, ascending
};

// Which states a text passes through from any of its tokens tells all phrases that begin there.
// Deterministic: the subset construction of M. O. Rabin and D. Scott (IBM J. Res. Dev. 3, 1959).
// Throws std::runtime_error as phrases_of, for a pattern that stands for no token at all, and for
// more states than 2^20.
std::vector<PhraseState> phrase_automaton(const std::vector<std::string>& patterns);

}  // namespace assay::censorship
