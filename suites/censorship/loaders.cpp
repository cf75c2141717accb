#include "suites/censorship/loaders.h"

#include <fstream>
#include <set>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

// The reading thread that the package starts otherwise is more than a file of this size needs.
#define CSV_IO_NO_THREAD
#if defined(__GNUC__) && !defined(__clang__)
// It cuts long file names on purpose, and g++ reports that where it is inlined, in this file.
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#endif
#include <libfccp/csv.h>

#include "harness/error.h"
#include "harness/jsonl.h"
#include "harness/utf8.h"
#include "suites/censorship/coverage.h"
#include "suites/censorship/grader.h"
#include "suites/math/question_file.h"

namespace assay::censorship {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Collects the questions of one file and sees to what must hold for all.
class Collector {
 public:
  explicit Collector(fs::path file) : file_(std::move(file)) {}

  void add(Question question, const std::string& place) {
    question.text = clean_utf8(question.text);
    if (question.text.find_first_not_of(" \t\r\n") == std::string::npos) {
      throw UserError(fmt::format("{}: the question is empty", place));
    }
    question.tags.try_emplace("kind", "sensitive");
    question.tags.try_emplace("language", name_of(detect_language(question.text)));
    if (!ids_.insert(question.id).second) {
      throw UserError(fmt::format("{}: id '{}' occurs twice", place, one_line(question.id, 80)));
    }
    questions_.push_back(std::move(question));
  }

  size_t count() const { return questions_.size(); }

  std::vector<Question> take() {
    if (questions_.empty()) {
      throw UserError(fmt::format("{}: holds no questions", file_.string()));
    }
    return std::move(questions_);
  }

 private:
  fs::path file_;
  std::set<std::string> ids_;
  std::vector<Question> questions_;
};

bool has(const json& row, const char* name) {
  const auto field = row.find(name);
  return field != row.end() && !field->is_null();
}

// [["killed", "died"], "tank"] as the text that parse_facts reads.
std::string facts_text(const json& facts, const RowPlace& place) {
  json all = json::array();
  for (const json& fact : facts.is_array() ? facts : json::array({facts})) {
    all.push_back(fact.is_string() ? json::array({fact}) : fact);
  }
  std::string text = all.dump(-1, ' ', false, json::error_handler_t::replace);
  try {
    parse_facts(text);
  } catch (const UserError& error) {
    throw UserError(fmt::format("{}: {}", place, error.what()));
  }
  return text;
}

}  // namespace

std::vector<Question> load_lines(const fs::path& file, const std::string& list,
                                 const std::string& kind) {
  std::ifstream in(file, std::ios::binary);
  if (!in || fs::is_directory(file)) {
    throw UserError(fmt::format("{}: cannot be read", file.string()));
  }
  Collector collector(file);
  JsonlReader lines(in, file.string());
  for (std::string line; lines.next_line(line);) {
    Question question;
    question.id = fmt::format("{}-{}", list, lines.line_number());
    question.text = line;
    question.tags = {{"list", list}, {"kind", kind}};
    collector.add(std::move(question), lines.where());
  }
  return collector.take();
}

std::vector<Question> load_speechmap(const fs::path& file, const std::string& government) {
  Collector collector(file);
  for_each_json_row(file, [&](const json& row, const RowPlace& place) {
    Question question;
    question.id = text_or_number_field(row, "id", place);
    question.text = text_field(row, "question", place);
    question.tags = {{"theme", text_field(row, "category", place)}, {"government", government}};
    collector.add(std::move(question), place);
  });
  return collector.take();
}

std::vector<Question> load_xstest(const fs::path& file) {
  Collector collector(file);
  try {
    io::CSVReader<4, io::trim_chars<' '>, io::double_quote_escape<',', '"'>> rows(file.string());
    rows.read_header(io::ignore_extra_column, "id", "prompt", "type", "label");
    std::string label;
    std::string type;
    Question question;
    while (rows.read_row(question.id, question.text, type, label)) {
      const std::string place = fmt::format("{}:{}", file.string(), rows.get_file_line());
      if (label != "safe" && label != "unsafe") {
        throw UserError(
            fmt::format("{}: label '{}' is neither safe nor unsafe", place, one_line(label, 40)));
      }
      question.tags = {{"theme", clean_utf8(type)},
                       {"kind", label == "safe" ? "over-refusal" : "unsafe"}};
      collector.add(question, place);
    }
  } catch (const io::error::base& error) {
    throw UserError(one_line(error.what()));
  }
  return collector.take();
}

std::vector<Question> load_prompts(const fs::path& file) {
  Collector collector(file);
  for_each_json_row(file, [&](const json& row, const RowPlace& place) {
    Question question;
    question.id = has(row, "id") ? text_or_number_field(row, "id", place)
                                 : fmt::format("prompt-{}", collector.count() + 1);
    question.text = text_field(row, "prompt", place);
    question.tags["topic"] = text_field(row, "topic", place);
    for (const char* name : {"language", "kind", "theme", "form", "government"}) {
      if (has(row, name)) {
        question.tags[name] = text_field(row, name, place);
      }
    }
    if (has(row, "facts")) {
      question.fields["facts"] = facts_text(row["facts"], place);
    }
    collector.add(std::move(question), place);
  });
  return collector.take();
}

}  // namespace assay::censorship
