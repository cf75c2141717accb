#include "backends/engine/safetensors.h"

#include <cstring>
#include <string>

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;
using namespace assay::engine;
using nlohmann::json;

namespace {

std::string file_of(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + header + data;
}

json entry(const std::string& dtype, const json& shape, std::uint64_t begin, std::uint64_t end) {
  return {{"dtype", dtype}, {"shape", shape}, {"data_offsets", {begin, end}}};
}

// What is said of a file, without its name; empty: nothing.
std::string refusal(const std::string& bytes) {
  try {
    parse_safetensors(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size(), "f");
  } catch (const UserError& error) {
    const std::string line = error.what();
    CHECK(line.starts_with("f:"));
    CHECK(line.find('\n') == std::string::npos);
    return line.substr(2);
  }
  return "";
}

std::string refusal_of(const json& header, const std::string& data) {
  return refusal(file_of(header.dump(), data));
}

std::string folder_refusal(const ScratchFolder& folder) {
  try {
    const Checkpoint checkpoint(folder.path());
  } catch (const UserError& error) {
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
    return error.what();
  }
  return "";
}

std::string one_tensor(const std::string& name, const std::string& data) {
  return file_of(json{{name, entry("U8", {data.size()}, 0, data.size())}}.dump(), data);
}

std::string index_of(const json& map) {
  return json{{"weight_map", map}}.dump();
}

using Catch::Matchers::Contains;

}  // namespace

TEST_CASE("a well-formed file gives every tensor with its bytes") {
  const std::string bytes = file_of(json{{"__metadata__", {{"format", "pt"}}},
                                         {"b", entry("BF16", {2, 2}, 4, 12)},
                                         {"a", entry("F32", json::array(), 0, 4)},
                                         {"nothing", entry("F16", {0, 9}, 12, 12)}}
                                        .dump(),
                                    "0123456789ab");
  const auto tensors =
      parse_safetensors(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size(), "f");
  REQUIRE(tensors.size() == 3);
  CHECK(std::memcmp(tensors.at("b").data, "456789ab", 8) == 0);
  CHECK(tensors.at("b").shape == std::vector<std::int64_t>{2, 2});
  CHECK(tensors.at("a").shape.empty());
  CHECK(tensors.at("nothing").size == 0);
}

TEST_CASE("a file cut anywhere is refused") {
  const std::string whole = file_of(
      json{{"a", entry("U8", {4}, 0, 4)}, {"b", entry("U8", {4}, 4, 8)}}.dump(), "01234567");
  REQUIRE(refusal(whole).empty());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    REQUIRE_FALSE(refusal(whole.substr(0, length)).empty());
  }
  CHECK_THAT(refusal(whole + "x"), Contains("the last 1 bytes belong to no tensor"));
}

TEST_CASE("a header of absurd length is refused before anything is read") {
  for (const std::uint64_t length : {UINT64_MAX, UINT64_MAX - 7, std::uint64_t{1} << 40,
                                     std::uint64_t{100'000'001}, std::uint64_t{9}}) {
    std::string bytes(16, '{');
    std::memcpy(bytes.data(), &length, sizeof length);
    CHECK_THAT(refusal(bytes), Contains(std::to_string(length)));
  }
}

TEST_CASE("overlapping, missing and out-of-range offsets are refused by the tensor's name") {
  const std::string data = "01234567";
  CHECK_THAT(refusal_of({{"a", entry("U8", {5}, 0, 5)}, {"b", entry("U8", {4}, 4, 8)}}, data),
             Contains("tensor \"b\": its data overlaps"));
  CHECK_THAT(refusal_of({{"a", entry("U8", {3}, 0, 3)}, {"b", entry("U8", {4}, 4, 8)}}, data),
             Contains("tensor \"b\": 1 bytes before its data belong to no tensor"));
  CHECK_THAT(refusal_of({{"a", entry("U8", {9}, 0, 9)}}, data), Contains("outside of the 8 bytes"));
  CHECK_THAT(refusal_of({{"a", entry("U8", {2}, 6, 4)}}, data), Contains("outside of the 8 bytes"));
  CHECK_THAT(refusal_of({{"a", entry("U8", {1}, UINT64_MAX, UINT64_MAX)}}, data),
             Contains("outside of the 8 bytes"));
  CHECK_THAT(refusal_of({{"a", entry("F32", {3}, 0, 8)}}, data),
             Contains("dtype and shape need 12"));
}

TEST_CASE("shapes, types and keys that make no sense are refused") {
  const std::string data = "01234567";
  const std::uint64_t large = std::uint64_t{1} << 33;
  CHECK_THAT(refusal_of({{"a", entry("F32", {large, large}, 0, 8)}}, data),
             Contains("more bytes than can be counted"));
  CHECK_THAT(refusal_of({{"a", entry("F32", {-2}, 0, 8)}}, data), Contains("whole numbers"));
  CHECK_THAT(refusal_of({{"a", entry("F32", {1.5}, 0, 8)}}, data), Contains("whole numbers"));
  CHECK_THAT(refusal_of({{"a", entry("F33", {2}, 0, 8)}}, data), Contains("unknown dtype \"F33\""));
  CHECK_THAT(refusal_of({{"a", {{"dtype", "U8"}}}}, data), Contains("must have exactly"));
  CHECK_THAT(refusal_of({{"a\n\x1b[31m", 1}}, data), Contains("\"a\\n\\u001b[31m\""));
  CHECK_THAT(refusal_of(json::array(), data), Contains("one JSON object"));
  CHECK_THAT(refusal(file_of("{\"a\":1,", "")), Contains("not JSON"));
  CHECK_THAT(refusal(file_of(R"({"a":1,"a":2})", "")), Contains("repeats the key \"a\""));
  CHECK_THAT(refusal(file_of(std::string(100'000, '['), "")), Contains("deeper than"));
}

TEST_CASE("shards and their index must agree") {
  const ScratchFolder folder;
  folder.write("one.safetensors", one_tensor("a", "0123"));
  folder.write("two.safetensors", one_tensor("b", "45"));
  const std::string index = "model.safetensors.index.json";
  folder.write(index, index_of({{"a", "one.safetensors"}, {"b", "two.safetensors"}}));
  const Checkpoint checkpoint(folder.path());
  REQUIRE(checkpoint.tensors().size() == 2);
  CHECK(std::memcmp(checkpoint.tensors().at("b").data, "45", 2) == 0);
  CHECK(checkpoint.path_of(checkpoint.tensors().at("b")).filename() == "two.safetensors");

  folder.write(index, index_of({{"a", "two.safetensors"}, {"b", "two.safetensors"}}));
  CHECK_THAT(folder_refusal(folder), Contains("tensor \"a\" is not in \"two.safetensors\""));
  folder.write(index, index_of({{"a", "one.safetensors"}, {"b", "one.safetensors"}}));
  CHECK_THAT(folder_refusal(folder), Contains("tensor \"b\" is not in \"one.safetensors\""));
  folder.write(index, index_of({{"a", "one.safetensors"}, {"b", "three.safetensors"}}));
  CHECK_THAT(folder_refusal(folder), Contains("three.safetensors: cannot read: No such file"));
  folder.write("two.safetensors", one_tensor("a", "45"));
  folder.write(index, index_of({{"a", "one.safetensors"}, {"b", "two.safetensors"}}));
  CHECK_THAT(folder_refusal(folder), Contains("is in one.safetensors as well"));
  folder.write(
      "two.safetensors",
      file_of(json{{"b", entry("U8", {1}, 0, 1)}, {"c", entry("U8", {1}, 1, 2)}}.dump(), "45"));
  CHECK_THAT(folder_refusal(folder), Contains("tensor \"c\": is not in the index"));
}

TEST_CASE("an index that points at itself, out of the folder or at nothing useful is refused") {
  const ScratchFolder folder;
  const std::string index = "model.safetensors.index.json";
  for (const char* target :
       {"model.safetensors.index.json", "../x.safetensors", "/etc/x.safetensors", "", ".."}) {
    folder.write(index, index_of({{"a", target}}));
    CHECK_THAT(folder_refusal(folder), Contains("\"a\" must be in a .safetensors file"));
  }
  folder.write(index, index_of({{"a", 7}}));
  CHECK_THAT(folder_refusal(folder), Contains("\"a\" must be in a .safetensors file"));
  for (const char* text : {"{}", "{\"weight_map\":[]}", "{\"weight_map\":{}}"}) {
    folder.write(index, text);
    CHECK_THAT(folder_refusal(folder), Contains("weight_map must be"));
  }
  std::filesystem::remove(folder.path() / index);
  std::filesystem::create_symlink("loop.safetensors", folder.path() / "model.safetensors");
  std::filesystem::create_symlink("model.safetensors", folder.path() / "loop.safetensors");
  CHECK_THAT(folder_refusal(folder), Contains("cannot read"));
}

TEST_CASE("what is no readable file is refused") {
  const ScratchFolder folder;
  CHECK_THAT(folder_refusal(folder), Contains("has neither model.safetensors nor"));
  CHECK_THROWS_AS(Checkpoint(folder.path() / "missing"), UserError);
  const auto file = folder.path() / "model.safetensors";
  folder.write("model.safetensors", "");
  CHECK_THAT(folder_refusal(folder), Contains("empty"));
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  CHECK_THAT(folder_refusal(folder), Contains("no regular file"));
  std::filesystem::remove(file);
  REQUIRE(mkfifo(file.c_str(), 0600) == 0);
  CHECK_THAT(folder_refusal(folder), Contains("no regular file"));
}
