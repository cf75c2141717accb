// What crosses between the harness and the first process of a sandbox: both are built from this
// header, in one build, so plain structs cross as they are. Descriptors travel beside the bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace assay {

constexpr std::size_t message_bytes_max = std::size_t{1} << 16U;
constexpr std::size_t job_arguments_max = 256;

enum class JobFile { code, input, binary, check, result, check_binary, out, error };
constexpr std::size_t job_files = 8;

enum class CheckWire : std::int32_t { none, python, native };

// First message: this, then the filters' BPF programs one after the other, in FilterKind's order.
struct SetupWire {
  std::int32_t isolated = 1;
  std::array<std::int32_t, 5> filter_bytes{};
};

// One job: this, then three texts, each with a NUL at its end: the function that EvalPlus's rule
// looks for, the folder to work in (without isolation), and the compiler's arguments.
struct JobWire {
  double wall_s = 0;
  double cpu_s = 0;
  std::uint64_t memory_bytes = 0;
  std::uint64_t output_bytes = 0;
  std::uint64_t folder_bytes = 0;
  std::int32_t threads = 0;
  std::int32_t mode = 0;  // Mode of suites/code/launcher.h
  CheckWire check = CheckWire::none;
  std::int32_t arguments = 0;  // the compiler's
  // Position of each JobFile among the descriptors of this message; -1: not given.
  std::array<std::int32_t, job_files> files{-1, -1, -1, -1, -1, -1, -1, -1};
};

struct EndingWire {
  double cpu_s = 0;
  std::uint64_t memory_bytes = 0;
  std::int32_t exit_status = -1;
  std::int32_t signal = 0;
};

struct ReportWire {
  double wall_s = 0;
  EndingWire answer;
  EndingWire check;
  std::int32_t timed_out = 0;
  std::array<char, 500> trouble{};  // not empty: the sandbox itself failed
};

static_assert(std::is_trivially_copyable_v<JobWire> && std::is_trivially_copyable_v<ReportWire>);

}  // namespace assay
