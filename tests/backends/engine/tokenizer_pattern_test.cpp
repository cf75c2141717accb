#include "backends/engine/tokenizer_pattern.h"

#include <chrono>
#include <string>
#include <vector>

#include "harness/error.h"
#include "tests/catch.h"

using namespace assay;
using namespace assay::engine;

namespace {

// All matches, one after the other.
std::vector<std::u32string> matches(const std::string& pattern, const std::u32string& text) {
  const Pattern compiled(pattern, "t");
  Pattern::Memory memory;
  std::vector<std::u32string> found;
  for (std::size_t at = 0; at < text.size();) {
    const Pattern::Match match = compiled.find(text, at, memory);
    if (match.end == match.begin) {
      break;
    }
    found.push_back(text.substr(match.begin, match.end - match.begin));
    at = match.end;
  }
  return found;
}

using Found = std::vector<std::u32string>;

std::string refusal(const std::string& pattern) {
  try {
    const Pattern compiled(pattern, "t.json");
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("patterns match as Oniguruma does") {
  CHECK(matches("a|ab", U"abab") == Found{U"a", U"a"});
  CHECK(matches("ab|a", U"aba") == Found{U"ab", U"a"});
  CHECK(matches(R"(\p{N}{1,3})", U"x12345½y") == Found{U"123", U"45½"});
  CHECK(matches(R"(\s+(?!\S)|\s+)", U"   a  ") == Found{U"  ", U" ", U"  "});
  CHECK(matches(R"(\s*[\r\n]+)", U" \n \n  x") == Found{U" \n \n"});
  CHECK(matches(R"(\s+$)", U"a b \n c  ") == Found{U" ", U"  "});
  CHECK(matches("^a", U"aa\na") == Found{U"a", U"a"});
  CHECK(matches("[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+", U" word\u0301!x") ==
        Found{U" word\u0301", U"x"});
  CHECK(matches("(?i:'s|'LL|k)", U"'S'll'\u017F\u212A") ==
        Found{U"'S", U"'ll", U"'\u017F", U"\u212A"});
  CHECK(matches("(?:ab)+c?", U"ababcab") == Found{U"ababc", U"ab"});
  CHECK(matches("(?:ab){2}", U"ababab") == Found{U"abab"});
  CHECK(matches("(?:ab){1,2}b", U"ababb") == Found{U"ababb"});
  CHECK(matches("a++b", U"aab") == Found{U"aab"});
  CHECK(matches("a++ab", U"aab").empty());
  CHECK(matches(R"(x(?=y)|\x{4e2d}|\u6587|[\x41-C])", U"xxy中文B") ==
        Found{U"x", U"中", U"文", U"B"});
  CHECK(matches(R"([]a-]+)", U"a]-b") == Found{U"a]-"});
  CHECK(matches(R"(\W\D\S)", U"a!bc") == Found{U"!bc"});
  CHECK(matches(".+", U"ab\ncd") == Found{U"ab", U"cd"});
  CHECK(matches(R"(\P{L}|\p{^Lu})", U"A1b") == Found{U"1", U"b"});
}

TEST_CASE("what is not understood is refused in one line") {
  for (const char* pattern : {"",
                              "a*",
                              "(",
                              ")",
                              "a)",
                              "[",
                              "[a",
                              "[z-a]",
                              "a**",
                              "a+?",
                              "(?<=a)b",
                              "(?<n>a)",
                              "\\1",
                              "\\p{Greek}",
                              "\\p",
                              "\\",
                              "a{2,1}",
                              "a{9999}",
                              "(?:a*)*",
                              "a|",
                              "[[:alpha:]]",
                              "[a&&b]",
                              "(?:(?:ab){900}){900}",
                              "\\x{110000}",
                              "*"}) {
    const std::string line = refusal(pattern);
    INFO(pattern);
    CHECK(line.starts_with("t.json: pattern \""));
    CHECK(line.find('\n') == std::string::npos);
  }
  CHECK_FALSE(refusal(std::string(5000, '(')).empty());
}

TEST_CASE("a long run of blanks takes linear time, and a hostile pattern is stopped") {
  const std::u32string blanks = std::u32string(1'000'000, U' ') + U"x";
  const auto start = std::chrono::steady_clock::now();
  CHECK(matches(R"(\s+$)", blanks).empty());
  CHECK(matches(R"(\s+\d)", blanks).empty());
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
  CHECK_THROWS_AS(matches("(?:a|aa)+$", std::u32string(60, U'a') + U"b"), UserError);
}
