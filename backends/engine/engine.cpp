#include "backends/engine/engine.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

#include <fmt/core.h>
#include <unistd.h>

#include "backends/engine/cache.h"
#include "backends/engine/forward.h"
#include "harness/error.h"

namespace assay::engine {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

// A request in work. Its tokens are the prompt's, then the answer's.
struct Sequence {
  TokenRequest request;
  std::function<void(TokenResult)> done;
  TokenResult result;
  std::vector<int> tokens;
  std::size_t prompt_size = 0;
  LatentCache::Lease lease;
  int computed = 0;  // positions in the cache
  int in_step = 0;   // of them, those of the step that is running
  int next_token = -1;
  ScoredToken next_score;
  Clock::time_point submitted;
  Clock::time_point started;
  Clock::time_point answered;  // the first token, or the last score

  bool scores() const { return request.score_from.has_value(); }
  bool in_prompt() const { return computed < static_cast<int>(prompt_size); }
  // The last position is not computed where it is only scored.
  int positions_to_compute() const { return static_cast<int>(tokens.size()) - (scores() ? 1 : 0); }
};

// Attention is as exact as the layers around it.
ForwardOptions forward_options(const EngineOptions& options, const Model& model) {
  const kernels::Dtype weights = model.weights.layers.front().attention.kv_b.dtype;
  const kernels::Activations activations = form_for(weights, options.activations);
  return {.unit = options.unit,
          .activations = options.activations,
          .pages = kernels::page_form(options.unit, activations)};
}

std::size_t page_bytes_of(const EngineOptions& options, const Model& model) {
  return Forward::page_values(model.config, forward_options(options, model)) * sizeof(float);
}

const Model& checked(const Model& model) {
  if (const std::string text = contradiction(model); !text.empty()) {
    throw UserError(fmt::format("model {}: {}", model.name, text));
  }
  return model;
}

EngineOptions with_defaults(EngineOptions options, const Model& model) {
  if (options.threads <= 0) {
    options.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  }
  if (options.cache_bytes == 0) {
    const auto memory =
        static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
    options.cache_bytes = static_cast<std::size_t>(std::min(memory / 8, 4.0 * (1 << 30)));
  }
  // More pages than the longest sequences of a full batch need would never be used.
  const std::size_t page_bytes = page_bytes_of(options, model);
  const std::size_t useful =
      page_bytes *
      static_cast<std::size_t>(LatentCache::pages_for(model.config.max_position_embeddings)) *
      static_cast<std::size_t>(options.batch_max) * 2;
  options.cache_bytes = std::min(options.cache_bytes, useful);
  return options;
}

ScoredToken score(int token, std::span<const float> logits, int top) {
  ScoredToken scored{.token = token, .best = greedy(logits)};
  const double total = log_sum_exp(logits);
  scored.logprob = static_cast<double>(logits[static_cast<std::size_t>(token)]) - total;
  scored.best_logprob = static_cast<double>(logits[static_cast<std::size_t>(scored.best)]) - total;
  if (top > 0) {
    scored.top = best_tokens(logits, top);
  }
  return scored;
}

}  // namespace

class Engine::Loop {
 public:
  Loop(const Model& model, const EngineOptions& options)
      : options_(with_defaults(options, checked(model))),
        forward_options_(forward_options(options_, model)),
        workers_(options_.threads),
        model_(pack_model(model, workers_)),
        cache_({.page_values = Forward::page_values(model.config, forward_options_),
                .pages_max = pages_in(options_, model),
                .share_prefixes = options_.share_prefixes}),
        forward_(model_, workers_, forward_options_),
        thread_([this](const std::stop_token& stop) { serve(stop); }) {}

  void submit(TokenRequest request, std::function<void(TokenResult)> done);
  const PackedModel& model() const { return model_; }
  const EngineOptions& options() const { return options_; }
  kernels::LatentPage::Form pages() const { return forward_options_.pages; }

 private:
  static int pages_in(const EngineOptions& options, const Model& model);
  std::string refusal(const TokenRequest& request) const;
  void limit_answer(TokenRequest& request) const;
  void serve(const std::stop_token& stop);
  bool wait_for_work(const std::stop_token& stop);
  void admit();
  bool start(Sequence& sequence);
  void step();
  std::vector<SequenceStep> plan();
  void take_logits(Sequence& sequence, int position, std::span<const float> logits) const;
  void advance(Sequence& sequence, const StepCost& cost, int tokens_in_step);
  void take_token(Sequence& sequence);
  void finish(Sequence& sequence, Finish finish);
  void take_arrived();
  void fail_all(const std::string& error);

  const EngineOptions options_;
  const ForwardOptions forward_options_;
  kernels::Workers workers_;
  const PackedModel model_;
  LatentCache cache_;
  Forward forward_;

  std::mutex mutex_;  // guards arrived_
  std::condition_variable_any arrival_;
  std::deque<std::unique_ptr<Sequence>> arrived_;

  // Only the loop's thread knows these.
  std::list<std::unique_ptr<Sequence>> waiting_;
  std::vector<std::unique_ptr<Sequence>> active_;
  std::vector<Sequence*> in_step_;
  std::jthread thread_;  // last: it uses all of the above
};

int Engine::Loop::pages_in(const EngineOptions& options, const Model& model) {
  const std::size_t page_bytes = page_bytes_of(options, model);
  const std::size_t pages = options.cache_bytes / page_bytes;
  if (pages < 2) {
    throw UserError(
        fmt::format("the cache of {} bytes is too small: one page of this model is {} bytes",
                    options.cache_bytes, page_bytes));
  }
  return static_cast<int>(std::min<std::size_t>(pages, 1U << 24));
}

// Why the request cannot be run; empty: it can.
std::string Engine::Loop::refusal(const TokenRequest& request) const {
  const Config& config = model_.config;
  const auto count = static_cast<std::int64_t>(request.tokens.size());
  if (count == 0) {
    return "the prompt has no tokens";
  }
  const auto outside = std::find_if(request.tokens.begin(), request.tokens.end(),
                                    [&](int id) { return id < 0 || id >= config.vocab_size; });
  if (outside != request.tokens.end()) {
    return fmt::format("token {} is outside the vocabulary of {}", *outside, config.vocab_size);
  }
  const std::int64_t context = config.max_position_embeddings;
  if (count > context || (!request.score_from && count == context)) {
    return fmt::format("the prompt has {} tokens, the context holds {}", count, context);
  }
  if (LatentCache::pages_for(count + 1) > cache_.pages_max()) {
    return fmt::format("the prompt has {} tokens, the cache holds {}", count,
                       std::int64_t{cache_.pages_max()} * page_positions - 1);
  }
  if (request.score_from && (*request.score_from < 1 || *request.score_from > count)) {
    return "nothing precedes the first token to be scored";
  }
  return {};
}

// The context and the cache bound an answer as max_tokens does.
void Engine::Loop::limit_answer(TokenRequest& request) const {
  const auto count = static_cast<std::int64_t>(request.tokens.size());
  const std::int64_t room = std::min<std::int64_t>(
      model_.config.max_position_embeddings, std::int64_t{cache_.pages_max()} * page_positions);
  request.max_tokens =
      static_cast<int>(std::clamp<std::int64_t>(request.max_tokens, 1, room - count));
}

void Engine::Loop::submit(TokenRequest request, std::function<void(TokenResult)> done) {
  if (const std::string why = refusal(request); !why.empty()) {
    done({.failure = Failure::refused_input, .error = why});
    return;
  }
  auto sequence = std::make_unique<Sequence>();
  if (request.score_from) {
    request.max_tokens = 0;
  } else {
    limit_answer(request);
  }
  sequence->tokens = request.tokens;
  sequence->prompt_size = request.tokens.size();
  sequence->request = std::move(request);
  sequence->done = std::move(done);
  sequence->submitted = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    arrived_.push_back(std::move(sequence));
  }
  arrival_.notify_one();
}

void Engine::Loop::serve(const std::stop_token& stop) {
  while (wait_for_work(stop)) {
    // A step that lacks memory ends the requests it was for, and not the program.
    try {
      admit();
      step();
    } catch (const std::bad_alloc&) {
      fail_all("there is not enough memory for this request and those beside it");
    } catch (const std::exception& error) {
      fail_all(error.what());
    }
  }
  take_arrived();
  fail_all("the engine was stopped");
}

bool Engine::Loop::wait_for_work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (active_.empty() && waiting_.empty()) {
    arrival_.wait(lock, stop, [&] { return !arrived_.empty(); });
  }
  for (; !arrived_.empty(); arrived_.pop_front()) {
    waiting_.push_back(std::move(arrived_.front()));
  }
  return !stop.stop_requested();
}

// In order of arrival, except that a request whose beginning is being computed by another is
// passed over until that is done.
void Engine::Loop::admit() {
  for (auto next = waiting_.begin();
       next != waiting_.end() && static_cast<int>(active_.size()) < options_.batch_max;) {
    if (start(**next)) {
      if ((*next)->done) {
        active_.push_back(std::move(*next));
      }
      next = waiting_.erase(next);
    } else {
      ++next;
    }
  }
}

// Gives the sequence its place in the cache; false: not yet.
bool Engine::Loop::start(Sequence& sequence) {
  const TokenRequest& request = sequence.request;
  // Logits are needed from the last cached position on, so that one position stays to be computed.
  const int first_needed =
      request.score_from ? *request.score_from - 1 : static_cast<int>(sequence.prompt_size) - 1;
  const Config& config = model_.config;
  sequence.result.cost.chosen.resize(static_cast<std::size_t>(config.num_hidden_layers) *
                                     static_cast<std::size_t>(config.n_routed_experts));
  if (request.score_from) {
    sequence.result.scores.resize(sequence.prompt_size -
                                  static_cast<std::size_t>(*request.score_from));
  }
  const auto lease = cache_.acquire(
      sequence.tokens, static_cast<std::int64_t>(sequence.prompt_size) + request.max_tokens,
      first_needed);
  if (!lease) {
    return false;
  }
  sequence.lease = *lease;
  sequence.computed = lease->cached;
  sequence.started = Clock::now();
  sequence.answered = sequence.started;
  sequence.result.cost.waited_s = seconds_between(sequence.submitted, sequence.started);
  sequence.result.cost.cached_tokens = lease->cached;
  if (request.score_from && sequence.result.scores.empty()) {
    finish(sequence, Finish::stop);
  }
  return true;
}

// Answers first, one token each; what is left of the step goes to prompts, in order of arrival.
std::vector<SequenceStep> Engine::Loop::plan() {
  std::vector<SequenceStep> steps;
  in_step_.clear();
  int room = options_.chunk_tokens;
  for (const bool prompts : {false, true}) {
    for (const auto& sequence : active_) {
      if (sequence->in_prompt() != prompts || (prompts && room <= 0)) {
        continue;
      }
      const int left = sequence->positions_to_compute() - sequence->computed;
      const int count = prompts ? std::min(left, room) : 1;
      room -= prompts ? count : 0;
      sequence->in_step = count;
      const int end = sequence->computed + count;
      const int logits_from = sequence->scores() ? *sequence->request.score_from - 1
                                                 : sequence->positions_to_compute() - 1;
      steps.push_back({.tokens = std::span(sequence->tokens)
                                     .subspan(static_cast<std::size_t>(sequence->computed),
                                              static_cast<std::size_t>(end - sequence->computed)),
                       .position = sequence->computed,
                       .pages = sequence->lease.pages,
                       .logits_from = std::max(0, logits_from - sequence->computed),
                       .chosen = sequence->result.cost.chosen});
      in_step_.push_back(sequence.get());
    }
  }
  return steps;
}

void Engine::Loop::step() {
  const std::vector<SequenceStep> steps = plan();
  if (steps.empty()) {
    return;
  }
  const StepCost cost =
      forward_.run(steps, [&](int index, int token, std::span<const float> logits) {
        Sequence& sequence = *in_step_[static_cast<std::size_t>(index)];
        take_logits(sequence, sequence.computed + token, logits);
      });
  int tokens = 0;
  for (const Sequence* sequence : in_step_) {
    tokens += sequence->in_step;
  }
  for (Sequence* sequence : in_step_) {
    advance(*sequence, cost, tokens);
  }
  std::erase_if(active_, [](const auto& sequence) { return sequence->done == nullptr; });
}

// On a worker's thread; different positions of a sequence write to different places.
void Engine::Loop::take_logits(Sequence& sequence, int position,
                               std::span<const float> logits) const {
  const TokenRequest& request = sequence.request;
  if (request.observe) {
    request.observe(position, logits);
  }
  if (request.score_from) {
    const auto target = static_cast<std::size_t>(position) + 1;
    sequence.result.scores[target - static_cast<std::size_t>(*request.score_from)] =
        score(sequence.tokens[target], logits, request.top_logprobs);
    return;
  }
  const std::size_t drawn = sequence.tokens.size() - sequence.prompt_size;
  sequence.next_token = draw(logits, request.sampling, uniform_at(request.seed, drawn));
  if (request.top_logprobs >= 0) {
    sequence.next_score = score(sequence.next_token, logits, request.top_logprobs);
  }
}

void Engine::Loop::advance(Sequence& sequence, const StepCost& cost, int tokens_in_step) {
  const double share = static_cast<double>(sequence.in_step) / tokens_in_step;
  sequence.result.cost.bytes += (cost.weight_bytes + cost.cache_bytes) * share;
  sequence.result.cost.flop += cost.flop * share;
  sequence.computed += sequence.in_step;
  cache_.completed(sequence.lease, sequence.computed);
  if (sequence.computed < sequence.positions_to_compute()) {
    return;
  }
  if (sequence.scores()) {
    sequence.answered = Clock::now();
    finish(sequence, Finish::stop);
  } else {
    take_token(sequence);
  }
}

void Engine::Loop::take_token(Sequence& sequence) {
  const TokenRequest& request = sequence.request;
  const int token = sequence.next_token;
  TokenResult& result = sequence.result;
  if (result.tokens.empty()) {
    sequence.answered = Clock::now();
  }
  result.tokens.push_back(token);
  sequence.tokens.push_back(token);
  if (request.top_logprobs >= 0) {
    result.scores.push_back(std::move(sequence.next_score));
  }
  const auto& ends = model_.config.eos_token_ids;
  const bool ended =
      request.stop_at_eos && std::find(ends.begin(), ends.end(), token) != ends.end();
  const bool goes_on = !request.keep_going || request.keep_going(token);
  if (ended || !goes_on) {
    finish(sequence, Finish::stop);
  } else if (static_cast<int>(result.tokens.size()) >= request.max_tokens) {
    finish(sequence, Finish::length);
  }
}

void Engine::Loop::finish(Sequence& sequence, Finish finish) {
  TokenResult& result = sequence.result;
  result.finish = finish;
  result.cost.prefill_s = seconds_between(sequence.started, sequence.answered);
  result.cost.decode_s = seconds_between(sequence.answered, Clock::now());
  cache_.release(sequence.lease);
  const auto done = std::move(sequence.done);
  sequence.done = nullptr;
  done(std::move(result));
}

void Engine::Loop::take_arrived() {
  const std::lock_guard lock(mutex_);
  for (; !arrived_.empty(); arrived_.pop_front()) {
    waiting_.push_back(std::move(arrived_.front()));
  }
}

// What is in work, and what waits for it.
void Engine::Loop::fail_all(const std::string& error) {
  const auto fail = [&](Sequence* sequence) {
    if (sequence != nullptr && sequence->done) {
      cache_.release(sequence->lease);
      const auto done = std::exchange(sequence->done, nullptr);
      done({.failure = Failure::failed, .error = error});
    }
  };
  for (const auto& sequence : active_) {
    fail(sequence.get());
  }
  active_.clear();
  for (const auto& sequence : waiting_) {
    fail(sequence.get());
  }
  waiting_.clear();
}

Engine::Engine(const Model& model, const EngineOptions& options)
    : loop_(std::make_unique<Loop>(model, options)) {}

Engine::~Engine() = default;

void Engine::submit(TokenRequest request, std::function<void(TokenResult)> done) {
  loop_->submit(std::move(request), std::move(done));
}

const Config& Engine::config() const {
  return loop_->model().config;
}
const EngineOptions& Engine::options() const {
  return loop_->options();
}
std::size_t Engine::weight_bytes() const {
  return loop_->model().bytes();
}
kernels::LatentPage::Form Engine::pages() const {
  return loop_->pages();
}

}  // namespace assay::engine
