#include "suites/math/choice_statements.h"

#include <string>

#include "tests/catch.h"

using namespace assay::math;

namespace {

std::string leading(std::string_view text) {
  return spelled(ChoiceText(text, 4, /*judged=*/true).leading().letters);
}

std::string concluded(std::string_view text) {
  const LetterStatement said =
      conclusion(ChoiceText(text, 4, /*judged=*/true).statements(), /*options=*/4);
  return said.alternatives ? "either" : spelled(said.letters);
}

std::string claims(std::string_view text) {
  static constexpr std::string_view letters = "prx?.";  // in the order of Claim
  std::string out;
  for (const LetterStatement& one : ChoiceText(text, 4, /*judged=*/true).statements()) {
    out += spelled(one.letters) + letters[static_cast<size_t>(one.claim)];
  }
  return out;
}

}  // namespace

TEST_CASE("a leading letter is told from a word") {
  CHECK(leading("B. because") == "B");
  CHECK(leading("  **(C)** it is") == "C");
  CHECK(leading("\\text{option D}") == "D");
  CHECK(leading("Ｂ。") == "B");
  CHECK(leading("A because") == "A");
  CHECK(leading("A, C") == "AC");
  CHECK(leading("B, C is a distractor") == "B");
  CHECK(leading("B, not A") == "B");
  for (const char* none : {"A dog", "B = 5", "Because", "(ABC)", "", "B is wrong", "P(A)", "C-4"}) {
    INFO(none);
    CHECK(leading(none).empty());
  }
}

TEST_CASE("a clause chooses a letter, rejects it, or only supposes it") {
  CHECK(claims("So it must be C.") == "Cp");
  CHECK(claims("(B) is the best choice") == "Br");
  CHECK(claims("B is wrong, C is right") == "BxCr");
  CHECK(claims("C rather than D") == "C.Dx");
  CHECK(claims("If B holds, then n = 3.") == "B?");
  CHECK(claims("Is it B?") == "B?");
  CHECK(claims("not B but C") == "BxCp");
  CHECK(claims("A、B、D错误，C正确。") == "ABDxCr");
  CHECK(claims("The point C lies on AB.") == "C.");
  CHECK(claims("the incorrect statement is C") == "Cp");
  CHECK(claims("I don't think it's C") == "Cx");
}

TEST_CASE("options that are judged one by one leave the one called right") {
  CHECK(concluded("A: wrong\nB: wrong\nC: correct\nD: wrong") == "C");
  CHECK(concluded("A. 12 - no\nB. 15 - yes\nC. 18 - no\nD. 24 - no") == "B");
  CHECK(concluded("A. 错误 B. 错误 C. 正确 D. 错误") == "C");
  CHECK(concluded("A: true\nB: false\nC: true\nD: false") == "AC");
  CHECK(concluded("A: 12\nB: 15\nC: 18\nD: 24").empty());
}

TEST_CASE("the last letter pointed to counts") {
  CHECK(concluded("So B. Wait, then n is even. So C.") == "C");
  CHECK(concluded("It is A or C.") == "either");
  CHECK(concluded("It is A. No, A is wrong.").empty());
  CHECK(concluded("I am A student").empty());
}
