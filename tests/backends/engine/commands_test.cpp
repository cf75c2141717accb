#include "backends/engine/commands.h"

#include <algorithm>
#include <sstream>

#include <nlohmann/json.hpp>

#include "tests/backends/engine/model_folder.h"
#include "tests/catch.h"

namespace assay::engine {

namespace {

using nlohmann::json;

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(json::parse(line));
  }
  return lines;
}

EngineSettings settings_of(const ModelFolder& folder) {
  EngineSettings settings{.name = "test", .folder = folder.path()};
  settings.engine.cache_bytes = std::size_t{16} << 20;
  return settings;
}

}  // namespace

TEST_CASE("tokenize and back, row by row, with bad rows in their place") {
  const auto tokenizer = parse_tokenizer(byte_tokenizer().dump(), "t");
  std::istringstream in("{\"text\":\"ab\",\"id\":7}\nnonsense\n{\"other\":1}\n{\"text\":\"\"}\n");
  std::ostringstream out;
  CHECK(tokenize(*tokenizer, false, {in, "in", out}) == 2);
  const auto rows = lines_of(out.str());
  REQUIRE(rows.size() == 4);
  CHECK(rows[0] == json{{"ids", {97, 98}}, {"id", 7}});
  CHECK(rows[1]["line"] == 2);
  CHECK(rows[2]["error"] == "the row has no `text`");
  CHECK(rows[3] == json{{"ids", json::array()}});

  std::istringstream ids("{\"ids\":[97,98]}\n{\"ids\":[-1]}\n{\"ids\":[97,5000]}\n");
  std::ostringstream texts;
  CHECK(tokenize(*tokenizer, true, {ids, "in", texts}) == 2);
  CHECK(lines_of(texts.str())[0] == json{{"text", "ab"}});
  CHECK_THAT(lines_of(texts.str())[2]["error"].get<std::string>(),
             Catch::StartsWith("id 5000 is no token: the last one is "));
}

TEST_CASE("log-probabilities of tokens, and of a continuation the same as within the whole") {
  const ModelFolder folder;
  const LanguageModel model(settings_of(folder));
  std::istringstream in(
      "{\"tokens\":[97,98,32,99,100],\"id\":\"a\"}\n"
      "{\"prompt\":\"ab \",\"continuation\":\"cd\"}\n"
      "{\"text\":\"ab cd\"}\n"
      "{\"prompt\":\"\",\"continuation\":\"cd\"}\n"
      "{\"tokens\":[5000]}\n");
  std::ostringstream out;
  CHECK(logprobs(model, {in, "in", out}) == 2);
  const auto rows = lines_of(out.str());
  REQUIRE(rows.size() == 5);
  CHECK(rows[0]["id"] == "a");
  CHECK(rows[0]["logprobs"].size() == 4);
  CHECK(rows[0]["best"].size() == 4);
  // The space at the prompt's end belongs to the continuation.
  REQUIRE(rows[1]["logprobs"].size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(rows[1]["logprobs"][i] == rows[0]["logprobs"][i + 1]);
  }
  CHECK(rows[2]["logprobs"] == rows[0]["logprobs"]);
  CHECK(rows[3]["line"] == 4);
  CHECK(rows[4]["error"] == "token 5000 is outside the vocabulary of 1024");
}

TEST_CASE("a chat answers each line and can begin anew") {
  const ModelFolder folder;
  EngineBackend backend(settings_of(folder));
  std::istringstream in("hello\n/reset\nagain\n");
  std::ostringstream out;
  ChatOptions options;
  options.sampling.max_tokens = 4;
  chat(backend, options, in, out);
  const std::string text = out.str();
  CHECK(std::count(text.begin(), text.end(), '>') >= 4);
}

}  // namespace assay::engine
