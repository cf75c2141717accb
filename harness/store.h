// The results file, for writing. Concrete: ":memory:" is its own fake.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "harness/records.h"

namespace assay {

// The file could not be written (disk full, taken away, corrupt). One line that names the file.
class StoreError : public std::runtime_error {
 public:
  explicit StoreError(const std::string& what) : std::runtime_error(what) {}
};

// Order of calls: (put_machine open_run put_questions (answered | cached | put | flush)*
// finish_run)*, and put_measurement at any time. Thread rule: `put` from any thread; everything
// else from one thread at a time. What was put more than `batch_s_max` ago is in the file, whatever
// happens to the process: a batch is one transaction, closed by count or by age. The file is in WAL
// mode, so readers never wait.
class Store {
 public:
  static constexpr std::size_t batch_rows_max = 512;
  static constexpr double batch_s_max = 0.1;
  static constexpr std::size_t waiting_rows_max = 4096;
  static constexpr std::size_t waiting_bytes_max = std::size_t{16} << 20U;

  // Creates the file where there is none, brings an older one up to date. Throws UserError where it
  // cannot be opened, is something else, or was written by a newer program.
  explicit Store(const std::string& path);
  ~Store();  // writes what is waiting
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  std::int64_t put_machine(const std::string& description_json);

  // The newest unfinished run of `wanted`'s identity and name, or, where there is none or `fresh`
  // is set, a new one. Throws UserError where another process is at work on that run.
  RunRecord open_run(const RunRecord& wanted, bool fresh);

  // Returns their row ids in the same order.
  std::vector<std::int64_t> put_questions(const std::string& suite,
                                          const std::vector<Question>& questions);

  struct AnsweredSample {
    int position = 0;
    int sample_index = 0;
    std::optional<double> value;  // of its verdict
  };

  // Every sample of the run that has been answered, in order of (position, sample_index). Failed
  // ones are not among them, so that the same command tries them again.
  std::vector<AnsweredSample> answered(std::int64_t run_id);

  // The newest answer under that key: text, reasoning, finish, usage, timings. Empty where there is
  // none.
  std::optional<Response> cached(const CacheKey& key);

  // Takes a judged sample, once for each key; replaces one that failed before this process opened
  // the run. Blocks while too much is waiting. Throws
  // StoreError once a write has failed.
  void put(SampleRecord sample, std::string prompt_body_json);

  void put_measurement(const MeasurementRecord& measurement);

  void flush();  // returns when all that was put is in the file; throws StoreError

  // Adds to the run's active time; marks it finished when every sample has been answered.
  void finish_run(std::int64_t run_id, double active_s);

 private:
  struct Connection;
  struct Waiting {
    SampleRecord sample;
    std::string prompt_body_json;
    std::string readings_json;
    std::string logprobs_json;
    std::size_t bytes = 0;
  };

  void write_batches();
  void check_failure() const;  // REQUIRES: mutex_ held

  std::string path_;
  std::unique_ptr<Connection> connection_;  // used under connection_mutex_
  std::mutex connection_mutex_;

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable wake_writer_;
  std::condition_variable room_or_written_;
  std::deque<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::uint64_t put_count_ = 0;
  std::uint64_t written_count_ = 0;
  bool flushing_ = false;
  bool stopping_ = false;
  std::string failure_;  // the first write error; nothing is written after it
  std::thread writer_;
};

}  // namespace assay
