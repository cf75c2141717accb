#include <cmath>

#include "suites/code/tests_of_rows.h"
#include "tests/catch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

namespace {

Outcome run(Workshop& shop, const std::string& code, const std::string& test) {
  return check_python(*shop.launcher, code, {{"form", "code"}, {"code", test}, {"names", {"f"}}},
                      {});
}

}  // namespace

TEST_CASE("a right answer passes, and its calls are counted and timed") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const Outcome outcome =
      run(*shop, "def f(x):\n    return x + 1\n", "assert f(1) == 2\nassert f(f(1)) == 3");
  CHECK(outcome.kind == Kind::passed);
  CHECK(outcome.calls == 3);
  CHECK(outcome.time_s > 0);
}

TEST_CASE("plain values of every kind cross to the answer and back unchanged") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const Outcome outcome = run(*shop, "def f(x):\n    return x\n", R"py(
import collections, datetime, decimal, fractions
values = [None, True, 0, -7, 10**5000, 1.5, float("inf"), "", "h\u00e9\ud800\0", b"\xff", 2j, (1, (2,)), [1, [2.0]], {1: {"a": (3,)}},
          {1, 2}, frozenset([3]), collections.deque([1]), collections.Counter("aab"), range(3), decimal.Decimal("1.10"),
          fractions.Fraction(1, 3), datetime.date(2024, 2, 29), datetime.timedelta(1), {(1, 2): [3]}, bytearray(b"x"), int, [[]]]
for value in values:
    back = f(value)
    assert back == value and type(back) is type(value), repr(value)
assert str(f(float("nan"))) == "nan"
assert f(-0.0) == 0 and str(f(-0.0)) == "-0.0"
)py");
  INFO(outcome.why);
  CHECK(outcome.kind == Kind::passed);
}

TEST_CASE("what an answer does to its arguments is seen by the test") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const Outcome outcome =
      run(*shop, "def f(a):\n    a.append(1)\n    return a\n",
          "a = [0]\nb = f(a)\nassert a == [0, 1] and b is a\nassert f([]) == [1]");
  INFO(outcome.why);
  CHECK(outcome.kind == Kind::passed);
}

TEST_CASE("objects that are not plain data can be asked, called and iterated") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const Outcome outcome = run(*shop, R"py(
class Node:
    def __init__(self, value):
        self.value = value
        self.next = None
    def total(self):
        return self.value + (self.next.total() if self.next else 0)
def f(node):
    return node.total()
def counter(n):
    yield from range(n)
def adder(n):
    return lambda x: x + n
def apply(function, x):
    return function(x) + 1
)py",
                              R"py(
a, b = Node(1), Node(2)
a.next = b
assert f(a) == 3 and a.next.value == 2
assert list(counter(3)) == [0, 1, 2]
assert adder(2)(3) == 5
assert apply(lambda x: x * 10, 4) == 41
assert a == a and a != b
)py");
  INFO(outcome.why);
  CHECK(outcome.kind == Kind::passed);
}

TEST_CASE("an exception keeps its built-in type, and a test may expect it") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const std::string code = "class Own(ValueError):\n    pass\ndef f(x):\n    raise Own('no')\n";
  CHECK(run(*shop, code,
            "try:\n    f(1)\n    assert False\nexcept ValueError as e:\n    assert str(e) == 'no'")
            .kind == Kind::passed);
  CHECK(run(*shop, code, "assert f(1)").kind == Kind::exception);
}

TEST_CASE("kinds of failure are told apart") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  CHECK(run(*shop, "def f(x):\n    return 0\n", "assert f(1) == 1").kind == Kind::wrong_answer);
  CHECK(run(*shop, "def f(x)\n", "assert f(1)").kind == Kind::syntax_error);
  CHECK(run(*shop, "def g(x):\n    return 0\n", "assert f(1)").kind == Kind::exception);
  CHECK(run(*shop, "def f(x):\n    return eval('(')\n", "assert f(1)").kind == Kind::exception);
  CHECK(run(*shop, "", "f(1)").kind == Kind::exception);
}

TEST_CASE("nothing is carried over from one program to the next") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const std::string leaver =
      "import builtins, math, os\nbuiltins.left = 1\nmath.pi = 3\nos.environ['LEFT'] = '1'\n"
      "open('/tmp/left', 'w').write('x')\ndef f(x):\n    return 1\n";
  const std::string finder =
      "import builtins, math, os\ndef f(x):\n    return hasattr(builtins, 'left') or math.pi == 3 "
      "or 'LEFT' in "
      "os.environ or os.listdir('/tmp')\n";
  for (int i = 0; i < 4; ++i) {
    CHECK(run(*shop, leaver, "assert f(1) == 1").kind == Kind::passed);
    CHECK(run(*shop, finder, "assert f(1) == []").kind == Kind::passed);
  }
}

TEST_CASE("programs read standard input and are judged by what they print") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  std::string out;
  const Limits limits;
  CHECK(run_python(*shop->launcher, "print(sum(map(int, input().split())))", "1 2 3\n", limits, out)
            .kind == Kind::passed);
  CHECK(out == "6\n");
  CHECK(run_python(*shop->launcher, "if __name__ == '__main__':\n    print(open(0).read()[::-1])",
                   "ab", limits, out)
            .kind == Kind::passed);
  CHECK(out == "ba\n");
  CHECK(run_python(*shop->launcher, "import sys\nsys.exit(1)", "", limits, out).kind ==
        Kind::exception);
  CHECK(run_python(*shop->launcher, "def", "", limits, out).kind == Kind::syntax_error);
  CHECK(run_python(*shop->launcher, "exit()", "", limits, out).kind == Kind::passed);
  CHECK(run_python(*shop->launcher, "while 1: pass", "", {.wall_s = 0.5}, out).kind ==
        Kind::timed_out);
  CHECK(run_python(*shop->launcher, "while 1: print('x' * 999)", "", limits, out).kind ==
        Kind::output_limit);
}

TEST_CASE("a test's own loops and modules are not the answer's to end or to replace") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  CHECK(run(*shop, "def f(x):\n    raise StopIteration\n",
            "for got in map(f, [1, 2]):\n    assert got == 0")
            .kind == Kind::exception);
  CHECK(run(*shop,
            "class math:\n    isclose = lambda *a: True\ndef f(x):\n    return 0.0\n"
            "math = math()\n",
            "assert math.isclose(f(1), 2.0)")
            .kind == Kind::wrong_answer);
}

TEST_CASE("a busy machine does not count against an answer, and sleeping does not help it") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const nlohmann::json check = {{"form", "cases"},
                                {"call", "f"},
                                {"limit_s", 0.5},
                                {"cases", {{{"arguments", {1}}, {"expected", 1}}}}};
  const auto kind = [&](const std::string& body) {
    return check_python(*shop->launcher, "import time\ndef f(x):\n" + body, check, {}).kind;
  };
  // Waiting, as for a processor that others have, is not running.
  CHECK(kind("    time.sleep(0.7)\n    return x\n") == Kind::passed);
  CHECK(kind("    time.sleep(60)\n    return x\n") == Kind::timed_out);
  CHECK(kind("    while True: pass\n") == Kind::timed_out);
  const Outcome slept =
      check_python(*shop->launcher, "import time\ndef f(x):\n    time.sleep(0.2)\n    return x",
                   {{"form", "cases"}, {"call", "f"}, {"cases", check["cases"]}}, {});
  CHECK(slept.time_s < 0.1);
}

TEST_CASE("EvalPlus's rule finds the program, and what it needs, in a chat answer") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const std::string response =
      "Sure! Here it is:\n\n```python\nimport os\ndef g(x):\n    return x + one\none = 1\n"
      "def f(x):\n    return g(x)\ndef f(x):\n    return 0\nprint(f(1))\nos._exit(0)\n```\nDone, "
      "as you can see.";
  const nlohmann::json check = {{"form", "code"}, {"code", "assert f(1) == 2"}, {"names", {"f"}}};
  CHECK(check_python(*shop->launcher, response, check, {}, "f").kind == Kind::passed);
  CHECK(check_python(*shop->launcher, response, check, {}).kind == Kind::syntax_error);
}
