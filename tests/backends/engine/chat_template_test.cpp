#include "backends/engine/chat_template.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/labelled.h"
#include "tests/scratch.h"

using namespace assay;
using namespace assay::engine;
using nlohmann::json;

namespace {

json golden() {
  return json::parse(
      std::ifstream(std::string(ASSAY_SOURCE_DIR) + "/tests/goldens/chat_templates.json"));
}

std::vector<Message> messages_of(const json& rows) {
  std::vector<Message> messages;
  for (const json& row : rows) {
    const Role role = row["role"] == "system" ? Role::system
                      : row["role"] == "user" ? Role::user
                                              : Role::assistant;
    messages.push_back({role, row["content"].get<std::string>()});
  }
  return messages;
}

// Renders every case of one template.
void check_cases(const json& record, const std::string& name, ChatTemplate known) {
  known.bos = record["bos"];
  known.eos = record["eos"];
  int count = 0;
  for (const json& row : record["cases"]) {
    if (row["template"] == name) {
      INFO(name << " " << row["messages"].dump());
      CHECK(known.render(messages_of(row["messages"]), row["thinking"]) ==
            row["text"].get<std::string>());
      ++count;
    }
  }
  CHECK(count >= 9);
}

}  // namespace

TEST_CASE("every known template is recognised and renders what Jinja renders") {
  const json record = golden();
  for (const auto& [name, text] : record["templates"].items()) {
    const auto known = recognise_template(text.get<std::string>());
    INFO(name);
    REQUIRE(known);
    check_cases(record, name, *known);
  }
}

TEST_CASE("the template file of DeepSeek-V3 is recognised and renders what Jinja renders") {
  const auto folder = test_data() / "deepseek_v3_tokenizer";
  if (!has_test_data("deepseek_v3_tokenizer")) {
    return;
  }
  const ChatTemplate known = load_chat_template(folder);
  CHECK(known.format == ChatFormat::deepseek_v3);
  CHECK(known.bos == "<｜begin▁of▁sentence｜>");
  CHECK(known.eos == "<｜end▁of▁sentence｜>");
  CHECK(known.add_bos);
  check_cases(golden(), "v3_file", known);
}

TEST_CASE("a template that only resembles a known one is refused") {
  const json templates = golden()["templates"];
  const auto changed = [&](const char* name, const std::string& from, const std::string& to) {
    auto text = templates[name].get<std::string>();
    text.replace(text.rfind(from), from.size(), to);
    return recognise_template(text).has_value();
  };
  CHECK_FALSE(changed("v2", "'Assistant:'", "'Assistant: '"));
  CHECK_FALSE(changed("v2", "\n\n", "\n"));
  CHECK_FALSE(changed("v3", "<｜Assistant｜>", "<｜Assistant｜>Sure: "));
  CHECK_FALSE(changed("v31", "<think>", "<think>\n"));
  CHECK_FALSE(changed("tiny_moe", "<｜Assistant｜>", ""));
  CHECK_FALSE(recognise_template("{% for m in messages %}{{ m }}{% endfor %}"));
  CHECK_FALSE(recognise_template("'"));
}

TEST_CASE("a folder's template is found where older and newer files keep it") {
  const ScratchFolder folder;
  CHECK(load_chat_template(folder.path()).format == ChatFormat::none);
  CHECK_THROWS_AS(load_chat_template(folder.path()).render({{Role::user, "hi"}}), UserError);

  const std::string text = golden()["templates"]["v2"];
  folder.write(
      "tokenizer_config.json",
      json{{"bos_token", {{"content", "<s>"}}},
           {"eos_token", "</s>"},
           {"chat_template",
            {{{"name", "tool"}, {"template", "x"}}, {{"name", "default"}, {"template", text}}}}}
          .dump());
  const ChatTemplate listed = load_chat_template(folder.path());
  CHECK(listed.format == ChatFormat::deepseek_v2);
  CHECK(listed.render({{Role::user, "hi"}}) == "<s>User: hi\n\nAssistant:");
  CHECK_FALSE(listed.add_bos);

  folder.write("chat_template.jinja", golden()["templates"]["r1"].get<std::string>());
  CHECK(load_chat_template(folder.path()).opens_thinking);
  folder.write("chat_template.jinja", "{{ anything else }}");
  CHECK_THROWS_WITH(load_chat_template(folder.path()),
                    Catch::Matchers::Contains("chat_template.jinja: the chat template is none of"));
}
