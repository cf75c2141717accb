#include "suites/censorship/probes.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "harness/utf8.h"
#include "suites/math/question_file.h"

namespace assay::censorship {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::set<std::string> row_fields = {"topic",     "theme",   "government", "form", "kind",
                                          "sensitive", "control", "en",         "zh"};
const std::set<std::string> side_fields = {"en", "zh", "facts", "source"};

[[noreturn]] void complain(const RowPlace& place, const std::string& what) {
  throw UserError(fmt::format("{}: {}", place, what));
}

void refuse_unknown_fields(const json& object, const std::set<std::string>& known,
                           const RowPlace& place) {
  for (const auto& [name, value] : object.items()) {
    if (!known.contains(name)) {
      complain(place, fmt::format("field '{}' is unknown", one_line(name, 40)));
    }
  }
}

// Not empty, and valid UTF-8.
std::string checked_text(const json& object, const std::string& name, const RowPlace& place) {
  std::string text = text_field(object, name, place);
  if (text.empty() || clean_utf8(text) != text) {
    complain(place, fmt::format("field '{}' is {}", name, text.empty() ? "empty" : "not UTF-8"));
  }
  return text;
}

// The facts of one language: [["army","troops"],["killed"]].
json facts_of(const json& side, const std::string& language, const RowPlace& place) {
  if (!side["facts"].is_array() || side["facts"].empty()) {
    complain(place, "field 'facts' is no list of facts");
  }
  json facts = json::array();
  for (const json& fact : side["facts"]) {
    const std::vector<std::string> wordings = list_field(fact, language, place);
    const auto is_empty = [](const std::string& wording) { return wording.empty(); };
    if (wordings.empty() || std::any_of(wordings.begin(), wordings.end(), is_empty)) {
      complain(place, fmt::format("a fact has no wording in '{}'", language));
    }
    facts.push_back(wordings);
  }
  return facts;
}

// All questions of one topic, in the order in which they are asked.
struct Topic {
  std::string theme;
  std::vector<Question> questions;
};

class ProbeReader {
 public:
  explicit ProbeReader(std::string_view language) : language_(language) {}

  void read(const fs::path& file) {
    for_each_json_row(file, [&](const json& row, const RowPlace& place) { read_row(row, place); });
  }

  std::vector<Question> questions() {
    std::vector<Question> all;
    // rounds[i] holds the topic that is the i-th of its theme, for every theme.
    std::vector<std::vector<Topic*>> rounds;
    std::map<std::string, size_t> topics_of_theme;
    for (Topic& topic : topics_) {
      const size_t round = topics_of_theme[topic.theme]++;
      rounds.resize(std::max(rounds.size(), round + 1));
      rounds[round].push_back(&topic);
    }
    for (const std::vector<Topic*>& round : rounds) {
      for (Topic* topic : round) {
        std::move(topic->questions.begin(), topic->questions.end(), std::back_inserter(all));
      }
    }
    return all;
  }

 private:
  void read_row(const json& row, const RowPlace& place) {
    refuse_unknown_fields(row, row_fields, place);
    const std::string name = checked_text(row, "topic", place);
    const std::string form = checked_text(row, "form", place);
    if (!seen_.emplace(name, form).second) {
      complain(place, fmt::format("topic '{}' has form '{}' twice", name, form));
    }
    Topic& topic = topic_of(name, checked_text(row, "theme", place), place);
    Question question;
    question.tags = {{"theme", topic.theme},
                     {"topic", name},
                     {"form", form},
                     {"government", checked_text(row, "government", place)}};
    const bool is_pair = row.contains("sensitive") || row.contains("control");
    if (is_pair && (row.contains("kind") || !row.contains("sensitive") ||
                    !row.contains("control") || row.contains("en") || row.contains("zh"))) {
      complain(place, "a row holds 'sensitive' and 'control', or 'kind', 'en' and 'zh'");
    }
    for (const char* language : {"en", "zh"}) {
      if (!language_.empty() && language_ != language) {
        continue;
      }
      question.tags["language"] = language;
      if (is_pair) {
        add_side(row, "sensitive", question, topic, place);
        add_side(row, "control", question, topic, place);
      } else {
        question.tags["kind"] = checked_text(row, "kind", place);
        add(checked_text(row, language, place), question, topic);
      }
    }
  }

  // `question` carries the tags that both sides share.
  static void add_side(const json& row, const char* kind, Question question, Topic& topic,
                       const RowPlace& place) {
    const std::string language = question.tags.at("language");
    const json& side = row[kind];
    if (!side.is_object()) {
      complain(place, fmt::format("field '{}' is {}, not an object", kind, side.type_name()));
    }
    refuse_unknown_fields(side, side_fields, place);
    if (side.contains("facts") != side.contains("source")) {
      complain(place, "facts need a source, and a source needs facts");
    }
    if (side.contains("facts")) {
      checked_text(side, "source", place);
      question.fields["facts"] = facts_of(side, language, place).dump();
    }
    question.tags["kind"] = kind;
    add(checked_text(side, language, place), std::move(question), topic);
  }

  static void add(std::string text, Question question, Topic& topic) {
    const std::map<std::string, std::string>& tags = question.tags;
    question.id = fmt::format("{}/{}/{}/{}", tags.at("topic"), tags.at("form"), tags.at("language"),
                              tags.at("kind"));
    question.text = std::move(text);
    topic.questions.push_back(std::move(question));
  }

  Topic& topic_of(const std::string& name, const std::string& theme, const RowPlace& place) {
    const auto [entry, is_new] = by_name_.try_emplace(name, topics_.size());
    if (is_new) {
      topics_.push_back({theme, {}});
    } else if (topics_[entry->second].theme != theme) {
      complain(place, fmt::format("topic '{}' has two themes", name));
    }
    return topics_[entry->second];
  }

  std::string language_;
  std::vector<Topic> topics_;
  std::map<std::string, size_t> by_name_;
  std::set<std::pair<std::string, std::string>> seen_;
};

std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) {
    return {path};
  }
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() == ".jsonl") {
      files.push_back(entry.path());
    }
  }
  if (files.empty()) {
    throw UserError(fmt::format("{}: holds no *.jsonl", path.string()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<Question> load_probes(const fs::path& path, std::string_view language) {
  ProbeReader reader(language);
  for (const fs::path& file : files_of(path)) {
    reader.read(file);
  }
  return reader.questions();
}

}  // namespace assay::censorship
