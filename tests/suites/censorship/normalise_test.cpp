#include "suites/censorship/normalise.h"

#include "tests/catch.h"

using namespace assay::censorship;  // NOLINT(google-build-using-namespace): the code under test

namespace {

Tokens tokens_of(std::string_view text) {
  Tokens tokens;
  tokenize(text, tokens);
  return tokens;
}

bool same(std::string_view a, std::string_view b) {
  const Tokens one = tokens_of(a);
  const Tokens two = tokens_of(b);
  if (one.tokens.size() != two.tokens.size()) {
    return false;
  }
  for (std::size_t i = 0; i < one.tokens.size(); ++i) {
    if (one.tokens[i].hash != two.tokens[i].hash) {
      return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("the way a text was typed does not matter to its tokens") {
  CHECK(same("I'm sorry, but I CAN'T", "im sorry but i cant"));
  CHECK(same("I\u2019m", "I'm"));
  CHECK(same("Ｉ’ｍ　ｓｏｒｒｙ", "I'm sorry"));
  CHECK(same("在2024年", "在９９９９年"));
  CHECK(same("ÀÉÖ ПРИВЕТ ЁЛКА ΑΒΓ", "àéö привет ёлка αβγ"));
  CHECK_FALSE(same("sorry", "sorr y"));
}

TEST_CASE("traditional characters count as the simplified ones") {
  CHECK(same("很抱歉，我無法為您提供這方面的內容", "很抱歉，我无法为您提供这方面的内容"));
  CHECK(same("臺灣、國家、裡面、後來、爲", "台湾、国家、里面、后来、为"));
}

TEST_CASE("what nobody sees is not there") {
  CHECK(same("抱\u200b歉\u200d，我\u2060无\ufeff法", "抱歉，我无法"));
  CHECK(same("so\u00adr\u200cry", "sorry"));
  CHECK(same("a\U000E0041b", "ab"));
  CHECK(tokens_of("\u200b\u200b\ufeff\u2060").tokens.empty());
  CHECK(tokens_of("").tokens.empty());
}

TEST_CASE("bytes that are not UTF-8 separate words and harm nothing") {
  CHECK(same("sorry\xff\xfe but", "sorry but"));
  CHECK(same("抱\xe6\xad", "抱"));    // cut off in a character
  CHECK(same("a\xc0\xaf b", "a b"));  // overlong
  CHECK(
      same("a\xed\xa0\x80"
           "b",
           "a b"));  // a surrogate
  CHECK(
      same("a\xf4\x90\x80\x80"
           "b",
           "a b"));  // beyond Unicode
  CHECK(tokens_of(std::string(1000, '\x80')).tokens.empty());
}

TEST_CASE("a token knows where it stood and whether it is a single character") {
  const Tokens tokens = tokens_of("Hi 中国 (国)");
  REQUIRE(tokens.tokens.size() == 4);
  CHECK(tokens.tokens[0].begin == 0);
  CHECK(tokens.tokens[0].end == 2);
  CHECK(tokens.tokens[1].begin == 3);
  CHECK(tokens.tokens[1].end == 6);
  CHECK(tokens.tokens[1].han);
  CHECK(tokens.tokens[1].bare);
  CHECK_FALSE(tokens.tokens[3].bare);  // a bracket stands before it
  CHECK(tokens.han == 3);
}

TEST_CASE("what stands between tags of thinking is not judged, unless there is nothing else") {
  CHECK(spoken("<think>no</think> yes") == " yes");
  CHECK(spoken("no</think>yes") == "yes");
  CHECK(spoken("◁think▷no◁/think▷yes") == "yes");
  CHECK(spoken("<think>a</think>b<think>c</think>d") == "d");
  CHECK(spoken("<think>only this") == "only this");
  CHECK(spoken("<think>only this</think>\n") == "<think>only this</think>\n");
  CHECK(spoken("plain") == "plain");
  CHECK(spoken("").empty());
}

TEST_CASE("thinking aloud without tags is left out where an answer follows it") {
  const std::string answer =
      "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
      "sixteen seventeen eighteen nineteen twenty";
  CHECK(said_from(tokens_of("Okay, the user wants a poem.\n\n" + answer)) == 6);
  CHECK(said_from(tokens_of("Okay, the user wants a poem.\n\nshort")) == 0);
  CHECK(said_from(tokens_of("Okay, the user wants a poem. " + answer)) == 0);
  CHECK(said_from(tokens_of(answer + " the user\n\n" + answer)) == 0);
  CHECK(said_from(tokens_of("嗯，用户问天气。\n\n" + answer)) == 6);
  CHECK(said_from(tokens_of("")) == 0);
}

TEST_CASE("of a long text the beginning and the end are kept") {
  std::string buffer;
  CHECK(bounded("short", buffer) == "short");
  const std::string text = "first " + std::string(1 << 20, 'x') + " last";
  const std::string_view kept = bounded(text, buffer);
  CHECK(kept.size() < 80000);
  CHECK(kept.starts_with("first "));
  CHECK(kept.ends_with(" last"));
}
