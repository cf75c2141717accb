#include "backends/replay/replay.h"

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using assay::Finish;
using assay::Prompt;
using assay::Response;
using assay::Role;
using assay::ScratchFile;

namespace {

Response ask(assay::ReplayBackend& backend, Prompt prompt) {
  Response answer;
  backend.submit(std::move(prompt), [&](Response response) { answer = std::move(response); });
  return answer;
}

}  // namespace

TEST_CASE("a file's answers are given to its prompts, sample by sample") {
  const ScratchFile file(
      "{\"prompt\":\"2+2?\",\"response\":\"4\"}\n"
      "{\"prompt\":\"2+2?\",\"response\":\"5\",\"reasoning\":\"hm\",\"finish\":\"length\"}\n"
      "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"u\"}"
      "],"
      "\"answer\":\"a\",\"sample_index\":3}\n");
  assay::ReplayBackend backend(file.path(), assay::replay_file(file.path()));
  CHECK(ask(backend, {.text = "2+2?"}).text == "4");
  const Response second =
      ask(backend, {.messages = {{.role = Role::user, .content = "2+2?"}}, .sample_index = 1});
  CHECK(second.text == "5");
  CHECK(second.reasoning == "hm");
  CHECK(second.finish == Finish::length);
  Prompt chat{.messages = {{Role::system, "s"}, {Role::user, "u"}}, .sample_index = 3};
  CHECK(ask(backend, chat).text == "a");
  chat.sample_index = 0;
  CHECK(ask(backend, chat).failure == assay::Failure::refused_input);
  CHECK_THAT(ask(backend, {.text = "else"}).error, Catch::Contains(file.path()));
}

TEST_CASE("what a lookup function knows can be replayed") {
  assay::ReplayBackend backend("run 7", [](const Prompt& prompt) -> std::optional<Response> {
    if (prompt.text != "known") {
      return std::nullopt;
    }
    Response response;
    response.finish = Finish::stop;
    response.text = "yes";
    return response;
  });
  CHECK(ask(backend, {.text = "known"}).text == "yes");
  CHECK(ask(backend, {.text = "unknown"}).finish == Finish::failed);
  CHECK_THAT(backend.identity(), Catch::Contains("run 7"));
}

TEST_CASE("a bad file to replay is a mistake that names the line") {
  CHECK_THROWS_WITH(assay::replay_file("/nowhere"), Catch::Contains("/nowhere"));
  for (const char* row :
       {"x", "[]", "{\"response\":\"a\"}", "{\"prompt\":\"a\"}",
        "{\"prompt\":7,\"response\":\"a\"}",
        "{\"prompt\":\"p\",\"response\":\"a\",\"finish\":\"odd\"}",
        "{\"prompt\":\"p\",\"response\":\"a\",\"sample_index\":-1}",
        "{\"messages\":[{\"role\":\"x\",\"content\":\"\"}],\"response\":\"a\"}"}) {
    INFO(row);
    const ScratchFile file(std::string("\n") + row + "\n");
    CHECK_THROWS_WITH(assay::replay_file(file.path()), Catch::Contains(":2: "));
  }
}
