#include "reports/second_opinion.h"

#include <sstream>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "embedded/report_second_opinion.h"
#include "reports/escape.h"
#include "reports/format.h"
#include "reports/html_data.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;
using Group = std::pair<std::string, const AgreementTally*>;

std::vector<Group> groups_of(const SecondOpinion& opinion) {
  std::vector<Group> groups = {{"all", &opinion.all}};
  if (opinion.by_language.size() > 1) {
    for (const auto& [language, tally] : opinion.by_language) {
      groups.emplace_back(language, &tally);
    }
  }
  return groups;
}

SecondOpinion opinion_of(const Reader& reader, const RunRecord& run) {
  SecondOpinion opinion{.run = run, .all = {}, .by_language = {}};
  std::map<int, std::pair<std::string, std::string>> graded;  // label and language, by position
  reader.for_each_question(run.id, [&](int position, const QuestionRecord& question) {
    const auto language = question.tags.find("language");
    graded.emplace(position,
                   std::pair(question.gold,
                             language == question.tags.end() ? std::string() : language->second));
  });
  reader.for_each_figures(run.id, false, [&](const SampleFigures& sample) {
    const auto found = graded.find(sample.position);
    if (sample.finish == Finish::failed || found == graded.end()) {
      return;
    }
    if (!sample.value) {
      ++opinion.unreadable;
      return;
    }
    const auto& [label, language] = found->second;
    opinion.all.add(label, sample.label);
    if (!language.empty()) {
      opinion.by_language[language].add(label, sample.label);
    }
  });
  return opinion;
}

std::string format_kappa(const Agreement& agreement) {
  return agreement.kappa ? fmt::format("{:.3f} ({:.3f} to {:.3f})", *agreement.kappa,
                                       agreement.interval.low, agreement.interval.high)
                         : "–";
}

Json to_json(const Group& group) {
  const auto& [name, tally] = group;
  const std::optional<Agreement> agreement = tally->agreement();
  Json json = {{"name", name}, {"n", agreement ? agreement->n : 0}};
  if (agreement) {
    json["agreement"] = agreement->share;
    json["kappa"] = agreement->kappa ? Json(*agreement->kappa) : Json();
    json["interval"] = {agreement->interval.low, agreement->interval.high};
  }
  json["confusion"] = Json::object();
  for (const std::string& first : tally->labels()) {
    for (const std::string& second : tally->labels()) {
      json["confusion"][first][second] = tally->count(first, second);
    }
  }
  return json;
}

PageData confusion_rows(const AgreementTally& tally) {
  PageData rows(PageData::type::list);
  for (const std::string& first : tally.labels()) {
    PageData row;
    set_text(row, "label", first);
    PageData cells(PageData::type::list);
    for (const std::string& second : tally.labels()) {
      PageData cell;
      set_text(cell, "count", format_count(tally.count(first, second)));
      cells.push_back(cell);
    }
    row.set("cells", cells);
    rows.push_back(row);
  }
  return rows;
}

PageData data_of(const SecondOpinion& opinion) {
  PageData data;
  set_text(data, "id", std::to_string(opinion.run.id));
  set_text(data, "judge", opinion.run.model);
  set_text(data, "judged", opinion.run.suite);
  PageData groups(PageData::type::list);
  for (const auto& [name, tally] : groups_of(opinion)) {
    if (const std::optional<Agreement> agreement = tally->agreement()) {
      PageData group;
      set_text(group, "name", name);
      set_text(group, "n", format_count(agreement->n));
      set_text(group, "share", format_percent(agreement->share));
      set_text(group, "kappa", format_kappa(*agreement));
      groups.push_back(group);
    }
  }
  data.set("groups", groups);
  PageData columns(PageData::type::list);
  for (const std::string& label : opinion.all.labels()) {
    PageData column;
    set_text(column, "label", label);
    columns.push_back(column);
  }
  data.set("columns", columns);
  data.set("rows", confusion_rows(opinion.all));
  if (opinion.unreadable > 0) {
    set_text(data, "unreadable", format_count(opinion.unreadable));
  }
  return data;
}

}  // namespace

bool is_second_opinion(const RunRecord& run) {
  return run.suite == "censorship/second-opinion";
}

std::vector<SecondOpinion> second_opinions(const Reader& reader,
                                           const std::vector<RunRecord>& runs) {
  std::vector<SecondOpinion> opinions;
  for (const RunRecord& run : runs) {
    if (is_second_opinion(run)) {
      opinions.push_back(opinion_of(reader, run));
    }
  }
  return opinions;
}

std::string second_opinion_html(const std::vector<SecondOpinion>& opinions) {
  if (opinions.empty()) {
    return "";
  }
  PageData list(PageData::type::list);
  for (const SecondOpinion& opinion : opinions) {
    list.push_back(data_of(opinion));
  }
  PageData page;
  page.set("opinions", list);
  std::ostringstream out;
  kainjow::mustache::mustache(std::string(report_second_opinion)).render(page, out);
  return out.str();
}

void write_second_opinion_markdown(const std::vector<SecondOpinion>& opinions, std::ostream& out) {
  for (const SecondOpinion& opinion : opinions) {
    out << "\n## Second opinion: run " << opinion.run.id << " by "
        << markdown_text(opinion.run.model)
        << "\n\n| Questions | Answers | Agreement | Kappa (95 %) |\n|---|---|---|---|\n";
    for (const auto& [name, tally] : groups_of(opinion)) {
      if (const std::optional<Agreement> agreement = tally->agreement()) {
        out << "| " << markdown_text(name) << " | " << format_count(agreement->n) << " | "
            << format_percent(agreement->share) << " | " << format_kappa(*agreement) << " |\n";
      }
    }
    if (opinion.unreadable > 0) {
      out << "\nWithout a label: " << format_count(opinion.unreadable)
          << " answers of the judge.\n";
    }
  }
}

Json second_opinion_json(const std::vector<SecondOpinion>& opinions) {
  if (opinions.empty()) {
    return nullptr;
  }
  Json json = Json::array();
  for (const SecondOpinion& opinion : opinions) {
    Json one = {{"run", opinion.run.id},
                {"judge", opinion.run.model},
                {"unreadable", opinion.unreadable},
                {"groups", Json::array()}};
    for (const Group& group : groups_of(opinion)) {
      one["groups"].push_back(to_json(group));
    }
    json.push_back(std::move(one));
  }
  return json;
}

}  // namespace assay
