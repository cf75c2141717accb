// C++ answers: compiled in the sandbox, run there, and checked by a program of their own.
//
// Where the question's prompt names a function of plain types, answer and check become two programs
// (calls travel through a pair of pipes, see suites/code/sandbox/calls.h.in), and an answer can do
// nothing to its check but return values. Where it does not (the function takes types of the
// question's own that do not cross, templates, pointers), both are compiled into one program, the
// answer first. Then the proof is a number that only the test's main holds, and only when it has
// returned; constructors before main, exit(0), a redefined assert, a second main and libraries'
// functions of the answer's own prove nothing. The function must return the type that the prompt
// says; the answer may not define comparisons of two values, and what passes must not pass with
// another function in the place of its own (joined_objection and JoinedForm in
// suites/code/cpp_joined.h). Two ways remain open: native code that takes its own process apart,
// instruction by instruction, and, where there is no prompt that says what the function returns, a
// type of the answer's own that equals everything. The outcome says which of the two arrangements
// it was.
//
// Programs are compiled with g++ -std=c++17 -O0 -w and <bits/stdc++.h> included beforehand.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "suites/code/cpp_signature.h"
#include "suites/code/launcher.h"
#include "suites/code/outcome.h"

namespace assay {

struct JoinedSecrets;

struct CppOptions {
  std::string optimise = "-O0";
  bool precompiled_header = true;
  std::uint64_t cache_bytes_max = std::uint64_t{256} << 20;
  Limits compiling{.wall_s = 100,
                   .cpu_s = 25,
                   .memory_bytes = std::uint64_t{3} << 30,
                   .output_bytes = std::uint64_t{64} << 20,
                   .folder_bytes = std::uint64_t{256} << 20,
                   .threads = 64};
};

struct CppQuestion {
  std::string prompt;  // what the signature is read from; may be empty
  std::string tests;   // holds main; may begin with the brace that ends the answer's function
};

// Thread rule: all methods may be called from many threads.
class CppPrograms {
 public:
  CppPrograms(Launcher& launcher, CppOptions options);

  // `answer` is the whole of the answer's side: headers, helper functions and the function itself.
  Outcome check(const CppQuestion& question, const std::string& answer, const Limits& limits);

  // Compiles and runs a program on `input`; as run_python (suites/code/python_program.h).
  Outcome run(const std::string& code, const std::string& input, const Limits& limits,
              std::string& out);

  struct Compiled {
    std::string binary;  // empty: it failed
    Outcome failure;     // meaningful where it failed
  };
  // From the cache where the same program was compiled before.
  std::shared_ptr<const Compiled> compile(const std::string& source);

 private:
  std::shared_ptr<const Compiled> compile_now(const std::string& source);
  std::vector<std::string> command(const std::string& source);
  void prepare_header();
  Outcome check_apart(const std::string& answer_binary, const std::string& check_binary,
                      const Limits& limits);
  std::shared_ptr<const Compiled> compile_apart(const CppSignature& signature,
                                                const std::string& answer);
  Outcome check_joined(const std::optional<CppSignature>& signature, const CppQuestion& question,
                       const std::string& answer, const Limits& limits);
  Outcome run_joined(const std::string& program, const JoinedSecrets& secrets,
                     const Limits& limits);

  struct Entry {
    std::string key;
    std::shared_ptr<const Compiled> compiled;
  };

  Launcher& launcher_;
  const CppOptions options_;
  std::once_flag header_once_;
  std::string header_folder_;  // set once: where the precompiled header is seen; empty: none
  std::mutex mutex_;
  std::list<Entry> used_;                                              // newest first; by mutex_
  std::unordered_map<std::string, std::list<Entry>::iterator> cache_;  // guarded by mutex_
  std::uint64_t cache_bytes_ = 0;                                      // guarded by mutex_
};

}  // namespace assay
