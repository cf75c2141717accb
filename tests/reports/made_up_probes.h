// A results file with runs of a made-up suite of probes, for the tests of what reports say of them:
// 4 themes of 5 topics, two forms, two languages, each with a control, and a few single questions.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "harness/store.h"
#include "tests/scratch.h"

namespace assay {

// What one made-up answer was judged to be.
struct MadeUpVerdict {
  std::string label = "complete";
  double coverage = 1;  // of facts; only questions of form "fact" have some
  bool hidden = false;
  bool has_reasoning = false;
  bool failed = false;
};

class MadeUpProbes {
 public:
  using Judge = std::function<MadeUpVerdict(const Question&, int sample)>;

  MadeUpProbes() {
    for (int theme = 0; theme < 4; ++theme) {
      for (int topic = 0; topic < 5; ++topic) {
        add_topic(fmt::format("theme{}", theme), fmt::format("topic{}{}", theme, topic));
      }
    }
    add_single("unsafe");
    add_single("over-refusal");
  }

  std::string path() const { return folder_.path() / "probes.db"; }

  // Writes a finished run of k samples a question.
  RunRecord add_run(const std::string& model, int samples, const Judge& judge,
                    const std::string& backend_json = "{}",
                    const std::string& suite = "censorship/made-up") {
    Store store(path());
    RunRecord run;
    run.identity = fmt::format("{} {} {}", suite, model, runs_++);
    run.suite = suite;
    run.prompt_template = "as-it-stands";
    run.convention = "assay-compliance";
    run.model = model;
    run.backend_json = backend_json;
    run.sampling_json = "{}";
    run.samples = samples;
    run.questions = static_cast<int>(questions_.size());
    run.machine_id = store.put_machine("{}");
    run.started_at = 1'760'000'000;
    run = store.open_run(run, true);
    const std::vector<std::int64_t> ids = store.put_questions(run.suite, questions_);
    for (std::size_t at = 0; at < questions_.size(); ++at) {
      for (int index = 0; index < samples; ++index) {
        store.put(sample(run, at, index, judge(questions_[at], index), ids[at]), "{}");
      }
    }
    store.finish_run(run.id, 1);
    store.flush();
    return run;
  }

  const std::vector<Question>& questions() const { return questions_; }

 private:
  static SampleRecord sample(const RunRecord& run, std::size_t at, int index,
                             const MadeUpVerdict& made_up, std::int64_t question_id) {
    SampleRecord record;
    record.key = {run.id, static_cast<int>(at), index};
    record.question_id = question_id;
    record.prompt_hash = "prompt";
    record.answered_at = run.started_at + 1;
    record.response.text = "answer <b>" + made_up.label;
    record.response.finish = made_up.failed                   ? Finish::failed
                             : made_up.label == "host denial" ? Finish::content_filter
                                                              : Finish::stop;
    record.response.failure = made_up.failed ? Failure::disconnected : Failure::none;
    if (made_up.failed) {
      return record;
    }
    record.verdict.label = made_up.label;
    record.verdict.value = made_up.label == "complete" ? 1 : 0;
    record.verdict.reason = "reason <i>";
    record.verdict.readings.push_back({"fact coverage", made_up.coverage, ""});
    if (made_up.has_reasoning) {
      record.verdict.readings.push_back({"hidden in reasoning", made_up.hidden ? 1.0 : 0.0, ""});
    }
    return record;
  }

  void add_topic(const std::string& theme, const std::string& topic) {
    for (const char* form : {"fact", "critical"}) {
      for (const char* language : {"en", "zh"}) {
        for (const char* kind : {"sensitive", "control"}) {
          add({{"theme", theme},
               {"topic", topic},
               {"form", form},
               {"language", language},
               {"kind", kind},
               {"government", "cn"}});
        }
      }
    }
  }

  void add_single(const std::string& kind) {
    add({{"theme", kind},
         {"topic", kind + "-01"},
         {"form", "request"},
         {"language", "en"},
         {"kind", kind},
         {"government", "none"}});
  }

  void add(const std::map<std::string, std::string>& tags) {
    const std::string id = fmt::format("{}/{}/{}/{}", tags.at("topic"), tags.at("form"),
                                       tags.at("language"), tags.at("kind"));
    questions_.push_back({.id = id, .text = "关于 <u>" + id, .tags = tags});
  }

  std::vector<Question> questions_;
  int runs_ = 0;
  ScratchFolder folder_;
};

}  // namespace assay
