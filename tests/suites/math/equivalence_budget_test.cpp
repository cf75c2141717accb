// What a judgement may cost runs out at some point of any comparison. Wherever that is, nothing is
// harmed, and nothing is said that the whole comparison takes back.
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "suites/math/equivalence_compare.h"
#include "suites/math/expression/clean.h"
#include "suites/math/expression/read.h"
#include "suites/math/expression/unwrap.h"
#include "tests/catch.h"

using namespace assay::math;

namespace {

Node read(const std::string& text, const Policy& policy) {
  return normalize(read_answer(clean(unwrap(text, false)), {}).node, policy);
}

}  // namespace

TEST_CASE("a comparison that runs out of budget says nothing that it would take back") {
  std::ifstream file(ASSAY_SOURCE_DIR "/tests/suites/math/equivalence_cases.tsv");
  REQUIRE(file);
  std::map<Same, int> verdicts;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> fields;
    std::stringstream stream(line);
    for (std::string field; std::getline(stream, field, '\t');) fields.push_back(field);
    const Policy& row = policy(fields.at(0));
    if (row.method != Method::value) continue;
    INFO(line);
    const Node gold = read(fields.at(3), row);
    const Node answer = read(fields.at(4), row);
    Budget whole;
    const std::int64_t begin_ns = whole.left_ns;
    const Same verdict = Comparer(row, whole).compare(gold, answer).same;
    ++verdicts[verdict];
    const std::int64_t cost_ns = begin_ns - whole.left_ns;
    constexpr int cuts = 24;
    for (int i = 0; i < cuts; ++i) {
      Budget part{.left_ns = cost_ns * i / cuts};
      const Comparison early = Comparer(row, part).compare(gold, answer);
      INFO(part.left_ns << " left of " << cost_ns * i / cuts << ": " << early.how);
      CHECK((early.same == Same::unknown || verdict == Same::unknown || early.same == verdict));
    }
  }
  CHECK(verdicts[Same::yes] > 500);
  CHECK(verdicts[Same::no] > 300);
}
