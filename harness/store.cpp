#include "harness/store.h"

#include <chrono>

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <fmt/core.h>
#include <sqlite3.h>

#include "embedded/schema_sql.h"
#include "harness/clock.h"
#include "harness/codec.h"
#include "harness/digest.h"
#include "harness/error.h"
#include "harness/results_file.h"
#include "harness/rows.h"
#include "harness/run_lock.h"
#include "harness/utf8.h"

namespace assay {

namespace {

constexpr int busy_ms = 10'000;

std::string question_hash(const std::string& suite, const Question& question) {
  std::string all;
  for (const std::string& part :
       {suite, question.id, question.text, question.gold, to_json(question.tags)}) {
    all += std::to_string(part.size()) + ':' + part;
  }
  return sha256_hex(all);
}

std::size_t bytes_of(const SampleRecord& sample, const std::string& prompt) {
  return 512 + prompt.size() + sample.response.text.size() + sample.response.reasoning.size() +
         sample.response.details.size() + sample.response.logprobs.size() * 64;
}

void bind(SQLite::Statement& statement, int at, const std::optional<double>& value) {
  value ? statement.bind(at, *value) : statement.bind(at);
}

void bind(SQLite::Statement& statement, int at, const std::optional<int>& value) {
  value ? statement.bind(at, *value) : statement.bind(at);
}

// Opens the file and, where it is new, lays the schema.
SQLite::Database open_results_file(const std::string& path) {
  // The connection is used under one mutex, so it needs none of its own.
  SQLite::Database db(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX,
                      busy_ms);
  // A checkpoint waits for the disk twice: once in 32 MiB of log instead of SQLite's 4.
  db.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 8192; "
      "PRAGMA cache_size = -8192;");
  SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
  if (results_file_version(db, path) == 0) {
    db.exec(std::string(schema_sql));
    db.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};",
                        results_file_application, results_file_version_now));
  }
  transaction.commit();
  return db;
}

}  // namespace

struct Store::Connection {
  explicit Connection(const std::string& path) : db(open_results_file(path)) {}

  struct Statements {
    explicit Statements(SQLite::Database& db)
        : old_answer(db,
                     "SELECT answer_id FROM sample WHERE run_id = ? AND position = ? AND "
                     "sample_index = ?"),
          delete_answer(db, "DELETE FROM answer WHERE id = ?"),
          put_prompt(db, "INSERT OR IGNORE INTO prompt (hash, body_json) VALUES (?, ?)"),
          put_answer(db, fmt::format("INSERT INTO answer ({}) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                                     answer_columns)),
          put_sample(db, fmt::format("INSERT OR REPLACE INTO sample ({}, answer_id) VALUES "
                                     "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                                     sample_columns)) {}
    SQLite::Statement old_answer;
    SQLite::Statement delete_answer;
    SQLite::Statement put_prompt;
    SQLite::Statement put_answer;
    SQLite::Statement put_sample;
  };

  void write(const Waiting& row);
  void delete_old_answer(const SampleKey& key);

  SQLite::Database db;
  Statements statements{db};
  std::string
      prompt_written;        // the hash of the last one: k samples of a question follow each other
  std::int64_t new_run = 0;  // opened by this process: it holds no earlier tries
  RunLock lock;
};

namespace {

void write_prompt(SQLite::Statement& statement, const std::string& hash, const std::string& body) {
  statement.reset();
  statement.bindNoCopy(1, hash);
  statement.bindNoCopy(2, body);
  statement.exec();
}

void write_answer(SQLite::Statement& statement, const SampleRecord& sample,
                  const std::string& readings_json, const std::string& logprobs_json) {
  const Response& response = sample.response;
  statement.reset();
  statement.bindNoCopy(1, response.text);
  statement.bindNoCopy(2, response.reasoning);
  statement.bindNoCopy(3, response.error);
  statement.bindNoCopy(4, response.served_model);
  statement.bindNoCopy(5, sample.verdict.extracted);
  statement.bindNoCopy(6, sample.verdict.vote);
  statement.bindNoCopy(7, sample.verdict.reason);
  statement.bindNoCopy(8, readings_json);
  statement.bindNoCopy(9, logprobs_json);
  statement.bindNoCopy(10, response.details);
  statement.bindNoCopy(11, sample.verdict.details);
  statement.exec();
}

void write_sample(SQLite::Statement& statement, const SampleRecord& sample,
                  std::int64_t answer_id) {
  const Response& response = sample.response;
  statement.reset();
  statement.bind(1, sample.key.run_id);
  statement.bind(2, sample.key.position);
  statement.bind(3, sample.key.sample_index);
  statement.bind(4, sample.question_id);
  statement.bindNoCopy(5, sample.prompt_hash);
  statement.bindNoCopy(6, sample.cache_key.data(), static_cast<int>(sample.cache_key.size()));
  statement.bind(7, sample.from_cache ? 1 : 0);
  statement.bind(8, std::string(to_text(response.finish)));
  statement.bind(9, std::string(to_text(response.failure)));
  statement.bind(10, response.http_status);
  bind(statement, 11, sample.verdict.value);
  statement.bindNoCopy(12, sample.verdict.label);
  bind(statement, 13, response.usage.prompt_tokens);
  bind(statement, 14, response.usage.completion_tokens);
  bind(statement, 15, response.usage.reasoning_tokens);
  bind(statement, 16, response.usage.cached_tokens);
  bind(statement, 17, sample.cost_usd);
  statement.bind(18, response.timings.latency_s);
  statement.bind(19, response.timings.waited_s);
  bind(statement, 20, response.timings.ttft_s);
  bind(statement, 21, response.timings.first_answer_s);
  statement.bind(22, response.timings.attempts);
  statement.bind(23, sample.answered_at);
  statement.bind(24, answer_id);
  statement.exec();
}

}  // namespace

// Of an earlier try that failed.
void Store::Connection::delete_old_answer(const SampleKey& key) {
  SQLite::Statement& old = statements.old_answer;
  old.reset();
  SQLite::bind(old, key.run_id, key.position, key.sample_index);
  if (old.executeStep()) {
    statements.delete_answer.reset();
    statements.delete_answer.bind(1, old.getColumn(0).getInt64());
    statements.delete_answer.exec();
  }
  old.reset();
}

void Store::Connection::write(const Waiting& row) {
  const SampleRecord& sample = row.sample;
  if (sample.key.run_id != new_run) {
    delete_old_answer(sample.key);
  }
  if (sample.prompt_hash != prompt_written) {
    write_prompt(statements.put_prompt, sample.prompt_hash, row.prompt_body_json);
    prompt_written = sample.prompt_hash;
  }
  write_answer(statements.put_answer, sample, row.readings_json, row.logprobs_json);
  write_sample(statements.put_sample, sample, db.getLastInsertRowid());
}

Store::Store(const std::string& path) : path_(path) {
  try {
    connection_ = std::make_unique<Connection>(path);
  } catch (const SQLite::Exception& error) {
    throw UserError(fmt::format("{}: {}", path, error.what()));
  }
  writer_ = std::thread([this] { write_batches(); });
}

Store::~Store() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_writer_.notify_all();
  writer_.join();
}

std::int64_t Store::put_machine(const std::string& description_json) {
  const std::lock_guard lock(connection_mutex_);
  const std::string hash = sha256_hex(description_json);
  SQLite::Statement insert(
      connection_->db,
      "INSERT INTO machine (hash, description_json) VALUES (?, ?) ON CONFLICT DO NOTHING");
  insert.bind(1, hash);
  insert.bind(2, description_json);
  insert.exec();
  SQLite::Statement select(connection_->db, "SELECT id FROM machine WHERE hash = ?");
  select.bind(1, hash);
  select.executeStep();
  return select.getColumn(0).getInt64();
}

RunRecord Store::open_run(const RunRecord& wanted, bool fresh) {
  const std::lock_guard lock(connection_mutex_);
  SQLite::Database& db = connection_->db;
  connection_->lock = RunLock();  // of the run before
  if (!fresh) {
    SQLite::Statement select(
        db, fmt::format("SELECT {} FROM run WHERE identity = ? AND coalesce(name, '') = ? AND "
                        "finished_at IS NULL ORDER BY id DESC LIMIT 1",
                        run_columns));
    select.bind(1, wanted.identity);
    select.bind(2, wanted.name);
    if (select.executeStep()) {
      RunRecord run = read_run(select);
      if (path_ != ":memory:") {
        connection_->lock = RunLock(path_, run.id);
      }
      return run;
    }
  }
  SQLite::Statement insert(
      db,
      "INSERT INTO run (identity, name, suite, suite_version, prompt_template, convention, model, "
      "backend_json, sampling_json, samples, questions, questions_hash, machine_id, program, "
      "command, started_at) VALUES (?, nullif(?, ''), ?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  SQLite::bind(insert, wanted.identity, wanted.name, wanted.suite, wanted.suite_version,
               wanted.prompt_template, wanted.convention, wanted.model, wanted.backend_json,
               wanted.sampling_json, wanted.samples, wanted.questions, wanted.questions_hash,
               wanted.machine_id, wanted.program, wanted.command, wanted.started_at);
  insert.exec();
  RunRecord run = wanted;
  run.id = db.getLastInsertRowid();
  connection_->new_run = run.id;
  if (path_ != ":memory:") {
    connection_->lock = RunLock(path_, run.id);
  }
  return run;
}

std::vector<std::int64_t> Store::put_questions(const std::string& suite,
                                               const std::vector<Question>& questions) {
  const std::lock_guard lock(connection_mutex_);
  SQLite::Database& db = connection_->db;
  SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
  SQLite::Statement select(db, "SELECT id FROM question WHERE hash = ?");
  SQLite::Statement insert(
      db, "INSERT INTO question (hash, suite, key, text, gold, tags_json) VALUES (?,?,?,?,?,?)");
  std::vector<std::int64_t> ids;
  ids.reserve(questions.size());
  for (const Question& question : questions) {
    const std::string hash = question_hash(suite, question);
    select.reset();
    select.bind(1, hash);
    if (select.executeStep()) {
      ids.push_back(select.getColumn(0).getInt64());
      continue;
    }
    insert.reset();
    SQLite::bind(insert, hash, suite, question.id, clean_utf8(question.text), question.gold,
                 to_json(question.tags));
    insert.exec();
    ids.push_back(db.getLastInsertRowid());
  }
  select.reset();
  transaction.commit();
  return ids;
}

std::vector<Store::AnsweredSample> Store::answered(std::int64_t run_id) {
  const std::lock_guard lock(connection_mutex_);
  SQLite::Statement select(
      connection_->db,
      "SELECT position, sample_index, value FROM sample WHERE run_id = ? AND finish != 'failed' "
      "ORDER BY position, sample_index");
  select.bind(1, run_id);
  std::vector<AnsweredSample> done;
  while (select.executeStep()) {
    const SQLite::Column value = select.getColumn(2);
    done.push_back({.position = select.getColumn(0).getInt(),
                    .sample_index = select.getColumn(1).getInt(),
                    .value = value.isNull() ? std::nullopt : std::optional(value.getDouble())});
  }
  return done;
}

std::optional<Response> Store::cached(const CacheKey& key) {
  const std::lock_guard lock(connection_mutex_);
  SQLite::Statement select(
      connection_->db,
      fmt::format("SELECT {}, {} FROM sample JOIN answer ON answer.id = answer_id WHERE cache_key "
                  "= ? AND finish != 'failed' ORDER BY answered_at DESC LIMIT 1",
                  sample_columns, answer_columns));
  select.bindNoCopy(1, key.data(), static_cast<int>(key.size()));
  if (!select.executeStep()) {
    return std::nullopt;
  }
  SampleRecord sample = read_sample(select);
  read_answer(select, sample);
  return std::move(sample.response);
}

void Store::put(SampleRecord sample, std::string prompt_body_json) {
  const std::size_t bytes = bytes_of(sample, prompt_body_json);
  Waiting row{
      .sample = std::move(sample), .prompt_body_json = std::move(prompt_body_json), .bytes = bytes};
  // Here and not in the writer's thread, which is the one that cannot be multiplied.
  row.readings_json = to_json(row.sample.verdict.readings);
  row.logprobs_json = to_json(row.sample.response.logprobs);
  std::unique_lock lock(mutex_);
  room_or_written_.wait(lock, [&] {
    const bool room = waiting_.size() < waiting_rows_max && waiting_bytes_ < waiting_bytes_max;
    return room || !failure_.empty();
  });
  check_failure();
  waiting_.push_back(std::move(row));
  waiting_bytes_ += bytes;
  ++put_count_;
  if (waiting_.size() == 1 || waiting_.size() == batch_rows_max) {
    wake_writer_.notify_one();
  }
}

void Store::put_measurement(const MeasurementRecord& measurement) {
  const std::lock_guard lock(connection_mutex_);
  SQLite::Statement insert(
      connection_->db,
      "INSERT INTO measurement (machine_id, name, case_json, unit, value, interval_low, "
      "interval_high, repetitions, ceiling, ceiling_source, skipped, program, measured_at) VALUES "
      "(?,?,?,?,?,?,?,?,?,?,?,?,?)");
  SQLite::bind(insert, measurement.machine_id, measurement.name, measurement.case_json,
               measurement.unit);
  bind(insert, 5, measurement.value);
  bind(insert, 6, measurement.interval_low);
  bind(insert, 7, measurement.interval_high);
  insert.bind(8, measurement.repetitions);
  bind(insert, 9, measurement.ceiling);
  insert.bind(10, measurement.ceiling_source);
  insert.bind(11, measurement.skipped);
  insert.bind(12, measurement.program);
  insert.bind(13, measurement.measured_at);
  insert.exec();
}

void Store::flush() {
  std::unique_lock lock(mutex_);
  flushing_ = true;
  wake_writer_.notify_one();
  room_or_written_.wait(lock, [&] { return written_count_ == put_count_ || !failure_.empty(); });
  flushing_ = false;
  check_failure();
}

void Store::finish_run(std::int64_t run_id, double active_s) {
  flush();
  const std::lock_guard lock(connection_mutex_);
  SQLite::Statement update(connection_->db,
                           "UPDATE run SET active_s = active_s + ?, finished_at = CASE WHEN "
                           "(SELECT count(*) FROM sample "
                           "WHERE run_id = run.id AND finish != 'failed') = questions * samples "
                           "THEN ? END WHERE id = ?");
  update.bind(1, active_s);
  update.bind(2, seconds_since_1970());
  update.bind(3, run_id);
  update.exec();
  connection_->lock = RunLock();
}

void Store::check_failure() const {
  if (!failure_.empty()) {
    throw StoreError(failure_);
  }
}

// The writer's thread. A batch is closed by count, by the age of its oldest row, or by a flush.
void Store::write_batches() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_writer_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty() && stopping_) {
      return;
    }
    wake_writer_.wait_for(lock, std::chrono::duration<double>(batch_s_max), [&] {
      return stopping_ || flushing_ || waiting_.size() >= batch_rows_max;
    });
    std::deque<Waiting> batch;
    batch.swap(waiting_);
    waiting_bytes_ = 0;
    const std::size_t rows = batch.size();
    std::string failure = failure_;
    lock.unlock();
    room_or_written_.notify_all();
    if (!failure.empty()) {
      batch.clear();  // put and flush say so
    }
    try {
      const std::lock_guard connection_lock(connection_mutex_);
      SQLite::Transaction transaction(connection_->db, SQLite::TransactionBehavior::IMMEDIATE);
      for (const Waiting& row : batch) {
        connection_->write(row);
      }
      transaction.commit();
    } catch (const SQLite::Exception& error) {
      failure = fmt::format("{}: {}; nothing that came after was written", path_, error.what());
    }
    lock.lock();
    written_count_ += rows;
    failure_ = failure;
    room_or_written_.notify_all();
  }
}

}  // namespace assay
