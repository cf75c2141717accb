// Encodes a text file again and again with one model's tokenizer and prints MiB/s.
//
//   bench_tokenizer TOKENIZER_FOLDER TEXT_FILE [SECONDS]
//
// tests/bench/tokenizer.py runs it beside Hugging Face's tokenizers on the same text.
#include "backends/engine/tokenizer.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "harness/error.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: bench_tokenizer TOKENIZER_FOLDER TEXT_FILE [SECONDS]\n";
    return 2;
  }
  using Clock = std::chrono::steady_clock;
  const auto seconds = [](Clock::duration time) {
    return std::chrono::duration<double>(time).count();
  };
  try {
    auto start = Clock::now();
    const auto tokenizer = assay::engine::load_tokenizer(argv[1], 1 << 30);
    if (tokenizer == nullptr) {
      throw assay::UserError(std::string(argv[1]) + ": no tokenizer.json");
    }
    const double load_s = seconds(Clock::now() - start);
    std::ifstream file(argv[2], std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const double limit_s = argc > 3 ? std::atof(argv[3]) : 5;
    double best_s = 1e9;
    std::size_t tokens = 0;
    int passes = 0;
    for (start = Clock::now(); passes < 3 || seconds(Clock::now() - start) < limit_s; ++passes) {
      const auto pass = Clock::now();
      tokens = tokenizer->encode(text).size();
      best_s = std::min(best_s, seconds(Clock::now() - pass));
    }
    std::cout << "{\"mib_per_s\": " << static_cast<double>(text.size()) / best_s / (1 << 20)
              << ", \"tokens\": " << tokens << ", \"passes\": " << passes
              << ", \"load_s\": " << load_s << "}\n";
  } catch (const assay::UserError& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
  return 0;
}
