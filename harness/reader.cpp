#include "harness/reader.h"

#include <charconv>
#include <filesystem>

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <fmt/core.h>
#include <sqlite3.h>

#include "harness/codec.h"
#include "harness/error.h"
#include "harness/results_file.h"
#include "harness/rows.h"

namespace assay {

namespace {

constexpr int busy_ms = 10'000;

QuestionRecord read_question(SQLite::Statement& row, int first) {
  return {.id = row.getColumn(first).getInt64(),
          .suite = row.getColumn(first + 1).getString(),
          .key = row.getColumn(first + 2).getString(),
          .text = row.getColumn(first + 3).getString(),
          .gold = row.getColumn(first + 4).getString(),
          .tags = parse_tags(row.getColumn(first + 5).getString())};
}

// A statement without SQLiteCpp's shared pointer per column: for the loops over a million rows.
class Rows {
 public:
  Rows(const SQLite::Database& db, const std::string& sql, std::int64_t bound) {
    if (sqlite3_prepare_v2(db.getHandle(), sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK ||
        sqlite3_bind_int64(statement_, 1, bound) != SQLITE_OK) {
      sqlite3_finalize(statement_);
      throw SQLite::Exception(db.getHandle());
    }
  }
  ~Rows() { sqlite3_finalize(statement_); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  bool step() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
      throw SQLite::Exception(sqlite3_db_handle(statement_), code);
    }
    return code == SQLITE_ROW;
  }

  int integer(int column) { return sqlite3_column_int(statement_, column); }
  double real(int column) { return sqlite3_column_double(statement_, column); }
  std::optional<int> maybe_integer(int column) {
    const bool null = sqlite3_column_type(statement_, column) == SQLITE_NULL;
    return null ? std::nullopt : std::optional(integer(column));
  }
  std::optional<double> maybe_real(int column) {
    const bool null = sqlite3_column_type(statement_, column) == SQLITE_NULL;
    return null ? std::nullopt : std::optional(real(column));
  }
  std::string_view text(int column) {
    const unsigned char* text = sqlite3_column_text(statement_, column);
    const auto bytes = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return text == nullptr ? std::string_view()
                           : std::string_view(reinterpret_cast<const char*>(text), bytes);
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace

struct Reader::Connection {
  // One reader, one thread: SQLite's own mutexes would be a cost per column.
  explicit Connection(const std::string& path)
      : db(path, SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX, busy_ms) {}
  SQLite::Database db;
};

Reader::Reader(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    throw UserError(fmt::format("{}: there is no such results file (see --db)", path));
  }
  try {
    connection_ = std::make_unique<Connection>(path);
    if (results_file_version(connection_->db, path) == 0) {
      throw UserError(fmt::format("{}: is empty, no run was stored in it", path));
    }
  } catch (const SQLite::Exception& error) {
    throw UserError(fmt::format("{}: {}", path, error.what()));
  }
}

Reader::~Reader() = default;

std::vector<RunRecord> Reader::runs() const {
  SQLite::Statement select(connection_->db,
                           fmt::format("SELECT {} FROM run ORDER BY id", run_columns));
  std::vector<RunRecord> runs;
  while (select.executeStep()) {
    runs.push_back(read_run(select));
  }
  return runs;
}

RunRecord Reader::run(const std::string& text) const {
  std::string where = "name = ?1";
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) {
    where = "id = ?1";
  } else if (text == "last") {
    where = "?1 = 'last'";
  }
  SQLite::Statement select(
      connection_->db,
      fmt::format("SELECT {} FROM run WHERE {} ORDER BY id DESC LIMIT 1", run_columns, where));
  if (where == "id = ?1") {
    select.bind(1, number);
  } else {
    select.bind(1, text);
  }
  if (!select.executeStep()) {
    throw UserError(
        fmt::format("no run is called '{}'; `assay list runs` shows what there is", text));
  }
  return read_run(select);
}

MachineRecord Reader::machine(std::int64_t id) const {
  SQLite::Statement select(connection_->db, "SELECT description_json FROM machine WHERE id = ?");
  select.bind(1, id);
  return {.id = id,
          .description_json = select.executeStep() ? select.getColumn(0).getString() : "{}"};
}

QuestionRecord Reader::question(std::int64_t id) const {
  SQLite::Statement select(
      connection_->db, "SELECT id, suite, key, text, gold, tags_json FROM question WHERE id = ?");
  select.bind(1, id);
  return select.executeStep() ? read_question(select, 0) : QuestionRecord{};
}

std::string Reader::prompt_json(const std::string& hash) const {
  SQLite::Statement select(connection_->db, "SELECT body_json FROM prompt WHERE hash = ?");
  select.bind(1, hash);
  return select.executeStep() ? select.getColumn(0).getString() : "";
}

void Reader::for_each_sample(std::int64_t run_id,
                             const std::function<void(const SampleRecord&)>& visit) const {
  SQLite::Statement select(
      connection_->db,
      fmt::format("SELECT {} FROM sample WHERE run_id = ? ORDER BY position, sample_index",
                  sample_columns));
  select.bind(1, run_id);
  while (select.executeStep()) {
    visit(read_sample(select));
  }
}

void Reader::for_each_answer(std::int64_t run_id,
                             const std::function<void(const SampleRecord&)>& visit) const {
  SQLite::Statement select(
      connection_->db,
      fmt::format("SELECT {}, {} FROM sample JOIN answer ON answer.id = answer_id WHERE run_id = ? "
                  "ORDER BY position, sample_index",
                  sample_columns, answer_columns));
  select.bind(1, run_id);
  while (select.executeStep()) {
    SampleRecord sample = read_sample(select);
    read_answer(select, sample);
    visit(sample);
  }
}

void Reader::for_each_figures(std::int64_t run_id, bool judgements,
                              const std::function<void(const SampleFigures&)>& visit) const {
  Rows row(connection_->db,
           fmt::format("SELECT position, sample_index, from_cache, finish, failure, value, label, "
                       "prompt_tokens, completion_tokens, reasoning_tokens, cached_tokens, "
                       "cost_usd, latency_s, waited_s, ttft_s, first_answer_s, attempts{} WHERE "
                       "run_id = ? ORDER BY position, sample_index",
                       judgements ? ", vote, readings_json FROM sample JOIN answer ON answer.id = "
                                    "answer_id"
                                  : " FROM sample"),
           run_id);
  while (row.step()) {
    SampleFigures figures{.position = row.integer(0), .sample_index = row.integer(1)};
    figures.from_cache = row.integer(2) != 0;
    figures.finish = parse_finish(row.text(3));
    figures.failure = parse_failure(row.text(4));
    figures.value = row.maybe_real(5);
    figures.label = row.text(6);
    figures.usage = {.prompt_tokens = row.maybe_integer(7),
                     .completion_tokens = row.maybe_integer(8),
                     .reasoning_tokens = row.maybe_integer(9),
                     .cached_tokens = row.maybe_integer(10)};
    figures.cost_usd = row.maybe_real(11);
    figures.timings = {.latency_s = row.real(12),
                       .waited_s = row.real(13),
                       .ttft_s = row.maybe_real(14),
                       .first_answer_s = row.maybe_real(15),
                       .attempts = row.integer(16)};
    if (judgements) {
      figures.vote = row.text(17);
      figures.readings_json = row.text(18);
    }
    visit(figures);
  }
}

std::optional<SampleRecord> Reader::sample(const SampleKey& key) const {
  SQLite::Statement select(
      connection_->db,
      fmt::format("SELECT {}, {} FROM sample JOIN answer ON answer.id = answer_id WHERE run_id = ? "
                  "AND position = ? AND sample_index = ?",
                  sample_columns, answer_columns));
  SQLite::bind(select, key.run_id, key.position, key.sample_index);
  if (!select.executeStep()) {
    return std::nullopt;
  }
  SampleRecord sample = read_sample(select);
  read_answer(select, sample);
  return sample;
}

void Reader::for_each_question(std::int64_t run_id,
                               const std::function<void(int, const QuestionRecord&)>& visit) const {
  SQLite::Statement select(
      connection_->db,
      "SELECT position, question.id, suite, key, text, gold, tags_json FROM (SELECT position, "
      "min(question_id) AS question_id FROM sample WHERE run_id = ? GROUP BY position) JOIN "
      "question "
      "ON question.id = question_id ORDER BY position");
  select.bind(1, run_id);
  while (select.executeStep()) {
    visit(select.getColumn(0).getInt(), read_question(select, 1));
  }
}

void Reader::for_each_tags(std::int64_t run_id,
                           const std::function<void(int, std::string_view)>& visit) const {
  Rows row(connection_->db,
           "SELECT position, tags_json FROM sample JOIN question ON question.id = question_id "
           "WHERE run_id = ? ORDER BY position",
           run_id);
  int last = -1;
  while (row.step()) {
    if (const int position = row.integer(0); position != last) {
      last = position;
      visit(position, row.text(1));
    }
  }
}

std::vector<MeasurementRecord> Reader::measurements() const {
  SQLite::Statement select(
      connection_->db, fmt::format("SELECT {} FROM measurement ORDER BY id", measurement_columns));
  std::vector<MeasurementRecord> measurements;
  while (select.executeStep()) {
    measurements.push_back(read_measurement(select));
  }
  return measurements;
}

}  // namespace assay
