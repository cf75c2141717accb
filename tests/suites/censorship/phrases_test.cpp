#include "suites/censorship/phrases.h"

#include <algorithm>
#include <stdexcept>

#include "suites/censorship/normalise.h"
#include "tests/catch.h"

using namespace assay::censorship;  // NOLINT(google-build-using-namespace): the code under test

namespace {

using Texts = std::vector<std::string>;

// The patterns of which `text` as a whole is a phrase.
std::vector<std::uint32_t> patterns_of(const std::vector<PhraseState>& states,
                                       std::string_view text) {
  Tokens tokens;
  tokenize(text, tokens);
  std::uint32_t state = 0;
  for (const Token& token : tokens.tokens) {
    const auto next = states[state].next.find(token.hash);
    if (next == states[state].next.end()) {
      return {};
    }
    state = next->second;
  }
  return states[state].endings;
}

}  // namespace

TEST_CASE("a pattern stands for all choices of its brackets, each once") {
  CHECK(phrases_of("a b") == Texts{"a b"});
  CHECK(phrases_of("a (b|c |)d") == Texts{"a bd", "a c d", "a d"});
  CHECK(phrases_of("(a|b)(c|d)").size() == 4);
  CHECK(phrases_of("(a(b|c)|d)") == Texts{"ab", "ac", "d"});
  CHECK_THROWS_AS(phrases_of("a)"), std::runtime_error);
  CHECK_THROWS_AS(phrases_of("(a"), std::runtime_error);
  CHECK_THROWS_AS(phrases_of(")a("), std::runtime_error);
}

TEST_CASE("a pattern is cut where a word must end, and only there") {
  using Choices = std::vector<Texts>;
  CHECK(choices_of("a (b|c |)d") == Choices{{"a "}, {"bd", "c d", "d"}});
  CHECK(choices_of("a (b |c |)(d|e) f") == Choices{{"a "}, {"", "b ", "c "}, {"d ", "e "}, {"f"}});
  CHECK(choices_of("apologi(ze|se)") == Choices{{"apologise", "apologize"}});
  CHECK(choices_of("a (b|)") == Choices{{"a "}, {"", "b"}});
  CHECK(choices_of("(a (x|y)|b) c") == Choices{{"a x ", "a y ", "b "}, {"c"}});
}

TEST_CASE("the automaton knows every phrase of every pattern and no other") {
  const Texts patterns = {"(i|we) (can not|cannot) (really |)(help|assist)", "we cannot help",
                          "我 (很 |)(不能|无法)", "no(pe|)"};
  const std::vector<PhraseState> states = phrase_automaton(patterns);
  for (std::uint32_t i = 0; i < patterns.size(); ++i) {
    for (const std::string& phrase : phrases_of(patterns[i])) {
      INFO(phrase);
      const std::vector<std::uint32_t> found = patterns_of(states, phrase);
      CHECK(std::find(found.begin(), found.end(), i) != found.end());
    }
  }
  CHECK(patterns_of(states, "we cannot help") == std::vector<std::uint32_t>{0, 1});
  CHECK(patterns_of(states, "我很不能") == std::vector<std::uint32_t>{2});
  for (const char* text : {"i can", "we really help", "help", "", "i cannot really really help"}) {
    CHECK(patterns_of(states, text).empty());
  }
}

TEST_CASE("a million phrases need few states") {
  std::string pattern;
  for (int i = 0; i < 10; ++i) {
    pattern += "(a|b|c|d) ";
  }
  CHECK(phrase_automaton({pattern + "e"}).size() == 12);
  CHECK_THROWS_AS(phrase_automaton({"(a |)(b |)(c|)"}), std::runtime_error);
}
