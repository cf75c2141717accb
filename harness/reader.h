// Reads a results file: what reports, `assay list`, `assay show` and `replay:` stand on. Never
// writes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/records.h"

namespace assay {

// Thread rule: one reader, one thread. May be open while a run writes to the same file; every call
// sees a consistent state, two calls may see two states unless a Snapshot is held.
class Reader {
 public:
  // Throws UserError where the file is missing, is no results file, or was written by a newer
  // program.
  explicit Reader(const std::string& path);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  std::vector<RunRecord> runs() const;  // oldest first

  // `text` is a run's number, a name given with --name (the newest of that name), or "last". Throws
  // UserError.
  RunRecord run(const std::string& text) const;

  MachineRecord machine(std::int64_t id) const;
  QuestionRecord question(std::int64_t id) const;
  std::string prompt_json(const std::string& hash) const;

  // The figures of a run's samples in order of (position, sample_index), one at a time: texts are
  // empty, and the record is only valid during the call. Of Response and Verdict the columns of
  // table `sample` are filled in.
  void for_each_sample(std::int64_t run_id,
                       const std::function<void(const SampleRecord&)>& visit) const;

  // As above, for a figure that needs them, with the columns of table `answer` as well: slower,
  // reads all texts.
  void for_each_answer(std::int64_t run_id,
                       const std::function<void(const SampleRecord&)>& visit) const;

  // What a report over a million samples reads: as for_each_sample, a tenth of its time. Votes and
  // readings, which lie beside the texts, are empty unless `judgements` is set.
  void for_each_figures(std::int64_t run_id, bool judgements,
                        const std::function<void(const SampleFigures&)>& visit) const;

  // One sample with all its texts; empty where there is none.
  std::optional<SampleRecord> sample(const SampleKey& key) const;

  // The questions of a run in order of position.
  void for_each_question(
      std::int64_t run_id,
      const std::function<void(int position, const QuestionRecord&)>& visit) const;

  // Only the tags of a run's questions, as the JSON text in which they are stored: the same tags
  // are the same text.
  void for_each_tags(
      std::int64_t run_id,
      const std::function<void(int position, std::string_view tags_json)>& visit) const;

  std::vector<MeasurementRecord> measurements() const;  // oldest first

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace assay
