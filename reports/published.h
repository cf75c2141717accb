// Published figures of a benchmark, to stand beside a measured score: with protocol and source,
// conflicts shown as such.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

struct PublishedFigure {
  std::string value;  // as printed by the source, without the unit
  std::string unit;
  std::string protocol;  // empty: not stated
  std::string source;
  std::string note;
};

// All figures for one model and metric. They conflict when their values differ.
struct PublishedModel {
  std::string model;
  std::string metric;
  bool conflicting = false;
  std::vector<PublishedFigure> figures;
};

// A file of figures has the header model,benchmark,metric,value,unit,protocol,source,note.
class PublishedFigures {
 public:
  PublishedFigures() = default;
  // Throws UserError that names file and line.
  explicit PublishedFigures(const std::filesystem::path& file);

  // Those of the benchmark that `suite` runs, in the file's order. A suite runs the benchmark of
  // its last name, compared by letters and digits alone and by the last two digits of a year:
  // "math/aime24" runs "AIME 2024", "math/math500" runs "MATH-500".
  std::vector<PublishedModel> of_suite(std::string_view suite) const;

  // `assay list baselines`: a line per figure, in the file's order.
  void list(std::ostream& out) const;

 private:
  struct Row {
    std::string model;
    std::string benchmark;
    std::string metric;
    PublishedFigure figure;
  };
  std::vector<Row> rows_;
};

}  // namespace assay
