#include "suites/code/policy.h"

#include "harness/error.h"
#include "tests/catch.h"

using namespace assay;

TEST_CASE("an unknown policy is refused with those that are known") {
  CHECK_THROWS_AS(code_policy("best"), UserError);
  CHECK(code_policy("human-eval").time_s == 3);
}

TEST_CASE("a completion continues the prompt, a whole function follows its imports") {
  const std::string prompt = "import math\ndef f(x):\n    \"\"\"doc\"\"\"\n";
  CHECK(python_text(code_policy("human-eval"), prompt, "f", "    return 1\n") ==
        prompt + "    return 1\n");
  CHECK(python_text(code_policy("deepseek-coder"), prompt, "f",
                    "```python\ndef f(x):\n    return 1\n```") ==
        "import math\ndef f(x):\n    return 1\n");
  CHECK(python_text(code_policy("deepseek-coder"), prompt, "f", "    return 1\n") ==
        prompt + "    return 1\n");
  CHECK(python_text(code_policy("simple-evals"), prompt, "f",
                    "```python\ndef f(x):\n    return 1\n```") == prompt + "    return 1\n");
}

TEST_CASE("a C++ completion gets the brace that MultiPL-E's tests would have brought") {
  const std::string prompt = "long f(long x) {\n";
  CHECK(cpp_text(code_policy("human-eval"), prompt, "  return x;", "}\nint main() {}") ==
        prompt + "  return x;\n}");
  CHECK(cpp_text(code_policy("auto"), prompt, "  return x;\n}", "int main() {}") ==
        prompt + "  return x;\n}");
  CHECK(cpp_text(code_policy("auto"), prompt, "```cpp\nlong f(long x) { return x; }\n```",
                 "}\nint main() {}") == "long f(long x) { return x; }\n");
}

TEST_CASE("EvalPlus gets the whole response, after the prompt where it defines nothing") {
  const CodePolicy& evalplus = code_policy("evalplus");
  CHECK(evalplus.sanitized);
  CHECK(python_text(evalplus, "p", "f", "Sure:\ndef f(x):\n    return 1\n") ==
        "Sure:\ndef f(x):\n    return 1\n");
  CHECK(python_text(evalplus, "def f(x):", "f", "    return 1\n") == "def f(x):\n    return 1\n");
}
