#include "suites/code/cpp_program.h"
#include "suites/code/cpp_signature.h"
#include "suites/code/cpp_text.h"
#include "tests/catch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

TEST_CASE("a prompt's signature is read, whatever stands before and after it") {
  const auto plain = cpp_signature(
      "#include <vector>\nusing namespace std;\n// f(x) { is not it\nvector<int> f(vector<int> a, "
      "const string& b){\n  /* doc } */\n");
  REQUIRE(plain);
  CHECK(plain->name == "f");
  CHECK(plain->result == "vector<int>");
  CHECK(plain->parameters == std::vector<std::string>{"vector<int>", "const string&"});
  CHECK(plain->before.find("using namespace std;") != std::string::npos);

  const auto second = cpp_signature("int helper(int x) { return x; }\nstd::map<int, long> g() {\n");
  REQUIRE(second);
  CHECK(second->name == "g");
  CHECK(second->parameters.empty());

  CHECK_FALSE(cpp_signature(""));
  CHECK_FALSE(cpp_signature("int f(int* p) {"));
  CHECK_FALSE(cpp_signature("template <class T> T f(T x) {"));
  CHECK_FALSE(cpp_signature("int main() {"));
}

TEST_CASE("comments and literals are blanked, lines stay") {
  CHECK(without_comments("a // {\nb /* } */ \"{\" '}' 1'000") ==
        "a     \nb         \" \" ' ' 1'000");
}

TEST_CASE("tests without main make no program") {
  CHECK_FALSE(joined_program("int f();", "void check() {}", "name"));
  CHECK_FALSE(check_program({"", "int", "f", {}}, "// int main() {"));
}

TEST_CASE("C++ answers are checked apart, joined where types are of the question's own") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const Limits limits;
  const std::string prompt =
      "#include <bits/stdc++.h>\nusing namespace std;\nvoid grow(vector<int>& a, string b) {\n";
  const std::string tests =
      "int main() {\n  vector<int> a = {1};\n  grow(a, \"x\");\n  assert(a.size() == 2);\n}\n";
  const Outcome right = shop->cpp.check({prompt, tests}, prompt + "a.push_back(2); }", limits);
  INFO(right.why);
  CHECK(right.kind == Kind::passed);
  CHECK(right.calls == 1);
  CHECK(shop->cpp.check({prompt, tests}, prompt + "}", limits).kind == Kind::wrong_answer);
  CHECK(shop->cpp.check({prompt, tests}, prompt + "return 1 }", limits).kind ==
        Kind::compile_error);
  CHECK(shop->cpp.check({prompt, tests}, prompt + "throw 1; }", limits).kind != Kind::passed);

  const std::string own = "struct P { int x; };\nint f(P p) {\n";
  const std::string own_tests = "int main() { assert(f(P{2}) == 3); }\n";
  const Outcome joined = shop->cpp.check({own, own_tests}, own + "return p.x + 1; }", limits);
  CHECK(joined.kind == Kind::passed);
  CHECK(joined.why == "checked in one program with the answer");
  CHECK(shop->cpp.check({own, own_tests}, own + "return p.x; }", limits).kind ==
        Kind::wrong_answer);
  CHECK(shop->cpp.check({own, "void main_is_missing();"}, own + "return p.x; }", limits).kind ==
        Kind::harness_failure);
}

TEST_CASE("C++ programs read standard input") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  std::string out;
  CHECK(shop->cpp
            .run("int main() { int a, b; std::cin >> a >> b; std::cout << a + b; }", "2 3", {}, out)
            .kind == Kind::passed);
  CHECK(out == "5");
}

TEST_CASE("the same program is compiled once") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const std::string source = "int main() { return 0; }";
  CHECK(shop->cpp.compile(source) == shop->cpp.compile(source));
}
