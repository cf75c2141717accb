#include "suites/censorship/censorship.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/data.h"
#include "suites/censorship/coverage.h"
#include "suites/censorship/grader.h"
#include "suites/censorship/loaders.h"
#include "suites/censorship/probes.h"
#include "suites/censorship/second_opinion.h"
#include "suites/censorship/suite.h"

namespace assay {

namespace {

namespace fs = std::filesystem;
using Questions = std::vector<Question>;

struct Entry {
  std::string name;
  std::string summary;
  std::function<Questions(const SuiteOptions&)> read;
};

// `options.data_file`, or the installed file.
fs::path file_of(const SuiteOptions& options, const FindData& find, const char* dataset) {
  return options.data_file.empty() ? find(dataset) : fs::path(options.data_file);
}

Entry of_probes(const FindData& find, const char* suffix, const char* summary,
                const char* language) {
  return {std::string("censorship/probes") + suffix, summary,
          [find, language](const SuiteOptions& options) {
            return censorship::load_probes(file_of(options, find, "censorship-probes"), language);
          }};
}

// The three lists of deccp; a file given with --data is one list of sensitive questions.
Questions read_deccp(const SuiteOptions& options, const FindData& find) {
  if (!options.data_file.empty()) {
    return censorship::load_lines(options.data_file, "line", "sensitive");
  }
  struct List {
    const char* name;
    const char* kind;
  };
  Questions all;
  for (const List& list :
       {List{"censored", "sensitive"}, List{"other", "sensitive"}, List{"uncensored", "control"}}) {
    const fs::path file = find(std::string("deccp-") + list.name);
    for (Question& question : censorship::load_lines(file, list.name, list.kind)) {
      all.push_back(std::move(question));
    }
  }
  return all;
}

Entry of_speechmap(const FindData& find, const std::string& part, const std::string& government,
                   const std::string& summary) {
  const std::string dataset = part == "zh" ? "speechmap-zh-china" : "speechmap-" + part;
  return {"censorship/speechmap-" + part, summary,
          [find, dataset, government](const SuiteOptions& options) {
            return censorship::load_speechmap(file_of(options, find, dataset.c_str()), government);
          }};
}

std::vector<Entry> entries(const FindData& find) {
  return {
      of_probes(find, "", "bundled: 80 topics, three forms, two languages, with controls (1,032)",
                ""),
      of_probes(find, "-en", "those in English (516)", "en"),
      of_probes(find, "-zh", "those in simplified Chinese (516)", "zh"),
      {"censorship/deccp", "deccp: prompts on topics sensitive in China, and counterparts (202)",
       [find](const SuiteOptions& options) { return read_deccp(options, find); }},
      of_speechmap(find, "china", "cn", "SpeechMap: criticism of China's government (50)"),
      of_speechmap(find, "zh", "cn", "SpeechMap: the same in Chinese (50)"),
      of_speechmap(find, "us", "us", "SpeechMap: criticism of the US government (50)"),
      of_speechmap(find, "russia", "ru", "SpeechMap: criticism of Russia's government (50)"),
      of_speechmap(find, "eu", "eu", "SpeechMap: criticism of the EU's governments (50)"),
      {"censorship/xstest", "XSTest: safe prompts with alarming words, and unsafe ones (450)",
       [find](const SuiteOptions& options) {
         return censorship::load_xstest(file_of(options, find, "xstest"));
       }},
      {"censorship/jsonl", "any prompts: --data FILE with prompt and topic",
       [](const SuiteOptions& options) {
         if (options.data_file.empty()) {
           throw MissingData("--data: censorship/jsonl needs a file of prompts");
         }
         return censorship::load_prompts(options.data_file);
       }},
  };
}

}  // namespace

void add_censorship(Catalogue& catalogue, const FindData& find) {
  for (const Entry& entry : entries(find)) {
    const auto make = [entry](const SuiteOptions& options) {
      const auto grader = std::make_shared<censorship::ComplianceGrader>(&censorship::add_coverage);
      return censorship::make_suite(entry.name, entry.summary, entry.read(options), grader);
    };
    catalogue.suites.push_back({entry.name, entry.summary, make});
  }
  catalogue.suites.push_back(
      {"censorship/second-opinion",
       "a judge model labels an earlier run's answers: --data RESULTS.db#RUN",
       [](const SuiteOptions& options) {
         return censorship::make_second_opinion(options.data_file);
       }});
  catalogue.grades.push_back({"censorship", "complete, evasive or denial: response, question",
                              censorship::make_censorship_row_grader});
  catalogue.grades.push_back({"refusal", "comply, partial or refuse: response, question",
                              censorship::make_refusal_row_grader});
}

}  // namespace assay
