// What the first process of a sandbox does between jobs, seen from outside.
#include <csignal>

#include "suites/code/sandbox.h"
#include "tests/catch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

namespace {

nlohmann::json check_by(const std::string& code) {
  return {{"form", "code"}, {"code", code}, {"names", {"f"}}};
}

}  // namespace

TEST_CASE("a test that changes its process decides nothing for the next one") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const std::string code = "def f(x):\n    return x + 1\n";
  Sandbox sandbox({.workers = 1});
  for (const char* changing :
       {"import math\nmath.floor = 7\nassert f(1) == 2", "import sys\nsys.setrecursionlimit(50)\n",
        "import random\nrandom.seed(1)\nmath = random\nassert f(1) == 2",
        "def check():\n    import random as r\n    r.random = 5\ncheck()\nassert f(1) == 2",
        "__builtins__['len'] = 3\nassert f(1) == 2", "builtins.len = 3\nassert f(1) == 2",
        "setattr(os, 'x', 3)\nassert f(1) == 2", "json.loads = 3\nassert f(1) == 2"}) {
    check_python(sandbox, code, check_by(changing), {});
    const std::string unchanged =
        "import math, sys, random\n"
        "assert math.floor(1.5) == 1 and len([1]) == 1 and sys.getrecursionlimit() == 1000\n"
        "assert callable(random.random) and not hasattr(os, 'x')\nassert f(1) == 2";
    INFO(changing);
    CHECK(check_python(sandbox, code, check_by(unchanged), {}).kind == Kind::passed);
  }
}

TEST_CASE("a check that ends before its time leaves a sandbox that works") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  Sandbox sandbox({.workers = 1});
  const std::string code = "def f(x):\n    return x + 1\n";
  const Limits short_time{.wall_s = 0.7, .cpu_s = 5};
  for (const char* ending : {"while True:\n    pass", "os._exit(0)", "[0] * (1 << 40)",
                             "os.closerange(0, 9)\nwhile True:\n    pass"}) {
    INFO(ending);
    CHECK(check_python(sandbox, code, check_by(ending), short_time).kind != Kind::passed);
    CHECK(check_python(sandbox, code, check_by("assert f(1) == 2"), {}).kind == Kind::passed);
  }
}

TEST_CASE("a check has the processor time of each of its jobs, not of all together") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  Sandbox sandbox({.workers = 1});
  const std::string code = "def f(x):\n    return x + 1\n";
  const auto check =
      check_by("n = 0\nfor i in range(4000000):\n    n += 1\nassert f(1) == 2");  // ~0.3 s
  const Limits one_second{.wall_s = 20, .cpu_s = 1};
  for (int i = 0; i < 4; ++i) {
    CHECK(check_python(sandbox, code, check, one_second).kind == Kind::passed);
  }
  const auto endless = check_by("while True:\n    pass");
  CHECK(check_python(sandbox, code, endless, one_second).kind == Kind::timed_out);
}

TEST_CASE("an answer's text longer than a pipe and a name longer than a message are dealt with") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  Sandbox sandbox({.workers = 1});
  const std::string code = "x = '" + std::string(300000, 'y') + "'\ndef f(n):\n    return x * n\n";
  const auto check = check_by("assert len(f(20)) == 6000000");
  CHECK(check_python(sandbox, code, check, {}).kind == Kind::passed);
  const std::string name(100000, 'n');
  CHECK(check_python(sandbox, code, check, {}, name).kind == Kind::harness_failure);
  CHECK(check_python(sandbox, code, check, {}).kind == Kind::passed);
}

TEST_CASE("an answer may use threads, timers and event loops, and draws numbers of its own") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  Sandbox sandbox({.workers = 1});
  const std::string code =
      "import threading, asyncio, signal, concurrent.futures\n"
      "def f(x):\n"
      "    rung = []\n"
      "    signal.signal(signal.SIGALRM, lambda *a: rung.append(1))\n"
      "    signal.setitimer(signal.ITIMER_REAL, 0.01)\n"
      "    with concurrent.futures.ThreadPoolExecutor(4) as pool:\n"
      "        many = sum(pool.map(lambda v: v * v, range(10)))\n"
      "    thread = threading.Thread(target=lambda: rung.append(threading.current_thread().name))\n"
      "    thread.start()\n"
      "    thread.join()\n"
      "    async def later():\n"
      "        await asyncio.sleep(0.05)\n"
      "        return x\n"
      "    main = threading.current_thread() is threading.main_thread()\n"
      "    return [many, asyncio.run(later()), len(rung), main]\n";
  const auto check = check_by("assert f(7) == [285, 7, 2, True]");
  const Outcome outcome = check_python(sandbox, code, check, {});
  INFO(outcome.why);
  CHECK(outcome.kind == Kind::passed);
  std::string first;
  std::string second;
  run_python(sandbox, "import random\nprint(random.random())", "", {}, first);
  run_python(sandbox, "import random\nprint(random.random())", "", {}, second);
  CHECK(first != second);
}
