#include "suites/math/extraction.h"

#include <string>

#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("hendrycks takes the last box, else what the dollars hold, else everything") {
  CHECK(extract_hendrycks("$1$ so \\boxed{2}").text == "2");
  CHECK(extract_hendrycks("it is $1$ and $2$.").text == "1$ and $2");
  CHECK(extract_hendrycks("it is 2").text == "it is 2");
  CHECK(extract_hendrycks("$5 only").text == "$5 only");
  CHECK(extract_hendrycks("").text.empty());
}

TEST_CASE("minerva takes what its sentence announces, on one line") {
  CHECK(extract_minerva("Final Answer: The final answer is $[2,5)$. I hope it is correct.").text ==
        "$[2,5)$");
  CHECK(extract_minerva("Final Answer: The final answer is 24. ").text == "24");  // the end counts
  CHECK(extract_minerva("Final Answer: The final answer is 24").text.empty());
  CHECK(
      extract_minerva("Final Answer: The final answer is\n24. I hope it is correct.").text.empty());
  CHECK(extract_minerva("The final answer is 24. I hope it is correct.").text.empty());
  CHECK(extract_minerva("Final Answer: The final answer is 1. I hope it is correct.\nFinal Answer: "
                        "The final answer is 2. I hope it is correct.")
            .text == "1");
}

TEST_CASE("prm800k takes what stands behind its heading, else the last box") {
  CHECK(extract_prm800k("work\n# Answer\n\n12").text == "12");
  CHECK(extract_prm800k("\\boxed{1} \\boxed{12}").text == "12");
  CHECK(extract_prm800k("12").text.empty());
}

TEST_CASE("AIME answers are integers from 0 to 999") {
  CHECK(extract_aime("\\boxed{ 204 }").text == "204");
  CHECK(extract_aime("\\boxed{204} and \\boxed{x}").text == "204");
  CHECK(extract_aime("\\boxed{007}").text == "7");
  CHECK(extract_aime("answer: 33").text == "33");
  CHECK(extract_aime("Answer: 33.5").text.empty());
  CHECK(extract_aime("Answer: 33 and Answer: 34").text == "34");
  CHECK(extract_aime("\\boxed{1000}").text.empty());
  CHECK(extract_aime("it is 33").text.empty());
}

TEST_CASE("simple-evals takes the line behind the first Answer:") {
  CHECK(extract_simple_evals("Answer: 12\nAnswer: 13").text == "12");
  CHECK(extract_simple_evals("final ANSWER :\n\n $12$ ").text == "$12$");
  CHECK(extract_simple_evals("the answer is 12").text.empty());
  CHECK(extract_simple_evals("Answer:").text.empty());
}

TEST_CASE("math-verify's candidates come in the order of its priorities") {
  const auto best = [](const std::string& text) {
    const auto candidates = extract_math_verify(text);
    return candidates.empty() ? "-" : candidates.front().text;
  };
  CHECK(best("\\boxed{3} then the final answer is $5$. I hope it is correct.") == "5");
  CHECK(best("the final answer is $5$, see \\boxed{3}") == "3");  // same priority, rightmost end
  CHECK(best("\\boxed{3} so the final answer is $5$") == "5");
  CHECK(best("$7$ is close. Answer: $5$. Check $8$.") == "5");
  CHECK(best("The answer is $5$. Check $8$.") == "5");
  CHECK(best("We have $x = 1$ and $y = 2$.") == "x = 1, y = 2");
  CHECK(best("So 3/4 of it, or 75%") == "75%");
  CHECK(best("it costs $5") == "5");
  CHECK(best("The roots are \\boxed{1} and \\boxed{2}.") == "1, 2");
  CHECK(best("no number") == "-");
}

TEST_CASE("every rule reads a megabyte of any bytes in time") {
  for (const char* piece : {"answer", "Answer: 1 ", "Final Answer: The final answer is 1 ", "$1$,",
                            "\\boxed{1", "final answer is ", "1 ", "\xFF", "# Answer\n\n"}) {
    std::string text;
    while (text.size() < (1 << 20)) {
      text += piece;
    }
    CHECK_NOTHROW(extract_hendrycks(text));
    CHECK_NOTHROW(extract_minerva(text));
    CHECK_NOTHROW(extract_prm800k(text));
    CHECK_NOTHROW(extract_boxed(text));
    CHECK_NOTHROW(extract_aime(text));
    CHECK_NOTHROW(extract_simple_evals(text));
    CHECK_NOTHROW(extract_math_verify(text));
  }
}
