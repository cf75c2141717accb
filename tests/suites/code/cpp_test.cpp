#include "suites/code/cpp_joined.h"
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
  CHECK_FALSE(cpp_signature("int f(int* p) {")->crosses);
  CHECK_FALSE(cpp_signature("int f(int p[]) {"));
  CHECK_FALSE(cpp_signature("template <class T> T f(T x) {"));
  CHECK_FALSE(cpp_signature("int main() {"));
}

TEST_CASE("comments and literals are blanked, lines stay") {
  CHECK(without_comments("a // {\nb /* } */ \"{\" '}' 1'000") ==
        "a     \nb         \" \" ' ' 1'000");
}

TEST_CASE("tests without main make no program") {
  CHECK_FALSE(
      joined_program({}, "int f();", "void check() {}", {"name", "1", "2"}, JoinedForm::real));
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
}

TEST_CASE("C++ types of the question's own cross between answer and check") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const std::string types =
      "#include <bits/stdc++.h>\nusing namespace std;\nenum Color { red, green };\n"
      "struct P { int x; string name; vector<double> w; Color c; };\n"
      "struct Q { P p; optional<int> o; variant<int, string> v; };\n";
  const std::string prompt = types + "Q f(Q q, const P& p) {\n";
  const std::string tests =
      "int main() { Q q{{1, \"a\", {2.5}, green}, 3, string(\"z\")}; P p{2, \"b\", {}, red};\n"
      "Q r = f(q, p); assert(r.p.x == 3 && r.p.name == \"ab\" && r.p.c == green);\n"
      "assert(*r.o == 3 && get<string>(r.v) == \"z\"); }\n";
  const std::string body = "q.p.x += p.x; q.p.name += p.name; return q; }";
  const Outcome right = shop->cpp.check({prompt, tests}, prompt + body, {});
  INFO(right.why);
  CHECK(right.kind == Kind::passed);
  CHECK(right.calls == 1);
  // A whole answer repeats the types.
  CHECK(shop->cpp.check({prompt, tests}, types + prompt + body, {}).kind == Kind::passed);
  CHECK(shop->cpp.check({prompt, tests}, prompt + "return q; }", {}).kind == Kind::wrong_answer);
}

TEST_CASE("C++ types that cannot cross are checked in one program with the answer") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const std::string prompt = "struct Node { int v; Node* next; };\nint sum(Node* n) {\n";
  const std::string tests =
      "int main() { Node b{2, nullptr}, a{1, &b}; assert(sum(&a) == 3); assert(sum(0) == 0); }\n";
  const auto kind = [&](const std::string& body) {
    return shop->cpp.check({prompt, tests}, prompt + body, {}).kind;
  };
  const Outcome right = shop->cpp.check(
      {prompt, tests}, prompt + "int s = 0; for (; n; n = n->next) s += n->v; return s; }", {});
  INFO(right.why);
  CHECK(right.kind == Kind::passed);
  CHECK(right.why == "checked in one program with the answer");
  CHECK(kind("return 0; }") == Kind::wrong_answer);
  CHECK(shop->cpp.check({prompt, "void main_is_missing();"}, prompt + "return 0; }", {}).kind ==
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
