#include "backends/mock/answers.h"

#include <fstream>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"

namespace assay {

namespace {

using nlohmann::json;

std::string text_field(const json& row, const char* key, const std::string& where) {
  const auto found = row.find(key);
  if (found == row.end()) {
    return {};
  }
  if (!found->is_string()) {
    throw UserError(fmt::format("{}: '{}' must be a text", where, key));
  }
  return found->get<std::string>();
}

}  // namespace

std::uint64_t stable_hash(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  // splitmix64's finaliser, so that seeds that differ in one bit give unrelated draws.
  hash += (seed + 1) * 0x9e3779b97f4a7c15ULL;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ULL;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebULL;
  return hash ^ (hash >> 31);
}

double unit_interval(std::uint64_t hash) {
  return static_cast<double>(hash >> 11) * 0x1.0p-53;
}

AnswerBook::AnswerBook(const AnswerBookOptions& options) : options_(options) {
  if (options_.text.empty()) {
    options_.text = "This is a mock: it answers every question with this sentence.";
  }
  if (options_.file.empty()) {
    return;
  }
  std::ifstream in(options_.file);
  if (!in) {
    throw UserError(fmt::format("{}: cannot be read", options_.file));
  }
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      continue;
    }
    const std::string where = fmt::format("{}:{}", options_.file, number);
    const json row = json::parse(line, nullptr, false);
    if (!row.is_object() || !row.contains("answer")) {
      throw UserError(where + ": must be a JSON object with the field 'answer'");
    }
    Row made{.contains = text_field(row, "contains", where),
             .right = {.text = text_field(row, "answer", where),
                       .reasoning = text_field(row, "reasoning", where)},
             .wrong = text_field(row, "wrong", where)};
    const std::string finish = text_field(row, "finish", where);
    if (!finish.empty() && finish != "stop" && finish != "content_filter") {
      throw UserError(where + ": 'finish' is neither stop nor content_filter");
    }
    made.right.withheld = finish == "content_filter";
    if (made.wrong.empty()) {
      made.wrong = "I do not know.";
    }
    const std::string prompt = text_field(row, "prompt", where);
    if (!prompt.empty()) {
      exact_.try_emplace(prompt, std::move(made));
    } else {
      (made.contains.empty() ? in_turn_ : pieces_).push_back(std::move(made));
    }
  }
}

const AnswerBook::Row* AnswerBook::find(std::string_view prompt) const {
  if (const auto found = exact_.find(std::string(prompt)); found != exact_.end()) {
    return &found->second;
  }
  for (const Row& row : pieces_) {
    if (prompt.find(row.contains) != std::string_view::npos) {
      return &row;
    }
  }
  if (!in_turn_.empty()) {
    return &in_turn_[turn_.fetch_add(1, std::memory_order_relaxed) % in_turn_.size()];
  }
  return nullptr;
}

CannedAnswer AnswerBook::lookup(std::string_view prompt, std::uint64_t draw) const {
  if (options_.echo) {
    return {.text = std::string(prompt)};
  }
  const Row* row = find(prompt);
  if (row == nullptr) {
    return {.text = options_.text};
  }
  const bool right = options_.accuracy >= 1 ||
                     unit_interval(stable_hash(prompt, options_.seed + draw)) < options_.accuracy;
  return right ? row->right : CannedAnswer{.text = row->wrong};
}

}  // namespace assay
