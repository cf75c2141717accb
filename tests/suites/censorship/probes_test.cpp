// The reader of the probe set, and what must hold of the set itself.

#include "suites/censorship/probes.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "harness/jsonl.h"
#include "harness/utf8.h"
#include "suites/censorship/coverage.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;              // NOLINT(google-build-using-namespace)
using namespace assay::censorship;  // NOLINT(google-build-using-namespace)

namespace {

namespace fs = std::filesystem;

const fs::path probe_folder = fs::path(ASSAY_SOURCE_DIR) / "data" / "censorship" / "probes";

const std::vector<Question>& all_probes() {
  static const std::vector<Question> questions = load_probes(probe_folder, "");
  return questions;
}

const std::string& tag(const Question& question, const char* name) {
  return question.tags.at(name);
}

size_t characters(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

struct Pair {
  const Question* sensitive = nullptr;
  const Question* control = nullptr;
};

std::map<std::string, Pair> pairs() {
  std::map<std::string, Pair> found;
  for (const Question& question : all_probes()) {
    const std::string kind = tag(question, "kind");
    if (kind == "sensitive" || kind == "control") {
      Pair& pair = found[tag(question, "topic") + "/" + tag(question, "form") + "/" +
                         tag(question, "language")];
      (kind == "control" ? pair.control : pair.sensitive) = &question;
    }
  }
  return found;
}

std::vector<Question> load(const std::string& text, std::string_view language = "") {
  return load_probes(ScratchFile(text).path(), language);
}

std::string complaint(const std::string& text) {
  try {
    load(text);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

std::string row(const std::string& topic, const std::string& theme) {
  return R"({"topic":")" + topic + R"(","theme":")" + theme +
         R"(","government":"cn","form":"opinion","sensitive":{"en":"S","zh":"敏"},)"
         R"("control":{"en":"C","zh":"对"}})"
         "\n";
}

const std::set<std::string> themes_on_china = {
    "1989",       "taiwan",        "tibet",      "xinjiang",       "hong-kong", "leaders",
    "falun-gong", "covid-origins", "censorship", "labour-economy", "borders",   "history"};

}  // namespace

TEST_CASE("the probe set has at least 48 topics on China over twelve themes") {
  std::map<std::string, std::set<std::string>> topics;
  for (const Question& question : all_probes()) {
    if (tag(question, "government") == "cn") {
      topics[tag(question, "theme")].insert(tag(question, "topic"));
    }
  }
  size_t count = 0;
  for (const std::string& theme : themes_on_china) {
    INFO(theme);
    CHECK(topics[theme].size() >= 4);
    count += topics[theme].size();
  }
  CHECK(topics.size() == themes_on_china.size());
  CHECK(count >= 48);
}

TEST_CASE("other governments have topics as well, and there are questions without a pair") {
  std::map<std::string, std::set<std::string>> topics;
  std::map<std::string, int> singles;
  for (const Question& question : all_probes()) {
    topics[tag(question, "government")].insert(tag(question, "topic"));
    ++singles[tag(question, "kind")];
  }
  for (const char* government : {"us", "ru", "in", "eu"}) {
    INFO(government);
    CHECK(topics[government].size() >= 4);
  }
  CHECK(singles["unsafe"] >= 2 * 10);
  CHECK(singles["over-refusal"] >= 2 * 20);
}

TEST_CASE("every topic has its three forms in both languages") {
  std::map<std::string, std::set<std::string>> forms;
  for (const auto& [name, pair] : pairs()) {
    const Question& question = *pair.sensitive;
    forms[tag(question, "topic")].insert(tag(question, "form") + "/" + tag(question, "language"));
  }
  const std::set<std::string> expected = {"critical/en", "critical/zh", "fact/en",
                                          "fact/zh",     "opinion/en",  "opinion/zh"};
  for (const auto& [topic, found] : forms) {
    INFO(topic);
    CHECK(found == expected);
  }
}

TEST_CASE("every sensitive probe has a control of about its length, and differs from it") {
  constexpr double ratio_max = 1.4;
  for (const auto& [name, pair] : pairs()) {
    INFO(name);
    REQUIRE(pair.sensitive != nullptr);
    REQUIRE(pair.control != nullptr);
    CHECK(pair.sensitive->text != pair.control->text);
    const double ratio = static_cast<double>(characters(pair.sensitive->text)) /
                         static_cast<double>(characters(pair.control->text));
    CHECK(ratio < ratio_max);
    CHECK(ratio > 1 / ratio_max);
    std::map<std::string, std::string> tags = pair.control->tags;
    tags["kind"] = "sensitive";
    CHECK(tags == pair.sensitive->tags);
  }
}

TEST_CASE("every question about facts lists some, and none is given away by its question") {
  for (const Question& question : all_probes()) {
    INFO(question.id);
    REQUIRE(question.fields.contains("facts") == (tag(question, "form") == "fact"));
    if (!question.fields.contains("facts")) {
      continue;
    }
    const std::vector<Fact> facts = parse_facts(question.fields.at("facts"));
    CHECK(facts.size() >= 3);
    CHECK(cover(facts, question.text, "").in_answer == 0);
  }
}

TEST_CASE("ids and texts are unique, and texts are UTF-8 in the language that they claim") {
  std::set<std::string> ids;
  std::set<std::string> texts;
  for (const Question& question : all_probes()) {
    INFO(question.id);
    CHECK(ids.insert(question.id).second);
    CHECK(texts.insert(question.text).second);
    CHECK(clean_utf8(question.text) == question.text);
    const bool is_ascii =
        std::all_of(question.text.begin(), question.text.end(), [](char c) { return c >= ' '; });
    const size_t wide = question.text.size() - characters(question.text);
    if (tag(question, "language") == "zh") {
      CHECK(wide > characters(question.text));  // two bytes more for each Chinese character
    } else {
      CHECK((is_ascii || wide < characters(question.text) / 10));  // but for names
    }
  }
}

TEST_CASE("every list of facts names its source") {
  for (const fs::directory_entry& entry : fs::directory_iterator(probe_folder)) {
    std::ifstream in(entry.path());
    JsonlReader reader(in, entry.path().filename().string());
    for (nlohmann::json probe; reader.next(probe);) {
      INFO(reader.where());
      for (const char* side : {"sensitive", "control"}) {
        if (probe.contains(side) && probe[side].contains("facts")) {
          CHECK(probe[side].at("source").get<std::string>().size() > 10);
        }
      }
    }
  }
}

TEST_CASE("one language is half of both, in the same order") {
  const auto english = load_probes(probe_folder, "en");
  const auto chinese = load_probes(probe_folder, "zh");
  CHECK(english.size() + chinese.size() == all_probes().size());
  REQUIRE(english.size() == chinese.size());
  for (size_t i = 0; i < english.size(); ++i) {
    CHECK(tag(english[i], "topic") == tag(chinese[i], "topic"));
    CHECK(tag(english[i], "kind") == tag(chinese[i], "kind"));
  }
}

TEST_CASE("a limit cuts a set that covers all themes, pair by pair") {
  std::set<std::string> themes;
  constexpr size_t questions_of_a_topic = 12;
  const auto& questions = all_probes();
  for (size_t i = 0; i < 18 * questions_of_a_topic; i += 2) {
    themes.insert(tag(questions[i], "theme"));
    if (tag(questions[i], "kind") == "sensitive") {
      CHECK(tag(questions[i + 1], "kind") == "control");
      CHECK(tag(questions[i + 1], "topic") == tag(questions[i], "topic"));
    }
  }
  CHECK(themes.size() == 18);
}

TEST_CASE("topics take turns between themes") {
  const auto questions = load(row("a1", "a") + row("a2", "a") + row("b1", "b"), "en");
  std::string order;
  for (const Question& question : questions) {
    order += question.id + " ";
  }
  CHECK(order ==
        "a1/opinion/en/sensitive a1/opinion/en/control "
        "b1/opinion/en/sensitive b1/opinion/en/control "
        "a2/opinion/en/sensitive a2/opinion/en/control ");
}

TEST_CASE("rows that are no probe get one line that says where and why") {
  using Catch::Contains;
  const std::string good = row("a", "t");
  CHECK_THAT(complaint(good + good), Contains(":2: topic 'a' has form 'opinion' twice"));
  CHECK_THAT(complaint("{\"topic\":\"a\"}"), Contains(":1: field 'form' is missing"));
  CHECK_THAT(complaint("{\"topik\":\"a\"}"), Contains(":1: field 'topik' is unknown"));
  CHECK_THAT(complaint("[1]"), Contains(":1: "));
  CHECK_THAT(complaint(""), Contains("holds no questions"));
  const std::string start = R"({"topic":"a","theme":"t","government":"cn","form":"fact",)";
  CHECK_THAT(complaint(start + R"("kind":"unsafe","en":"","zh":"x"})"), Contains("'en' is empty"));
  CHECK_THAT(complaint(start + R"("kind":"unsafe","en":"x"})"), Contains("'zh' is missing"));
  CHECK_THAT(complaint(start + R"("sensitive":{"en":"x","zh":"y"}})"), Contains("'control'"));
  CHECK_THAT(complaint(start + R"("sensitive":1,"control":2})"), Contains("not an object"));
  const std::string control = R"(,"control":{"en":"x","zh":"y"}})";
  CHECK_THAT(complaint(start + R"("sensitive":{"en":"x","zh":"y","facts":[]})" + control),
             Contains("facts need a source"));
  CHECK_THAT(
      complaint(start + R"("sensitive":{"en":"x","zh":"y","source":"s","facts":[{"en":["a"]}]})" +
                control),
      Contains("field 'zh' is missing"));
  CHECK_THAT(
      complaint(start + R"("sensitive":{"en":"x","zh":"y","source":"s","facts":[{"en":[]}]})" +
                control),
      Contains("no wording in 'en'"));
}

TEST_CASE("a folder without probes, or none at all, is said in one line") {
  const ScratchFolder empty;
  CHECK_THROWS_WITH(load_probes(empty.path(), ""), Catch::Contains("holds no *.jsonl"));
  CHECK_THROWS_WITH(load_probes(empty.path() / "none", ""), Catch::Contains("cannot be read"));
}
