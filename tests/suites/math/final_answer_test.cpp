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

TEST_CASE("an aside behind the answer is not the answer") {
  CHECK(answer("Hence the least value is $7$, attained at $t=3$.") == "7");
  CHECK(answer("We conclude that the product is $\\frac52$, with equality iff $a=b=1$.") ==
        "\\frac52");
  CHECK(answer("The solutions are all $y = Ce^{3x}$, where $C$ is any constant.") == "y = Ce^{3x}");
  CHECK(answer("So the series sums to $\\frac1{1+x}$ for $|x|<1$.") == "\\frac1{1+x}");
  CHECK(answer("There are 21 such primes between 10 and 99.") == "21");
  CHECK(answer("Altogether there are 14 of them by Lemma 3.") == "14");
  CHECK(answer("The sum of the digits is 14 rather than 9.") == "14");
  CHECK(answer("The number of pairs for $n=5$ is $32$.") == "32");
  CHECK(answer("So there are $18$ of them. $\\blacksquare$") == "18");
  CHECK(answer("**Step 2:** We square both sides.\n\n**Step 3:** Then we").empty());
  CHECK(answer("So is it 5? No.").empty());
}

TEST_CASE("bullets and labels are no part of an answer, and lists are one") {
  CHECK(answer("**Final Answer:**\n- 7") == "7");
  CHECK(answer("Final Answer: -7") == "-7");
  CHECK(answer("The solution is:\n\n- $x = 4$\n- $y = 9$") == "x = 4, y = 9");
  CHECK(answer("**Answer:**\n\n$x=4$\n\n$y=9$") == "x=4, y=9");
  CHECK(answer("The least is $\\boxed{4}$ and the greatest is $\\boxed{9}$.") == "4, 9");
  CHECK(answer("First $\\boxed{4}$ is found. Then $\\boxed{9}$.") == "9");
}

TEST_CASE("what a text takes back, only supposes or makes up is not its answer") {
  CHECK(answer("I had \\boxed{4}, which is wrong. The answer is 9.") == "9");
  CHECK(answer("\\boxed{4}\n\nThe answer to the check is 9.") == "4");
  CHECK(answer("It is \\boxed{4}, not \\boxed{9}.") == "4");
  CHECK(answer("Many would say the answer is 60. However, we get $60/4=15$.") == "60/4=15");
  CHECK(answer("Answer: 12\n\nQuestion: What is 2+7?\nAnswer: 9") == "12");
  CHECK(answer("Question: What is 2+7?\nAnswer: 9") == "9");
  CHECK(answer("\\boxed{64}. So it is \\boxed{6") == "64");
  CHECK(answer("We get $-\\boxed{4}$") == "-(4)");
}

TEST_CASE("headings announce, and remarks below conclude nothing") {
  CHECK(answer("## Answer\n**42 apples**\n\n(Starting from 40.)") == "42 apples");
  CHECK(answer("## Conclusion\n\nIt sells **42** of them.\n\n## Notes\n1. Closed on day 3") ==
        "42");
  CHECK(answer("The total is then 12.\n\nConfidence: 95%") == "12");
  CHECK(answer("So the gain is **$1,500**.\n\nThis is a margin of 30%.") == "$1,500");
}

TEST_CASE("answers are announced in many languages, with digits of many scripts") {
  for (const char* text :
       {"Respuesta: 18", "La réponse est 18, car il y a 3 boîtes.", "Jibu ni 18.", "Risposta: 18",
        "**Ответ:** 18 долларов", "Ответ: 18 (см. шаг 2)", "답: 18", "答え：18", "答えは18ドルです",
        "উত্তর: ১৮", "الإجابة هي ١٨", "Η απάντηση είναι 18."}) {
    INFO(text);
    CHECK(answer(text) == "18");
  }
}

TEST_CASE("who declines at first and solves it then has answered") {
  CHECK(answer("I'm sorry, I made an error above. Let me redo it. The total is 12.") == "12");
  CHECK(answer("We cannot solve this in closed form, so numerically we find $n=12$.") == "n=12");
  CHECK(final_answer("I cannot help with this. Please provide the 3 values.").absence ==
        Absence::refused);
}

TEST_CASE("a text of a megabyte and more, of any bytes, is read in time") {
  for (const char* piece :
       {"answer is ", "answer: x",     "\\boxed{1}, ", "$x$ and ",    "**",       "\xFF\xFE",
        "答案",       "a b c. ",       "<think>",      "#### ",       "\\boxed{", "1,",
        "\nQ: ",      "- x = 1\n",     "not 5 ",       "## Answer\n", "1 000 ",   " (",
        "\n\n",       "final answer ", "= 5 "}) {
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
