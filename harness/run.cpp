#include "harness/run.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "harness/clock.h"
#include "harness/codec.h"
#include "harness/digest.h"
#include "harness/graders.h"
#include "harness/interrupt.h"
#include "harness/version.h"
#include "harness/window.h"

namespace assay {

namespace {

constexpr std::size_t waiting_for_graders_max = 1024;
constexpr double look_up_s = 0.2;  // how often a waiting loop looks at interrupts and the clock

// One sample on its way through the run.
struct Sample {
  int position = 0;
  int sample_index = 0;
  std::string body_json;
  std::string prompt_hash;
  CacheKey cache_key{};
};

struct Item {
  Sample sample;
  Response response;
  bool from_cache = false;
};

CacheKey cache_key_of(const std::string& identity, const std::string& body,
                      const std::string& sampling, int index) {
  const Digest digest = sha256(fmt::format("{}\n{}\n{}\n{}", identity, body, sampling, index));
  CacheKey key{};
  std::copy_n(digest.begin(), key.size(), key.begin());
  return key;
}

// Model output is bounded and made valid UTF-8 before anybody looks at it.
void clean(Response& response) {
  for (std::string* text :
       {&response.text, &response.reasoning, &response.error, &response.served_model}) {
    *text = clean_utf8(*text);
  }
}

class Loop {
 public:
  Loop(const RunSpec& spec, Store& store, Progress& progress)
      : spec_(spec), store_(store), progress_(progress), sampling_json_(to_json(spec.sampling)) {}

  RunState run();

 private:
  void begin();
  void ask_all();
  Sample sample_of(int position, int index, Prompt& prompt) const;
  bool resumed(int position, int index);
  bool take_one(double wait_s);
  bool stopping() const;
  void judge(Item item);
  void account(const Item& item, const SampleRecord& record);
  RunState state();

  const RunSpec& spec_;
  Store& store_;
  Progress& progress_;
  const std::string sampling_json_;
  std::string identity_;
  std::vector<Question> questions_;
  std::vector<std::int64_t> question_ids_;
  std::vector<Store::AnsweredSample>
      answered_;  // by earlier commands, in the order in which samples are visited
  std::size_t answered_next_ = 0;
  RunRecord record_;
  SteadyTime began_;
  int failures_in_a_row_ = 0;
  std::optional<Window<Sample>> window_;
  std::optional<Graders<Item>> graders_;

  std::mutex mutex_;  // guards all below
  RunState state_;
  RunningScore score_;
};

void Loop::begin() {
  questions_ = spec_.suite->questions();
  if (spec_.limit > 0 && questions_.size() > static_cast<std::size_t>(spec_.limit)) {
    questions_.resize(static_cast<std::size_t>(spec_.limit));
  }
  identity_ = spec_.backend->identity();
  record_ = store_.open_run(record_of(spec_, questions_), spec_.fresh);
  question_ids_ = store_.put_questions(record_.suite, questions_);
  answered_ = store_.answered(record_.id);
  began_ = steady_now();
  for (const Store::AnsweredSample& sample : answered_) {
    if (sample.value) {
      score_.add(static_cast<std::size_t>(sample.position), *sample.value);
    }
  }
  state_ = {.run_id = record_.id,
            .suite = record_.suite,
            .model = record_.model,
            .total = questions_.size() * static_cast<std::size_t>(spec_.samples),
            .resumed = answered_.size()};
  state_.score = score_.score();
}

// Whether an earlier command answered it. Samples must be asked about in order.
bool Loop::resumed(int position, int index) {
  if (answered_next_ < answered_.size() && answered_[answered_next_].position == position &&
      answered_[answered_next_].sample_index == index) {
    ++answered_next_;
    return true;
  }
  return false;
}

Sample Loop::sample_of(int position, int index, Prompt& prompt) const {
  prompt = spec_.suite->prompt(questions_[static_cast<std::size_t>(position)]);
  prompt.sampling = spec_.sampling;
  prompt.sample_index = index;
  Sample sample{.position = position, .sample_index = index, .body_json = body_json(prompt)};
  sample.prompt_hash = sha256_hex(sample.body_json);
  sample.cache_key = cache_key_of(identity_, sample.body_json, sampling_json_, index);
  return sample;
}

bool Loop::stopping() const {
  return interrupts() > 0 || failures_in_a_row_ >= spec_.failures_in_a_row_max;
}

// Hands one arrived answer to the graders; false where none came in time.
bool Loop::take_one(double wait_s) {
  auto answered = window_->next(wait_s);
  if (answered) {
    failures_in_a_row_ = answered->response.finish == Finish::failed ? failures_in_a_row_ + 1 : 0;
    graders_->push({std::move(answered->ticket), std::move(answered->response)});
  }
  progress_.update(state());
  return answered.has_value();
}

// Question by question, its k samples one after the other: the order in which resumed samples are
// read, too.
void Loop::ask_all() {
  const int question_count = static_cast<int>(questions_.size());
  for (int at = 0; at < question_count * spec_.samples && !stopping(); ++at) {
    const int position = at / spec_.samples;
    const int index = at % spec_.samples;
    if (resumed(position, index)) {
      continue;
    }
    Prompt prompt;
    Sample sample = sample_of(position, index, prompt);
    if (spec_.use_cache) {
      if (auto hit = store_.cached(sample.cache_key)) {
        graders_->push({std::move(sample), std::move(*hit), true});
        continue;
      }
    }
    while (window_->full() && !take_one(look_up_s) && interrupts() < 2) {
    }
    if (window_->full()) {
      break;
    }
    window_->submit(std::move(prompt), std::move(sample));
  }
  while (!window_->empty() && interrupts() < 2) {
    take_one(look_up_s);
  }
}

// On any of the graders' threads.
void Loop::judge(Item item) {
  clean(item.response);
  SampleRecord record;
  record.key = {.run_id = record_.id,
                .position = item.sample.position,
                .sample_index = item.sample.sample_index};
  const auto position = static_cast<std::size_t>(item.sample.position);
  record.question_id = question_ids_[position];
  record.prompt_hash = item.sample.prompt_hash;
  record.cache_key = item.sample.cache_key;
  record.from_cache = item.from_cache;
  record.answered_at = seconds_since_1970();
  if (item.response.finish == Finish::failed) {
    record.verdict = {.label = "failed", .reason = item.response.error};
  } else {
    record.verdict = spec_.suite->grader().grade(questions_[position], item.response);
    if (spec_.price_usd && !item.from_cache) {
      record.cost_usd = spec_.price_usd(item.response);
    }
  }
  account(item, record);
  record.response = std::move(item.response);
  store_.put(std::move(record), std::move(item.sample.body_json));
}

void Loop::account(const Item& item, const SampleRecord& record) {
  const std::lock_guard lock(mutex_);
  if (item.response.finish == Finish::failed) {
    ++state_.failed;
    state_.last_error = item.response.error;
    return;
  }
  ++state_.answered;
  state_.from_cache += item.from_cache ? 1U : 0U;
  state_.completion_tokens +=
      static_cast<std::uint64_t>(std::max(0, item.response.usage.completion_tokens.value_or(0)));
  if (record.cost_usd) {
    state_.cost_usd += *record.cost_usd;
    state_.cost_known = true;
  }
  if (record.verdict.value) {
    score_.add(static_cast<std::size_t>(item.sample.position), *record.verdict.value);
  }
}

RunState Loop::state() {
  const std::lock_guard lock(mutex_);
  state_.score = score_.score();
  state_.elapsed_s = seconds_between(began_, steady_now());
  return state_;
}

RunState Loop::run() {
  begin();
  progress_.started(state());
  const std::size_t grader_threads =
      std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 8);
  graders_.emplace(grader_threads, waiting_for_graders_max,
                   [this](Item item) { judge(std::move(item)); });
  window_.emplace(*spec_.backend, spec_.in_flight_max);
  ask_all();
  graders_->finish();
  store_.finish_run(record_.id, seconds_between(began_, steady_now()));
  const RunState last = state();
  progress_.finished(last);
  return last;
}

}  // namespace

RunRecord record_of(const RunSpec& spec, const std::vector<Question>& questions) {
  const SuiteInfo& info = spec.suite->info();
  std::string all;
  for (const Question& question : questions) {
    all += fmt::format("{}:{}:{}:{}\n", question.id.size(), question.id, question.text.size(),
                       question.text);
  }
  RunRecord record;
  record.suite = info.name;
  record.suite_version = info.version;
  record.prompt_template = info.prompt;
  record.convention = info.convention;
  record.model = spec.model;
  record.backend_json = spec.backend->identity();
  record.sampling_json = to_json(spec.sampling);
  record.samples = spec.samples;
  record.questions = static_cast<int>(questions.size());
  record.questions_hash = sha256_hex(all);
  record.identity = sha256_hex(
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", record.suite, record.suite_version,
                  record.prompt_template, record.convention, record.model, record.backend_json,
                  record.sampling_json, record.samples, record.questions_hash));
  record.machine_id = spec.machine_id;
  record.program = program_version();
  record.command = spec.command;
  record.started_at = seconds_since_1970();
  record.name = spec.name;
  return record;
}

RunState run(const RunSpec& spec, Store& store, Progress& progress) {
  return Loop(spec, store, progress).run();
}

}  // namespace assay
