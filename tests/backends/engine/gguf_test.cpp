#include "backends/engine/gguf.h"

#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "backends/engine/safetensors.h"
#include "harness/error.h"
#include "tests/catch.h"
#include "tests/labelled.h"

using namespace assay;
using namespace assay::engine;

namespace {

// The texts of an .inp file and the ids of its .out file, of which every text has a line.
void check_vectors(const Tokenizer& tokenizer, const std::filesystem::path& stem) {
  std::stringstream text;
  text << std::ifstream(stem.string() + ".inp", std::ios::binary).rdbuf();
  std::ifstream ids_file(stem.string() + ".out");
  const std::string all = text.str();
  const std::string mark = "\n__ggml_vocab_test__\n";
  int count = 0;
  std::string line;
  for (std::size_t at = 0; at < all.size() && std::getline(ids_file, line); ++count) {
    const std::size_t end = all.find(mark, at);
    const std::string one = all.substr(at, end - at);
    std::istringstream numbers(line);
    const std::vector<int> ids{std::istream_iterator<int>(numbers), {}};
    INFO(one);
    CHECK(tokenizer.encode(one) == ids);
    CHECK(tokenizer.decode(ids) == one);
    at = end == std::string::npos ? all.size() : end + mark.size();
  }
  CHECK(count == 46);
}

std::string number(std::uint64_t value, int size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::memcpy(bytes.data(), &value, static_cast<std::size_t>(size));
  return bytes;
}

std::string text(const std::string& value) {
  return number(value.size(), 8) + value;
}

std::string texts(const std::vector<std::string>& values) {
  std::string bytes = number(9, 4) + number(8, 4) + number(values.size(), 8);
  for (const std::string& value : values) {
    bytes += text(value);
  }
  return bytes;
}

std::string small_file(const std::string& model, const std::string& pre) {
  return "GGUF" + number(3, 4) + number(0, 8) + number(5, 8) + text("general.name") + number(8, 4) +
         text("small") + text("tokenizer.ggml.model") + number(8, 4) + text(model) +
         text("tokenizer.ggml.pre") + number(8, 4) + text(pre) + text("tokenizer.ggml.tokens") +
         texts({"a", "b", "ab", "Ġ", "<x>"}) + text("tokenizer.ggml.merges") + texts({"a b"});
}

std::string refusal(const std::string& bytes) {
  try {
    read_gguf_vocabulary(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size(), "f.gguf");
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the vocabulary of deepseek-coder in GGUF gives llama.cpp's ids") {
  const auto folder = test_data() / "llama_cpp_vocab";
  if (!has_test_data("llama_cpp_vocab")) {
    return;
  }
  const std::filesystem::path file = folder / "ggml-vocab-deepseek-coder.gguf";
  check_vectors(*load_gguf_tokenizer(file), file);
}

TEST_CASE("the tokenizer.json of GPT-2 gives llama.cpp's ids") {
  const auto folder = test_data() / "gpt2_tokenizer";
  const auto vectors = test_data() / "llama_cpp_vocab";
  if (!has_test_data("gpt2_tokenizer") || !has_test_data("llama_cpp_vocab")) {
    return;
  }
  check_vectors(*load_tokenizer(folder, 50257), vectors / "ggml-vocab-gpt-2.gguf");
}

TEST_CASE("a small GGUF vocabulary is read, for every pre-tokenizer that is known") {
  for (const char* pre : {"gpt-2", "deepseek-coder", "deepseek-llm", "deepseek-v3"}) {
    const std::string bytes = small_file("gpt2", pre);
    const Tokenizer tokenizer(
        read_gguf_vocabulary(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size(), pre),
        pre);
    CHECK(tokenizer.encode("ab ba") == std::vector<int>{2, 3, 1, 0});
  }
}

TEST_CASE("a GGUF file cut anywhere is refused in one line") {
  const std::string whole = small_file("gpt2", "gpt-2");
  REQUIRE(refusal(whole).empty());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::string line = refusal(whole.substr(0, length));
    REQUIRE(line.starts_with("f.gguf: "));
    REQUIRE(line.find('\n') == std::string::npos);
  }
}

TEST_CASE("other vocabularies, absurd lengths and unknown types are refused") {
  CHECK(refusal(small_file("llama", "gpt-2")).find("only gpt2") != std::string::npos);
  CHECK(refusal(small_file("gpt2", "qwen9")).find("\"qwen9\"") != std::string::npos);
  CHECK(refusal("GGUF" + number(9, 4) + std::string(64, '\0')).find("version 9") !=
        std::string::npos);
  CHECK(refusal("nonsense, and longer than a header") == "f.gguf: no GGUF file");
  const std::string head = "GGUF" + number(3, 4) + number(0, 8) + number(1, 8);
  CHECK(refusal(head + number(UINT64_MAX, 8) + "x").find("truncated") != std::string::npos);
  CHECK(refusal(head + text("tokenizer.ggml.tokens") + number(9, 4) + number(8, 4) +
                number(UINT64_MAX, 8))
            .find("longer than the file") != std::string::npos);
  CHECK(refusal(head + text("k") + number(77, 4) + "x").find("unknown type 77") !=
        std::string::npos);
}
