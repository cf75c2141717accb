#include "backends/engine/tokenizer.h"

#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include <nlohmann/json.hpp>

#include "backends/engine/json_file.h"
#include "backends/engine/unicode.h"
#include "harness/error.h"
#include "tests/catch.h"
#include "tests/labelled.h"

using namespace assay;
using namespace assay::engine;
using nlohmann::json;

namespace {

// A vocabulary of the 256 bytes and the given merges, as a tokenizer.json.
json small_tokenizer(const std::vector<std::pair<std::string, std::string>>& merges) {
  json vocabulary;
  const std::vector<std::string> bytes = [] {
    std::vector<std::string> spelled;
    int next = 256;
    for (int byte = 0; byte < 256; ++byte) {
      const bool plain =
          (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
      const int code = plain ? byte : next++;
      spelled.push_back(code < 0x80 ? std::string(1, static_cast<char>(code))
                                    : std::string{static_cast<char>(0xC0 | code >> 6),
                                                  static_cast<char>(0x80 | (code & 0x3F))});
    }
    return spelled;
  }();
  int id = 0;
  for (const std::string& byte : bytes) {
    vocabulary[byte] = id++;
  }
  json merge_list = json::array();
  for (const auto& [left, right] : merges) {
    merge_list.push_back(left + " " + right);
    vocabulary[left + right] = id++;
  }
  return {
      {"added_tokens", json::array()},
      {"normalizer", nullptr},
      {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}}},
      {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", merge_list}}}};
}

std::unique_ptr<Tokenizer> made(const json& file) {
  return parse_tokenizer(file.dump(), "t.json");
}

std::string refusal(const json& file) {
  try {
    made(file);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

// Random text of all kinds of characters, with runs as real texts have them.
std::string random_text(std::mt19937& random, int length) {
  static constexpr char32_t starts[] = {0x20,   0x30,   0x41,   0x61,   0xA0,    0x300,   0x391,
                                        0x430,  0x5D0,  0x627,  0x905,  0x2000,  0x2460,  0x3040,
                                        0x4E00, 0xAC00, 0xE000, 0xFF10, 0x1F600, 0x20000, 0x9};
  std::string text;
  for (int i = 0; i < length;) {
    const char32_t start = starts[random() % std::size(starts)];
    for (auto run = random() % 6 + 1; run > 0; --run, ++i) {
      const auto code =
          static_cast<char32_t>(random() % 50 == 0 ? random() % 0xD800 : start + random() % 40);
      append_utf8(text, code);
    }
  }
  return text;
}

}  // namespace

TEST_CASE("the tokenizer of DeepSeek-V3 gives the ids of the published vectors") {
  const auto folder = test_data() / "deepseek_v3_tokenizer";
  if (!has_test_data("deepseek_v3_tokenizer")) {
    return;
  }
  const auto tokenizer = load_tokenizer(folder, 129280);
  REQUIRE(tokenizer);
  std::ifstream lines(folder / "vectors_dev.jsonl");
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const json row = json::parse(line);
    INFO(row["id"] << " " << row["src"] << " " << row["text"].dump());
    const auto ids = tokenizer->encode(row["text"].get<std::string>());
    CHECK(ids == row["ids"].get<std::vector<int>>());
    CHECK(tokenizer->decode(ids) == row["text"].get<std::string>());
  }
  CHECK(count == 814);
}

TEST_CASE("decoding what was encoded gives back any Unicode text") {
  const auto folder = test_data() / "deepseek_v3_tokenizer";
  if (!has_test_data("deepseek_v3_tokenizer")) {
    return;
  }
  const auto tokenizer = load_tokenizer(folder, 129280);
  std::mt19937 random(20250101);
  for (int round = 0; round < 400; ++round) {
    const std::string text = random_text(random, 1 + static_cast<int>(random() % 200));
    const auto ids = tokenizer->encode(text);
    INFO(json(text).dump());
    REQUIRE(tokenizer->decode(ids) == text);
    TokenStream stream(*tokenizer);
    std::string streamed;
    for (const int id : ids) {
      streamed += stream.push(id);
    }
    REQUIRE(streamed + stream.finish() == text);
    REQUIRE(tokenizer->decode(tokenizer->encode_ordinary(text)) == text);
  }
}

TEST_CASE("the pair learnt first is merged first, the leftmost of equal ones") {
  const auto tokenizer = made(small_tokenizer({{"b", "c"}, {"a", "b"}, {"bc", "d"}, {"a", "a"}}));
  CHECK(tokenizer->encode("abcd") == std::vector<int>{'a', 258});
  CHECK(tokenizer->encode("aaa") == std::vector<int>{259, 'a'});
  CHECK(tokenizer->encode("").empty());
  CHECK(tokenizer->decode(std::vector<int>{256, 9999, -1, 257}) == "bcab");
}

TEST_CASE("long words are merged as short ones are, in linearithmic time") {
  const auto tokenizer =
      made(small_tokenizer({{"a", "b"}, {"ab", "ab"}, {"abab", "abab"}, {"b", "a"}, {"a", "a"}}));
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    // A word is cut by no pattern here, so that its halves can be compared only by their text: what
    // is compared is the heap's way against the simple one, by their common definition.
    std::string word;
    for (int i = 0; i < 100; ++i) {
      word += static_cast<char>('a' + random() % 2);
    }
    std::vector<std::string> parts;
    for (const char c : word) {
      parts.emplace_back(1, c);
    }
    for (const auto& [left, right] : std::vector<std::pair<std::string, std::string>>{
             {"a", "b"}, {"ab", "ab"}, {"abab", "abab"}, {"b", "a"}, {"a", "a"}}) {
      for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        if (parts[i] == left && parts[i + 1] == right) {
          parts[i] += right;
          parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        }
      }
    }
    std::vector<std::string> found;
    for (const int id : tokenizer->encode(word)) {
      found.emplace_back(tokenizer->bytes(id));
    }
    REQUIRE(found == parts);
  }
  std::string word(1 << 20, 'a');
  for (std::size_t i = 1; i < word.size(); i += 2) {
    word[i] = 'b';
  }
  CHECK(tokenizer->encode(word).size() == word.size() / 8);
}

TEST_CASE("added tokens are cut out before everything else") {
  json file = small_tokenizer({{"a", "b"}});
  const auto add = [&file](int id, const char* content, const json& options) {
    json token = {{"id", id}, {"content", content}, {"special", true}, {"normalized", false}};
    token.update(options);
    file["added_tokens"].push_back(token);
  };
  add(300, "<x>", json::object());
  add(301, "<x><y>", json::object());
  add(302, "<l>", {{"lstrip", true}, {"special", false}});
  add(303, "<r>", {{"rstrip", true}});
  add(304, "word", {{"single_word", true}});
  add(305, "<x", {{"normalized", true}});
  const auto tokenizer = made(file);
  CHECK(tokenizer->encode("a<x><y>b<x>") == std::vector<int>{'a', 301, 'b', 300});
  CHECK(tokenizer->encode("a \n<l> b") == std::vector<int>{'a', 302, ' ', 'b'});
  CHECK(tokenizer->decode(tokenizer->encode("a<x>b<l>"), true) == "ab<l>");
  CHECK(tokenizer->encode("<r> \t a").front() == 303);
  CHECK(tokenizer->encode("<r> \t a") == std::vector<int>{303, 'a'});
  CHECK(tokenizer->encode("a <l>a") == std::vector<int>{'a', 302, 'a'});
  CHECK(tokenizer->encode("word") == std::vector<int>{304});
  CHECK(tokenizer->encode("words").size() == 5);
  CHECK(tokenizer->encode("<x") == std::vector<int>{305});
  CHECK(tokenizer->encode_ordinary("<x>") == std::vector<int>{'<', 'x', '>'});
  CHECK(tokenizer->is_special(300));
  CHECK_FALSE(tokenizer->is_special(302));
  CHECK(tokenizer->find("<x><y>") == 301);
  CHECK(tokenizer->find("ab") == 256);
  CHECK_FALSE(tokenizer->find("nowhere"));
  CHECK(tokenizer->size() == 306);
}

TEST_CASE("options of the model: whole words, byte fallback, an unknown token") {
  json file = small_tokenizer({{"a", "b"}});
  file["model"]["vocab"]["abc"] = 260;
  CHECK(made(file)->encode("abc") == std::vector<int>{256, 'c'});
  file["model"]["ignore_merges"] = true;
  CHECK(made(file)->encode("abc") == std::vector<int>{260});

  json bare = {{"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}}},
               {"model", {{"vocab", {{"a", 0}, {"<0x62>", 1}}}, {"merges", json::array()}}}};
  CHECK(made(bare)->encode("abc") == std::vector<int>{0});
  bare["model"]["byte_fallback"] = true;
  CHECK(made(bare)->encode("abc") == std::vector<int>{0, 1});
  CHECK(made(bare)->decode(std::vector<int>{0, 1}) == "ab");
  bare["model"]["unk_token"] = "a";
  CHECK(made(bare)->encode("abc") == std::vector<int>{0, 1, 0});
}

TEST_CASE("splits behave as their names say") {
  const auto words = [](const json& splits, const std::string& text) {
    json file = small_tokenizer({{"1", "2"}, {"x", "1"}, {"2", "y"}, {"1", "1"}});
    file["pre_tokenizer"] = {{"type", "Sequence"}, {"pretokenizers", splits}};
    file["pre_tokenizer"]["pretokenizers"].push_back(
        {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}});
    std::string out;
    const auto tokenizer = made(file);
    for (const int id : tokenizer->encode(text)) {
      out += std::string(tokenizer->bytes(id)) + "|";
    }
    return out;
  };
  const auto split = [](const char* behavior, bool invert) {
    return json{{"type", "Split"},
                {"pattern", {{"String", "1"}}},
                {"behavior", behavior},
                {"invert", invert}};
  };
  CHECK(words(json::array({split("Isolated", false)}), "x112y") == "x|1|1|2y|");
  CHECK(words(json::array({split("Removed", false)}), "x112y") == "x|2y|");
  CHECK(words(json::array({split("Removed", true)}), "x112y") == "1|1|");
  CHECK(words(json::array({split("MergedWithPrevious", false)}), "x12y") == "x1|2y|");
  CHECK(words(json::array({split("MergedWithNext", false)}), "x12y") == "x|12|y|");
  CHECK(words(json::array({split("Contiguous", false)}), "x112y") == "x|11|2y|");
  CHECK(words(json::array({{{"type", "Digits"}, {"individual_digits", true}}}), "x12y") ==
        "x|1|2|y|");
  CHECK(words(json::array({json{{"type", "Digits"}}}), "x12y") == "x|12|y|");
}

TEST_CASE("bytes that are no UTF-8 survive as tokens and are repaired in texts") {
  const auto tokenizer = made(small_tokenizer({}));
  const std::string broken = "a\xFF\xE4\xB8 z\xF0\x9F";
  std::string bytes;
  for (const int id : tokenizer->encode(broken)) {
    bytes += tokenizer->bytes(id);
  }
  CHECK(bytes == broken);
  TokenStream stream(*tokenizer);
  std::string text;
  for (const int id : tokenizer->encode("é中😀")) {
    text += stream.push(id);
  }
  CHECK(text == "é中😀");
  for (const int id : tokenizer->encode("\xE4\xB8")) {
    CHECK(stream.push(id).empty());
  }
  CHECK(stream.finish() == "\xEF\xBF\xBD");
  CHECK(stream.finish().empty());
}

TEST_CASE("a tokenizer.json that asks for something else is refused in one line") {
  const auto changed = [](const char* path, const json& value) {
    json file = small_tokenizer({{"a", "b"}});
    file[json::json_pointer(path)] = value;
    const std::string line = refusal(file);
    CHECK(line.starts_with("t.json: "));
    CHECK(line.find('\n') == std::string::npos);
    return line;
  };
  using Catch::Matchers::Contains;
  CHECK_THAT(changed("/model/type", "Unigram"), Contains("model.type must be BPE"));
  CHECK_THAT(changed("/model/vocab", json::array()), Contains("model.vocab"));
  CHECK_THAT(changed("/model/vocab/q", -1), Contains("the id of \"q\""));
  CHECK_THAT(changed("/model/vocab/new", 3), Contains("have the same id 3"));
  CHECK_THAT(changed("/model/vocab/new", 1ULL << 40), Contains("whole number up to"));
  CHECK_THAT(changed("/model/merges/0", "a zz"),
             Contains("merge 0: \"zz\" is not in the vocabulary"));
  CHECK_THAT(changed("/model/merges/0", 5), Contains("merge 0"));
  CHECK_THAT(changed("/model/dropout", 0.1), Contains("dropout"));
  CHECK_THAT(changed("/model/continuing_subword_prefix", "##"),
             Contains("continuing_subword_prefix"));
  CHECK_THAT(changed("/normalizer", {{"type", "NFKC"}}), Contains("normalizer"));
  CHECK_THAT(changed("/pre_tokenizer/type", "Metaspace"),
             Contains("\"Metaspace\" is not supported"));
  CHECK_THAT(changed("/pre_tokenizer/add_prefix_space", true), Contains("add_prefix_space"));
  CHECK_THAT(changed("/pre_tokenizer", nullptr), Contains("without ByteLevel"));
  CHECK_THAT(changed("/added_tokens/0", {{"id", 1}}), Contains("content must be a text"));
  CHECK_THAT(changed("/added_tokens/0", {{"id", 1}, {"content", "other"}}), Contains("same id 1"));
  CHECK_THROWS_AS(parse_tokenizer("[]", "t.json"), UserError);
  CHECK_THROWS_AS(parse_tokenizer("{", "t.json"), UserError);
  CHECK(load_tokenizer(std::string(ASSAY_SOURCE_DIR) + "/tests", 9) == nullptr);
}
