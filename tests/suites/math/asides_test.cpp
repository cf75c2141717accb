#include "suites/math/asides.h"

#include <string>

#include "tests/catch.h"

using namespace assay::math;

namespace {

// The sentence with a blank for every aside.
std::string without_asides(std::string_view sentence) {
  std::string rest;
  size_t at = 0;
  for (const Aside& aside : asides(sentence, math_spans(sentence).spans)) {
    rest += sentence.substr(at, aside.begin - at);
    at = aside.end;
  }
  return rest + std::string(sentence.substr(at));
}

}  // namespace

TEST_CASE("a condition behind the answer is beside it") {
  CHECK(without_asides("The maximum is $12$, attained at $x=2$").find("x=2") == std::string::npos);
  CHECK(without_asides("Hence $f(x)=2x+1$ for all $x$").ends_with("$f(x)=2x+1$ "));
  CHECK(without_asides("$y=Ce^{2x}$, where $C$ is constant").find("$C$") == std::string::npos);
}

TEST_CASE("what is denied or compared is beside the answer") {
  CHECK(without_asides("It is 12, not 5").find('5') == std::string::npos);
  CHECK(without_asides("We choose 12 rather than 5").find('5') == std::string::npos);
}

TEST_CASE("what the words behind it refuse is beside the answer, from where its clause begins") {
  CHECK(without_asides("So $x=5$, but $x=-3$ is extraneous").find("-3") == std::string::npos);
  CHECK(without_asides("So $x=5$, but $x=-3$ is extraneous").find("x=5") != std::string::npos);
  CHECK(without_asides("We get $12$, which is impossible").find("12") == std::string::npos);
  CHECK(without_asides("$-3$ does not satisfy it, so $x=5$").find("x=5") != std::string::npos);
  CHECK(without_asides("It cannot be $7$").find('7') == std::string::npos);
}

TEST_CASE("numbers of steps and theorems are names") {
  CHECK(is_reference("by Lemma 5", 9));
  CHECK(is_reference("Step 3", 5));
  CHECK_FALSE(is_reference("she has 5", 8));
}

TEST_CASE("a question and an assumption conclude nothing") {
  CHECK(concludes_nothing("So is it 5?"));
  CHECK(concludes_nothing("Suppose the answer is 5"));
  CHECK_FALSE(concludes_nothing("So it is 5"));
}
