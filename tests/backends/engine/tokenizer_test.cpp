#include "backends/engine/tokenizer.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <random>
#include <string>

#include <nlohmann/json.hpp>

#include "backends/engine/json_file.h"
#include "backends/engine/unicode.h"
#include "harness/error.h"
#include "tests/backends/engine/public_data.h"
#include "tests/catch.h"

using namespace assay;
using namespace assay::engine;
using nlohmann::json;

namespace {

constexpr int any_size = 1 << 30;

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
    for (unsigned run = random() % 6 + 1; run > 0; --run, ++i) {
      const char32_t code = random() % 50 == 0 ? random() % 0xD800 : start + random() % 40;
      append_utf8(text, code);
    }
  }
  return text;
}

}  // namespace

TEST_CASE("the tokenizer of DeepSeek-V3 gives the ids of the published vectors") {
  const auto folder = public_data("deepseek_v3_tokenizer");
  if (!folder) {
    return;
  }
  const auto tokenizer = load_tokenizer(*folder, 129280);
  REQUIRE(tokenizer);
  std::ifstream lines(*folder / "vectors_dev.jsonl");
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
  const auto folder = public_data("deepseek_v3_tokenizer");
  if (!folder) {
    return;
  }
  const auto tokenizer = load_tokenizer(*folder, 129280);
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
