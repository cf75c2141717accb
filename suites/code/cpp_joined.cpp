#include "suites/code/cpp_joined.h"

#include <regex>
#include <string_view>

#include <fmt/core.h>

#include "harness/digest.h"
#include "suites/code/cpp_text.h"
#include "suites/code/outcome.h"

namespace assay {

namespace {

// Runs the test's main, here under another name, and writes the proof when it has returned 0. No
// function of a library stands between: an answer may bring its own `exit`, `write` or
// `__assert_fail`, and the linker would take those.
constexpr const char* frame = R"text(
#include <assert.h>
#include <sys/syscall.h>
#include <unistd.h>
namespace NAME {
template <class A, class B> struct Same { static const bool value = false; };
template <class A> struct Same<A, A> { static const bool value = true; };
template <class T> T&& some();
template <class T> struct Number { static const bool value = false; };
#define NAME_NUMBER(T) template <> struct Number<T> { static const bool value = true; };
NAME_NUMBER(bool) NAME_NUMBER(char) NAME_NUMBER(short) NAME_NUMBER(int) NAME_NUMBER(long) NAME_NUMBER(long long)
NAME_NUMBER(unsigned char) NAME_NUMBER(signed char) NAME_NUMBER(unsigned short) NAME_NUMBER(unsigned)
NAME_NUMBER(unsigned long) NAME_NUMBER(unsigned long long) NAME_NUMBER(float) NAME_NUMBER(double)
static volatile unsigned long long state = 0;
static inline long call(long number, long a, long b, long c, long d) {
#ifdef __x86_64__
  long result;
  asm volatile("mov %5, %%r10\n\tsyscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(d)
               : "rcx", "r10", "r11", "memory");
  return result;
#else
  return ::syscall(number, a, b, c, d);
#endif
}
[[noreturn]] static void failed(const char*, const char*, unsigned, const char*) {
  static const char text[] = "Assertion failed\n";
  state = 0;
  call(SYS_write, 2, (long)text, sizeof text - 1, 0);
  for (;;) call(SYS_exit_group, 134, 0, 0, 0);
}
struct Scope {
  unsigned long long mine = 0;
  Scope() { mine = state = 0xBEGUNULL; }
  ~Scope() { if (mine == 0xBEGUNULL && state == mine) state = 0xPROOFULL; }
};
}
#define __assert_fail NAME::failed
)text";

constexpr const char* ending = R"text(
static char NAME_digit(unsigned long long value) { return "0123456789abcdef"[value & 15]; }
int main() {
  if (NAME_main() != 0) NAME::call(SYS_exit_group, 1, 0, 0, 0);
  char token[40] = {};
  const long size = NAME::call(SYS_pread64, 5, (long)token, 32, 0);
  char text[128] = "{\"kind\":\"passed\",\"proof\":\"";
  int at = 26;
  for (int i = 60; i >= 0; i -= 4) text[at++] = NAME_digit(NAME::state >> i);
  for (const char* p = "\",\"token\":\""; *p; ++p) text[at++] = *p;
  for (int i = 0; i < size; ++i) text[at++] = token[i];
  text[at++] = '"';
  text[at++] = '}';
  NAME::call(SYS_pwrite64, 6, (long)text, at, 0);
  NAME::call(SYS_exit_group, 0, 0, 0, 0);
}
)text";

std::string replaced(std::string text, std::string_view from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
  return text;
}

std::string filled(const char* text, const JoinedSecrets& secrets) {
  return replaced(replaced(replaced(text, "NAME", secrets.name), "BEGUN", secrets.begun), "PROOF",
                  secrets.proof);
}

// Lines that end in a backslash are one line.
std::string spliced(const std::string& code) {
  return replaced(replaced(code, "\\\r\n", ""), "\\\n", "");
}

// What the answer has defined, and every word of the language, is taken back before ours is read.
std::string undefined_names(const std::string& answer, const std::string& prompt) {
  static const std::regex definition(R"((?:#|%:)\s*define\s+(\w+))");
  std::string text;
  const std::string code = without_comments(spliced(answer));
  const std::string own = without_comments(spliced(prompt));
  for (std::sregex_iterator it(code.begin(), code.end(), definition), end; it != end; ++it) {
    const std::regex same(R"((?:#|%:)\s*define\s+)" + (*it)[1].str() + R"(\b)");
    if (!std::regex_search(own, same)) {
      text += fmt::format("#undef {}\n", (*it)[1].str());
    }
  }
  for (const char* word :
       {"main",     "assert",    "NDEBUG",   "if",     "else",     "return",        "throw",
        "while",    "for",       "true",     "false",  "int",      "bool",          "char",
        "long",     "unsigned",  "void",     "static", "volatile", "namespace",     "struct",
        "class",    "const",     "std",      "asm",    "register", "static_assert", "decltype",
        "template", "constexpr", "noreturn", "inline", "sizeof",   "__assert_fail", "operator",
        "exit",     "abort",     "noexcept", "auto",   "using",    "define",        "include"}) {
    text += fmt::format("#undef {}\n", word);
  }
  return text;
}

// Renames the test's main, puts an object first into its body and `return 0` last.
std::optional<std::string> with_own_main(const std::string& tests, const std::string& name) {
  static const std::regex main_opens(R"(\bmain\s*\([^)]*\)\s*\{)");
  const std::string code = without_comments(tests);
  std::smatch match;
  if (!std::regex_search(code, match, main_opens)) {
    return std::nullopt;
  }
  const auto at = static_cast<std::size_t>(match.position(0));
  const std::size_t open = at + static_cast<std::size_t>(match.length(0)) - 1;
  int depth = 0;
  for (std::size_t i = open; i < code.size(); ++i) {
    depth += code[i] == '{' ? 1 : code[i] == '}' ? -1 : 0;
    if (depth == 0) {
      return fmt::format("{0}{1}_main() {{ {1}::Scope {1}_scope; {2} return 0; {3}",
                         tests.substr(0, at), name, tests.substr(open + 1, i - open - 1),
                         tests.substr(i));
    }
  }
  return std::nullopt;
}

// The answer must give the very type that the question asks for; numbers may stand for each other.
std::string type_check(const CppSignature& signature, const std::string& name) {
  std::string arguments;
  for (const std::string& type : signature.parameters) {
    arguments += fmt::format("{}{}::some<{}>()", arguments.empty() ? "" : ", ", name, type);
  }
  const std::string given = fmt::format("decltype({}({}))", signature.name, arguments);
  return fmt::format(
      "static_assert({0}::Same<{1}, {2}>::value || ({0}::Number<{1}>::value && "
      "{0}::Number<{2}>::value), \"the function does not return {2}\");\n",
      name, given, signature.result);
}

std::string stub(const CppSignature& signature, const std::string& name) {
  std::string parameters;
  for (const std::string& type : signature.parameters) {
    parameters += (parameters.empty() ? "" : ", ") + type;
  }
  return fmt::format(
      "namespace {0} {{ template <class T> T nothing() {{ if constexpr "
      "(::std::is_default_constructible_v<T> || ::std::is_void_v<T>) return T(); else throw 0; }} "
      "}}\n{1} {2}({3}) {{ return {0}::nothing<{1}>(); }}\n",
      name, signature.result, signature.name, parameters);
}

}  // namespace

JoinedSecrets joined_secrets(const std::string& answer, const std::string& tests) {
  static const std::string secret = fresh_token();
  const std::string digest = sha256_hex(secret + answer + '\0' + tests);
  return {"assay_" + digest.substr(0, 32), digest.substr(32, 16), digest.substr(48, 16)};
}

std::string joined_objection(const std::string& answer, const std::string& prompt) {
  std::string own = answer;
  if (const std::size_t at = prompt.empty() ? std::string::npos : own.find(prompt);
      at != std::string::npos) {
    own.erase(at, prompt.size());
  }
  const std::string code = without_comments(spliced(own));
  static const std::regex comparison(
      R"(\boperator\s*(==|!=|not_eq\b|<|>|<=|>=)\s*(<[^()]*>\s*)?\([^()]*,)");
  if (std::regex_search(code, comparison)) {
    return "an answer that is compiled together with its test may not define how two values "
           "compare";
  }
  if (code.find("##") != std::string::npos || code.find("%:%:") != std::string::npos) {
    return "an answer that is compiled together with its test may not make names from parts";
  }
  return "";
}

std::optional<std::string> joined_program(const std::optional<CppSignature>& signature,
                                          const std::string& answer, const std::string& tests,
                                          const JoinedSecrets& secrets, JoinedForm form) {
  const std::optional<std::string> body = with_own_main(without_opening_brace(tests), secrets.name);
  if (!body) {
    return std::nullopt;
  }
  const std::string before = signature ? signature->before : "";
  std::string text = "#include <type_traits>\n#define main assay_answer_main\n";
  if (form == JoinedForm::only_stub) {
    text += before;
  } else if (form == JoinedForm::replaced) {
    text += fmt::format("#define {0} {1}_replaced\n{2}\n#undef {0}\n", signature->name,
                        secrets.name, answer);
  } else {
    text += answer;
  }
  text += "\n" + undefined_names(form == JoinedForm::only_stub ? "" : answer, before);
  text += filled(frame, secrets);
  if (signature) {
    text += form == JoinedForm::real ? type_check(*signature, secrets.name)
                                     : stub(*signature, secrets.name);
  }
  return text + *body + filled(ending, secrets);
}

}  // namespace assay
