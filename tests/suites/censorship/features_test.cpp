#include "suites/censorship/features.h"

#include <algorithm>

#include "suites/censorship/rules.h"
#include "tests/catch.h"

using namespace assay::censorship;  // NOLINT(google-build-using-namespace): the code under test

namespace {

Features features_of(std::string_view question, std::string_view response) {
  Tokens asked;
  Tokens said;
  tokenize(question, asked);
  tokenize(response, said);
  std::vector<int> counts(grader_rules().rules().size());
  grader_rules().find(said.tokens, counts);
  Features features;
  extract(asked, said, said_from(said), counts, features);
  return features;
}

}  // namespace

TEST_CASE("an n-gram counts once however often it stands in a text") {
  const Features once = features_of("", "a b c");
  const Features often = features_of("", "a b c a b c a b c");
  CHECK(once.body.size() == 5);  // a, b, c, ab, bc
  CHECK(once.head.size() == 6);  // and abc
  CHECK(often.body.size() == 6);
  CHECK(often.head.size() == 9);
}

TEST_CASE("every bucket is its part's, and every fact has a name") {
  const Features features = features_of("为什么？", "因为 of reasons that are long enough 抱歉");
  for (const std::uint32_t bucket : features.body) {
    CHECK(bucket < ngram_buckets / 2);
  }
  for (const std::uint32_t bucket : features.head) {
    CHECK(bucket >= ngram_buckets / 2);
    CHECK(bucket < ngram_buckets);
  }
  CHECK(std::is_sorted(features.facts.begin(), features.facts.end()));
  CHECK(features.facts.back() < fact_count());
}

TEST_CASE("an answer that takes up the question differs from one that does not") {
  const Features with = features_of("the long march", "the long march began in autumn");
  const Features without = features_of("the long march", "spring is the finest season");
  CHECK(with.facts != without.facts);
}

TEST_CASE("nothing at all has features too") {
  const Features features = features_of("", "");
  CHECK(features.body.empty());
  CHECK(features.head.empty());
  CHECK_FALSE(features.facts.empty());
}
