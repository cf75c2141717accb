#include "suites/code/code.h"

#include "suites/code/code_block.h"
#include "tests/catch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

TEST_CASE(
    "the code suites and graders are in the catalogue, and nothing starts before one is made") {
  Catalogue catalogue;
  add_code(catalogue,
           [](std::string_view) -> std::filesystem::path { throw UserError("not installed"); });
  CHECK(catalogue.suites.size() == 8);
  CHECK(catalogue.grades.size() == 2);
  CHECK_THROWS_AS(catalogue.suites[0].make({}), UserError);
}

TEST_CASE("a suite is made from its data file and judges answers") {
  if (!test_workshop()) {
    return;
  }
  Catalogue catalogue;
  add_code(catalogue, [](std::string_view) {
    return std::filesystem::path(ASSAY_SOURCE_DIR) / "data/code/basics.jsonl";
  });
  const auto suite = catalogue.suites[0].make({});
  CHECK(suite->info().name == "code/basics");
  const Question question = suite->questions().front();
  CHECK(suite->prompt(question).messages.size() == 1);
  const Verdict verdict =
      suite->grader().grade(question, response_of(in_block("python", question.gold)));
  CHECK(verdict.value == 1.0);
  CHECK(verdict.label == "passed");
  CHECK(verdict.details.find("run_time_s") != std::string::npos);
}

TEST_CASE("blocks are found, labelled, and closed by the end of the text") {
  const auto blocks =
      code_blocks("a\n```python\nx\n```\n  ````C++ title\ny\n```\nz\n````\n```\nopen");
  REQUIRE(blocks.size() == 3);
  CHECK(blocks[0].code == "x\n");
  CHECK(blocks[1].language == "c++");
  CHECK(blocks[1].code == "y\n```\nz\n");
  CHECK(blocks[2].code == "open");
}

TEST_CASE("each convention counts another block") {
  const std::string text = "```\nplain\n```\n```python\none\n```\n```py\ntwo\n```\n";
  CHECK(pick_code(text, Pick::first_block, python_labels) == "one\n");
  CHECK(pick_code(text, Pick::last_block, python_labels) == "two\n");
  CHECK(pick_code(text, Pick::between_last_two, python_labels) == "two\n");
  CHECK(pick_code(text, Pick::first_block, cpp_labels) == "plain\n");
  CHECK(pick_code("code\n```\nmore", Pick::until_fence, python_labels) == "code\n");
  CHECK(pick_code("code", Pick::first_block, python_labels) == "code");
  CHECK(pick_code("```\nx", Pick::between_last_two, python_labels).empty());
}

TEST_CASE(
    "simple-evals' body begins after the signature, and keeps its first character without one") {
  CHECK(after_signature("def f(x):\n    return x") == "    return x");
  CHECK(after_signature("return x") == "return x");
}

TEST_CASE("definitions are recognised at the start of a line only") {
  CHECK(defines_python("import x\ndef f(a):\n", "f"));
  CHECK(defines_python("f = lambda x: x", "f"));
  CHECK_FALSE(defines_python("def foo(a):\n", "f"));
  CHECK_FALSE(defines_python("class A:\n    def f(self): pass\n", "f"));
  CHECK(before_definition("import math\n\ndef f(x):\n", "f") == "import math\n\n");
}
