#include "suites/math/final_answer.h"

#include <string>

#include "suites/math/text_scan.h"
#include "tests/catch.h"

using namespace assay::math;

namespace {

std::string answer(const std::string& text) {
  return final_answer(text).text;
}

}  // namespace

TEST_CASE("the last box that is no template is the answer") {
  CHECK(answer("First $\\boxed{3}$. No: $\\boxed{4}$.") == "4");
  CHECK(answer("\\boxed{7}. Put yours in the format $\\boxed{[answer]}$.") == "7");
  CHECK(answer("I put it in \\boxed{}: \\boxed{12}") == "12");
  CHECK(answer("\\boxed{\\boxed{9}}") == "9");
  CHECK(answer("$$\\boxed{\\dfrac{3}{4}}$$") == "\\dfrac{3}{4}");
  CHECK(answer("The answer is \\boxed{D.") == "D");
  CHECK(answer("\\boxed{5}\n\nFinal answer is above.") == "5");
}

TEST_CASE("boxes that are joined are one answer") {
  CHECK(answer("The roots are $\\boxed{2}$ and $\\boxed{3}$.") == "2, 3");
  CHECK(answer("$\\boxed{-1}, \\boxed{0}, \\boxed{1}$") == "-1, 0, 1");
  CHECK(answer("So \\boxed{a} or \\boxed{b}.") == "a, b");
  CHECK(answer("$\\boxed{5}$\n\nThe answer is \\boxed{5}.") == "5");
  CHECK(answer("\\boxed{1} is wrong, so \\boxed{2}") == "2");
}

TEST_CASE("announced answers are found in many dresses") {
  for (const char* text :
       {"The answer is 12.", "Answer: 12", "**Answer:** 12", "**Final Answer**\n\n12",
        "**Final Answer:**\n$12$", "### Final Answer\nThe answer is $12$.", "Final answer: **12**",
        "ANSWER: $12$", "Therefore, the final answer is: $12$. I hope it is correct.",
        "Thus the correct answer is 12, because nothing else fits.", "答案是12。", "答案：$12$",
        "因此最终答案为 12。", "so ...\n#### 12", "The answer would be \\(12\\).",
        "<answer>12</answer>", "<answer>\n12\n</answer>",
        "The answer is 10. Wait, that is wrong. The answer is 12."}) {
    INFO(text);
    CHECK(answer(text) == "12");
  }
}

TEST_CASE("a final answer weighs more than an answer") {
  CHECK(answer("The final answer is 12.\nTo check, the answer is 12.0 indeed.") == "12");
  CHECK(answer("Final Answer: 7\n\n(The answer to the first part is 3.)") == "7");
}

TEST_CASE("a text without an announcement comes to its last expression") {
  CHECK(answer("Adding up we get $3 + 4 = 7$.") == "3 + 4 = 7");
  CHECK(answer("We compute.\n\nTherefore, there are 24 such numbers.") == "24");
  CHECK(answer("The speed is then **22.5 km/h**.") == "22.5 km/h");
  CHECK(answer("12") == "12");
  CHECK(answer("$\\frac{1}{2}$") == "\\frac{1}{2}");
  CHECK(answer("x = 5 or x = 7") == "x = 5 or x = 7");
  CHECK(answer("6 km") == "6 km");
}

TEST_CASE("reasoning is never looked at") {
  CHECK(answer("<think>It is \\boxed{3}, no</think>The answer is 5.") == "5");
  CHECK(answer("It is \\boxed{3}, no</think>\n\n\\boxed{5}") == "5");
  const Extraction open = final_answer("<think>It is \\boxed{3}, but");
  CHECK(open.text.empty());
  CHECK(open.absence == Absence::unfinished);
  CHECK(final_answer("<think>It is 3.</think>").absence == Absence::unfinished);
}

TEST_CASE("refusals, breaks and silence are told apart") {
  CHECK(final_answer("").absence == Absence::empty);
  CHECK(final_answer(" \n").absence == Absence::empty);
  CHECK(final_answer("I'm sorry, but I can't help with problem 5.").absence == Absence::refused);
  CHECK(final_answer("抱歉，我无法回答第 5 题。").absence == Absence::refused);
  CHECK(final_answer("The problem does not provide the diagram 3.").absence == Absence::refused);
  CHECK(final_answer("Then \\[ x = \\frac{3}{").absence == Absence::unfinished);
  CHECK(final_answer("We find x = 5", true).absence == Absence::unfinished);
  CHECK(final_answer("The answer is 5. We check", true).text == "5");
  CHECK(final_answer("Let us think about this problem.").absence == Absence::not_found);
}

TEST_CASE("a text of a megabyte and more, of any bytes, is read in time") {
  for (const char* piece :
       {"answer is ", "answer: x", "\\boxed{1}, ", "$x$ and ", "**", "\xFF\xFE", "答案", "a b c. ",
        "<think>", "#### ", "\\boxed{", "1,", "\n\n", "final answer ", "= 5 "}) {
    std::string text;
    while (text.size() < (1 << 20) + 1000) {
      text += piece;
    }
    CHECK_NOTHROW(final_answer(text));
  }
  // The end counts, however long the text.
  CHECK(answer(std::string(3 << 20, 'x') + "\n\nThe answer is 5.") == "5");
}

TEST_CASE("of a long response only the end is looked at, from the start of a paragraph or line") {
  const std::string far = "The answer is 5.\n\n" + std::string(closing_bytes_max, 'x');
  CHECK(final_answer(far).text != "5");
  const std::string box = "\\boxed{5}\n\n" + std::string(closing_bytes_max, 'x');
  CHECK(final_answer(box).text == "5");
  CHECK(final_answer("\\boxed{5}" + std::string(response_bytes_max, 'x')).text != "5");
  CHECK(examined_part(std::string(3 << 20, 'x')).size() == response_bytes_max);
  CHECK(closing_part(std::string(3 << 20, 'x'), closing_bytes_max).size() == closing_bytes_max);
  // A formula that the cut would go through is left out as a whole.
  const std::string lines = "$x y$\n$z$" + std::string(90, '.');
  CHECK(closing_part(lines, 97) == "$z$" + std::string(90, '.'));
  // Reasoning that began before the part that is read has to end in it.
  const std::string thinking = "<think>" + std::string(response_bytes_max, 'x');
  CHECK(final_answer(thinking + " the answer is 5.").absence == Absence::unfinished);
  CHECK(answer(thinking + "</think> the answer is 5.") == "5");
}
