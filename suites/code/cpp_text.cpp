#include "suites/code/cpp_text.h"

#include <regex>
#include <string_view>

#include <fmt/core.h>

#include "embedded/sandbox_calls_h.h"

namespace assay {

namespace {

std::string numbered(const std::vector<std::string>& types, bool with_types) {
  std::string list;
  for (std::size_t i = 0; i < types.size(); ++i) {
    list += fmt::format("{}{}a{}", i > 0 ? ", " : "", with_types ? types[i] + " " : "", i);
  }
  return list;
}

// What makes boost::any cross, where the question has it.
const char* any_of(const CppSignature& signature) {
  return signature.before.find("boost/any.hpp") == std::string::npos
             ? ""
             : "#include <boost/any.hpp>\n#define ASSAY_BOOST_ANY 1\n";
}

// Puts `statement` first into the body of the test's main.
std::optional<std::string> with_first_statement(const std::string& tests,
                                                const std::string& statement) {
  static const std::regex main_opens(R"(\bmain\s*\([^)]*\)\s*\{)");
  const std::string code = without_comments(tests);
  std::smatch match;
  if (!std::regex_search(code, match, main_opens)) {
    return std::nullopt;
  }
  const auto at = static_cast<std::size_t>(match.position(0) + match.length(0));
  return tests.substr(0, at) + statement + tests.substr(at);
}

// What proves that main has returned 0: set by the end of main's scope, written at exit. A plain
// exit(0) leaves no scope, an exception leaves it with one in flight.
std::string proof(const std::string& name, const std::string& extra_format,
                  const std::string& extra) {
  return fmt::format(
      R"text(
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <exception>
namespace {0} {{
static volatile int returned = 0;
static void at_exit(int status, void*) {{
  if (status != 0 || returned != 1) return;
  char token[64] = {{}};
  const long n = ::read(5, token, sizeof token - 1);
  if (n <= 0) return;
  char text[256];
  const int size = ::snprintf(text, sizeof text, "{{\"token\":\"%s\",\"kind\":\"passed\"{1}}}", token {2});
  if (size > 0 && ::pwrite(6, text, static_cast<size_t>(size), 0) < 0) ::_exit(98);
}}
struct Scope {{
  Scope() {{ ::on_exit(at_exit, nullptr); }}
  ~Scope() {{ if (!std::uncaught_exceptions()) returned = 1; }}
}};
}}
)text",
      name, extra_format, extra);
}

}  // namespace

std::string without_opening_brace(const std::string& tests) {
  const std::size_t first = tests.find_first_not_of(" \t\r\n");
  return first != std::string::npos && tests[first] == '}' ? tests.substr(first + 1) : tests;
}

std::string answer_program(const CppSignature& signature, const std::string& answer) {
  return fmt::format(R"text({6}{0}
#define main assay_answer_main
{1}
#undef main
#undef try
#undef catch
#undef return
static {2} assay_entry({3}) {{ return {4}({5}); }}
int main() {{
  for (;;) {{
    const ::std::string request = ::assay_calls::receive(3);
    ::assay_calls::Reader in(request);
    int function = 0;
    in.raw(&function, sizeof function);
    ::assay_calls::Writer out;
    try {{
      ::assay_calls::answer(&assay_entry, in, out);
    }} catch (const ::std::bad_alloc&) {{
      ::assay_calls::leave(4);
    }} catch (...) {{
      out.bytes.assign(1, '\1');
    }}
    ::assay_calls::send(4, out.bytes);
  }}
}}
)text",
                     sandbox_calls_h, answer, signature.result,
                     numbered(signature.parameters, true), signature.name,
                     numbered(signature.parameters, false), any_of(signature));
}

std::optional<std::string> check_program(const CppSignature& signature, const std::string& tests) {
  const std::optional<std::string> body =
      with_first_statement(without_opening_brace(tests), " assay_proof::Scope assay_scope; ");
  if (!body) {
    return std::nullopt;
  }
  std::string types = signature.result;
  for (const std::string& type : signature.parameters) {
    types += ", " + type;
  }
  return fmt::format(
      "#define ASSAY_CHECK 1\n{10}{0}\n{1}\n{2}\n{3} {4}({5}) {{ return "
      "assay_calls::Call<{6}>::make(0{7}{8}); }}\n"
      "#undef NDEBUG\n#include <assert.h>\n{9}\n",
      sandbox_calls_h,
      proof("assay_proof", R"(,\"calls\":%ld,\"time_s\":%.9f)",
            ", assay_calls::calls, assay_calls::time_s"),
      signature.before, signature.result, signature.name, numbered(signature.parameters, true),
      types, signature.parameters.empty() ? "" : ", ", numbered(signature.parameters, false), *body,
      any_of(signature));
}

}  // namespace assay
