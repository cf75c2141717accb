// C++ answers: compiled in the sandbox, run there, and checked by a program of their own.
//
// Where the question's prompt names a function of plain types, answer and check become two programs
// (calls travel through a pair of pipes, see suites/code/sandbox/calls.h.in), and an answer can do
// nothing to its check but return values. Where it does not (the function takes types of the
// question's own, templates, pointers), both are compiled into one program, the answer first. Then
// the proof is a token that is written when the test's main has returned, under a name that the
// answer cannot know; constructors before main, exit(0), redefined assert and a second main prove
// nothing, but two ways remain open: native code that searches its own process for the token, and
// types of the answer's own whose comparisons always say equal. The outcome says which of the two
// arrangements it was.
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

#include "suites/code/launcher.h"
#include "suites/code/outcome.h"

namespace assay {

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
  Outcome check_joined(const CppQuestion& question, const std::string& answer,
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
