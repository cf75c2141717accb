// Times the code grader. usage: code_grader python|cpp|cpp-plain FILE.jsonl [REPEAT]
// FILE holds rows of `assay grade code-python` or `code-cpp`; prints samples per second on 2
// sandboxes and how many passed. tests/bench/code_grader.py runs it beside a peer on the same rows.
#include <atomic>
#include <chrono>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "suites/code/grade.h"
#include "suites/code/policy.h"
#include "suites/code/rows.h"
#include "suites/code/sandbox.h"

namespace {

using assay::RowGrader;
using nlohmann::json;

constexpr int workers = 2;

RowGrader grader_of(const std::string& kind, const std::shared_ptr<assay::Workshop>& shop) {
  const assay::FindData find = [](std::string_view) { return std::filesystem::path(); };
  if (kind == "python") {
    return assay::python_row_grader("human-eval", find, shop);
  }
  // The cache must not answer for the compiler: the rows differ, and each is graded once.
  const auto programs = std::make_shared<assay::CppPrograms>(
      *shop->launcher, assay::CppOptions{.precompiled_header = kind == "cpp"});
  return [programs, shop](const json& row) {
    const std::string prompt = row.at("prompt");
    const std::string tests = row.at("test");
    const assay::Outcome outcome = programs->check(
        {prompt, tests}, prompt + row.at("completion").get<std::string>(), {.wall_s = 20});
    return json{{"value", outcome.kind == assay::Kind::passed ? 1.0 : 0.0}};
  };
}

template <class Body>
void in_parallel(const Body& body) {
  std::vector<std::thread> threads(workers);
  for (std::thread& thread : threads) {
    thread = std::thread(body);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: code_grader python|cpp|cpp-plain FILE.jsonl [REPEAT]\n";
    return 2;
  }
  const std::vector<json> rows = assay::read_rows(argv[2]);
  const int repeat = argc > 3 ? std::stoi(argv[3]) : 1;
  const auto shop = std::make_shared<assay::Workshop>(
      std::make_unique<assay::Sandbox>(assay::SandboxOptions{.workers = workers}));
  const RowGrader grade = grader_of(argv[1], shop);
  grade(rows[0]);                        // makes the precompiled header
  in_parallel([&] { grade(rows[0]); });  // and all sandboxes start
  const std::size_t total = rows.size() * static_cast<std::size_t>(repeat);
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> passed = 0;
  const auto began = std::chrono::steady_clock::now();
  in_parallel([&] {
    for (std::size_t i = next++; i < total; i = next++) {
      passed += grade(rows[i % rows.size()])["value"] == 1.0 ? 1 : 0;
    }
  });
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;
  std::cout << json{{"samples", total},
                    {"passed", passed.load()},
                    {"seconds", seconds.count()},
                    {"per_second", static_cast<double>(total) / seconds.count()}}
                   .dump()
            << "\n";
}
