#include "suites/math/answer_markers.h"

#include <string>

#include "tests/catch.h"

using namespace assay::math;

namespace {

// What the last announcement of the text announces; "-" where there is none.
std::string last_rest(const std::string& text) {
  const auto markers = answer_markers(text);
  return markers.empty() ? "-" : text.substr(markers.back().rest);
}

}  // namespace

TEST_CASE("announcements of an answer are found in many forms") {
  for (const char* text : {"The answer is 5",
                           "the answer is: 5",
                           "Answer: 5",
                           "**Answer:** 5",
                           "**Answer**: 5",
                           "ANSWER = 5",
                           "Final answer: 5",
                           "The final answer is **5",
                           "So the answers are 5",
                           "The answer to the second question is 5",
                           "The answer should be 5",
                           "Answer (in cm): 5",
                           "A: 5",
                           "> A: 5",
                           "答案是5",
                           "答案：5",
                           "最终答案为：5",
                           "答：5",
                           "答案应该是 5",
                           "Correct answer: 5",
                           "My answer would be 5",
                           "Answer： 5",
                           "The answer must be: 5"}) {
    INFO(text);
    CHECK(last_rest(text).ends_with("5"));
    CHECK(last_rest(text).size() <= 1);
  }
}

TEST_CASE("questions, requests, denials and templates announce nothing") {
  for (const char* text :
       {"What is the answer?", "Answer the following questions: 5", "Answer choices: (A) 5",
        "The answer is not 5", "I answered: 5", "Answer: $ANSWER", "Answer:", "the answer is ",
        "GRADED A: 5", "答案是什么", "The answer.\nIt is 5", "the answer? It is 5",
        "an unanswered question is 5", "Is the answer 5?", "I am not sure the answer is 5",
        "If n were even, the answer would be 5.", "The answer would be 5 if it were fair."}) {
    INFO(text);
    CHECK(last_rest(text) == "-");
  }
}

TEST_CASE("a final answer is told from an answer") {
  CHECK(answer_markers("The **final answer** is 5").at(0).kind == MarkerKind::final_answer);
  CHECK(answer_markers("最终答案：5").at(0).kind == MarkerKind::final_answer);
  CHECK(answer_markers("The answer is 5").at(0).kind == MarkerKind::answer);
  CHECK(answer_markers("A: 5").at(0).kind == MarkerKind::short_label);
  CHECK(answer_markers("Answer: 5").at(0).colon);
  CHECK_FALSE(answer_markers("The answer is: 5").at(0).colon);
}
