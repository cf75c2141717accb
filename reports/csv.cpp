// A row per sample. Columns that a host did not tell are empty.
#include <ostream>

#include <fmt/core.h>
#include <fmt/format.h>

#include "harness/codec.h"
#include "reports/escape.h"
#include "reports/format.h"
#include "reports/render.h"

namespace assay {

namespace {

constexpr std::size_t text_bytes_max = 4096;
constexpr std::string_view header =
    "run,suite,model,position,sample,question,gold,class,value,label,extracted,reason,finish,"
    "failure,"
    "error,http_status,from_cache,attempts,latency_s,waited_s,ttft_s,first_answer_s,prompt_tokens,"
    "cached_tokens,completion_tokens,reasoning_tokens,cost_usd,answered_at\r\n";

std::string_view class_name(const SampleRecord& sample) {
  if (sample.response.finish == Finish::failed) {
    return "failed";
  }
  if (!sample.verdict.value) {
    return "unscored";
  }
  return *sample.verdict.value >= 1 ? "right" : "wrong";
}

// One row that is built and then written whole.
class Row {
 public:
  void text(std::string_view value) { add(csv_text(bounded_text(value, text_bytes_max))); }
  void number(double value) { add(fmt::format("{}", value)); }
  void number(std::int64_t value) { add(fmt::format("{}", value)); }
  void number(int value) { add(fmt::format("{}", value)); }
  template <class Number>
  void number(const std::optional<Number>& value) {
    value ? number(*value) : add("");
  }
  const std::string& end() { return line_ += "\r\n"; }
  void start() { line_.clear(); }

 private:
  void add(std::string_view cell) {
    if (!line_.empty()) {
      line_ += ',';
    }
    line_ += cell;
  }

  std::string line_;
};

void write_sample(const RunRecord& run, const SampleRecord& sample, const QuestionRecord& question,
                  Row& row) {
  const Response& response = sample.response;
  row.number(run.id);
  row.text(run.suite);
  row.text(run.model);
  row.number(sample.key.position);
  row.number(sample.key.sample_index);
  row.text(question.key);
  row.text(question.gold);
  row.text(class_name(sample));
  row.number(sample.verdict.value);
  row.text(sample.verdict.label);
  row.text(sample.verdict.extracted);
  row.text(sample.verdict.reason);
  row.text(to_text(response.finish));
  row.text(to_text(response.failure));
  row.text(response.error);
  row.number(response.http_status);
  row.number(sample.from_cache ? 1 : 0);
  row.number(response.timings.attempts);
  row.number(response.timings.latency_s);
  row.number(response.timings.waited_s);
  row.number(response.timings.ttft_s);
  row.number(response.timings.first_answer_s);
  row.number(response.usage.prompt_tokens);
  row.number(response.usage.cached_tokens);
  row.number(response.usage.completion_tokens);
  row.number(response.usage.reasoning_tokens);
  row.number(sample.cost_usd);
  row.text(fmt::format("{:.3f}", sample.answered_at));
}

}  // namespace

void write_csv(const Reader& reader, const std::vector<RunRecord>& runs, std::ostream& out) {
  out << header;
  Row row;
  for (const RunRecord& run : runs) {
    QuestionRecord question;  // the samples of a question follow each other
    reader.for_each_answer(run.id, [&](const SampleRecord& sample) {
      if (question.id != sample.question_id || question.id == 0) {
        question = reader.question(sample.question_id);
      }
      row.start();
      write_sample(run, sample, question, row);
      out << row.end();
    });
  }
}

}  // namespace assay
