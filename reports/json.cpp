// The machine-readable report. Scores are shares (0..1), times seconds, costs USD; what is unknown
// is null, never 0.
//
// {"format": "assay-report", "version": 1, "program", "generated_at",
//  "runs": [{
//    "run": {"id", "identity", "name", "suite", "suite_version", "prompt_template", "convention",
//            "model", "backend", "sampling", "samples", "questions", "questions_hash", "program",
//            "command", "started_at", "finished_at", "active_s"},
//    "machine": {...}, "is_mock", "is_replay",
//    "samples": {"expected", "recorded", "scored", "failed", "unscored", "from_cache", "retried"},
//    "score": SCORE, "pass_at": [{"k", "score": SCORE, "questions_short"}], "consensus": SCORE,
//    "readings": [{"convention", "score": SCORE, "only_right_here", "only_right_there"}],
//    "tags": {KEY: [{"value", "score": SCORE, "questions_unscored"}]},
//    "failures", "finishes", "labels": {KIND: COUNT},
//    "metrics": [{"name", "definition", "unit", "n", "mean", "sum",
//                 "quantiles": [{"q", "value", "interval": [LOW, HIGH]}]}],
//    "cost": {"usd", "samples_priced"},
//    "experts": null or {"samples", "samples_left_out", "layers": [[COUNT]],
//                "balance": [{"layer", "experts", "choices", "max_over_mean", "variation",
//                             "variation_by_chance", "entropy", "unused"}]},
//    "published": [{"model", "metric", "conflicting", "figures": [{"value", "unit", "protocol",
//                   "source", "note"}]}]}],
//  "censorship": null, or as reports/censorship.h says,
//  "second_opinions": null, or as reports/second_opinion.h says}
// SCORE is null or {"mean", "interval": [LOW, HIGH], "standard_error", "questions", "samples"}.
#include <ostream>

#include <nlohmann/json.hpp>

#include "reports/censorship.h"
#include "reports/render.h"
#include "reports/second_opinion.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;

Json embedded(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? Json(text) : json;
}

template <class Value>
Json maybe(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_json(const std::optional<Score>& score) {
  if (!score) {
    return nullptr;
  }
  return {{"mean", score->mean},
          {"interval", {score->interval.low, score->interval.high}},
          {"standard_error", score->standard_error},
          {"questions", score->questions},
          {"samples", score->samples}};
}

Json to_json(const RunRecord& run) {
  return {{"id", run.id},
          {"identity", run.identity},
          {"name", run.name},
          {"suite", run.suite},
          {"suite_version", run.suite_version},
          {"prompt_template", run.prompt_template},
          {"convention", run.convention},
          {"model", run.model},
          {"backend", embedded(run.backend_json)},
          {"sampling", embedded(run.sampling_json)},
          {"samples", run.samples},
          {"questions", run.questions},
          {"questions_hash", run.questions_hash},
          {"program", run.program},
          {"command", run.command},
          {"started_at", run.started_at},
          {"finished_at", maybe(run.finished_at)},
          {"active_s", run.active_s}};
}

Json to_json(const Metric& metric) {
  Json quantiles = Json::array();
  for (const Quantile& quantile : metric.quantiles) {
    Json interval = nullptr;
    if (quantile.interval) {
      interval = {quantile.interval->low, quantile.interval->high};
    }
    quantiles.push_back({{"q", quantile.q}, {"value", quantile.value}, {"interval", interval}});
  }
  return {{"name", metric.name},
          {"definition", metric.definition},
          {"unit", metric.unit},
          {"n", metric.n},
          {"mean", metric.n > 0 ? Json(metric.mean) : Json(nullptr)},
          {"sum", metric.n > 0 ? Json(metric.sum) : Json(nullptr)},
          {"quantiles", quantiles}};
}

Json published_json(const std::vector<PublishedModel>& models) {
  Json list = Json::array();
  for (const PublishedModel& model : models) {
    Json figures = Json::array();
    for (const PublishedFigure& figure : model.figures) {
      figures.push_back({{"value", figure.value},
                         {"unit", figure.unit},
                         {"protocol", figure.protocol},
                         {"source", figure.source},
                         {"note", figure.note}});
    }
    list.push_back({{"model", model.model},
                    {"metric", model.metric},
                    {"conflicting", model.conflicting},
                    {"figures", figures}});
  }
  return list;
}

void set_scores(Json& json, const RunAnalysis& run) {
  json["score"] = to_json(run.score.mean);
  json["pass_at"] = Json::array();
  for (const PassAt& pass : run.score.pass_at) {
    json["pass_at"].push_back(
        {{"k", pass.k}, {"score", to_json(pass.score)}, {"questions_short", pass.questions_short}});
  }
  json["consensus"] = to_json(run.score.consensus);
  json["readings"] = Json::array();
  for (const ReadingScore& reading : run.readings) {
    json["readings"].push_back({{"convention", reading.convention},
                                {"score", to_json(reading.score)},
                                {"only_right_here", reading.only_right_here},
                                {"only_right_there", reading.only_right_there}});
  }
  json["tags"] = Json::object();
  for (const auto& [key, values] : run.tags) {
    for (const TagScore& value : values) {
      json["tags"][key].push_back({{"value", value.value},
                                   {"score", to_json(value.score)},
                                   {"questions_unscored", value.questions_unscored}});
    }
  }
}

Json to_json(const std::optional<ExpertLoad>& load) {
  if (!load) {
    return nullptr;
  }
  Json balances = Json::array();
  for (const LayerBalance& balance : balance_of(*load)) {
    balances.push_back({{"layer", balance.layer},
                        {"experts", balance.experts},
                        {"choices", balance.choices},
                        {"max_over_mean", balance.max_over_mean},
                        {"variation", balance.variation},
                        {"variation_by_chance", balance.variation_by_chance},
                        {"entropy", balance.entropy},
                        {"unused", balance.unused}});
  }
  return {{"samples", load->samples},
          {"samples_left_out", load->samples_left_out},
          {"layers", load->layers},
          {"balance", balances}};
}

Json to_json(const ReportContext& context, const RunAnalysis& run) {
  Json json = {{"run", to_json(run.run)},
               {"machine", embedded(run.machine.description_json)},
               {"is_mock", run.is_mock()},
               {"is_replay", run.is_replay()},
               {"samples",
                {{"expected", run.samples_expected},
                 {"recorded", run.samples},
                 {"scored", run.samples - run.failed - run.unscored},
                 {"failed", run.failed},
                 {"unscored", run.unscored},
                 {"from_cache", run.from_cache},
                 {"retried", run.retried}}}};
  set_scores(json, run);
  json["failures"] = run.failures;
  json["finishes"] = run.finishes;
  json["labels"] = run.labels;
  json["metrics"] = Json::array();
  for (const std::vector<Metric>* metrics : {&run.times, &run.tokens}) {
    for (const Metric& metric : *metrics) {
      json["metrics"].push_back(to_json(metric));
    }
  }
  json["cost"] = {{"usd", maybe(run.cost_usd)}, {"samples_priced", run.samples_priced}};
  json["experts"] = to_json(run.experts);
  json["published"] = published_json(context.published.of_suite(run.run.suite));
  return json;
}

}  // namespace

void write_json(const ReportContext& context, const std::vector<RunAnalysis>& runs,
                std::ostream& out) {
  Json report = {{"format", "assay-report"},
                 {"version", 1},
                 {"program", context.options.program},
                 {"generated_at", context.generated_at},
                 {"runs", Json::array()}};
  for (const RunAnalysis& run : runs) {
    report["runs"].push_back(to_json(context, run));
  }
  report["censorship"] = censorship_json(censorship_report(context.reader, records_of(runs)));
  report["second_opinions"] =
      second_opinion_json(second_opinions(context.reader, records_of(runs)));
  out << report.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace assay
