// The cases of every operation: the same list serves the tests of correctness, the benchmark
// (tests/bench/kernels.cpp) and the question what is supported here.
#pragma once

#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "kernels/ops.h"

namespace assay::kernels {

inline constexpr Unit all_units[] = {Unit::plain, Unit::avx2, Unit::avx512, Unit::amx};
inline constexpr Dtype all_dtypes[] = {Dtype::f32, Dtype::f16, Dtype::bf16, Dtype::f8_e4m3};
inline constexpr Activations all_activations[] = {Activations::f32, Activations::bf16,
                                                  Activations::bf16x2, Activations::bf16x3};

inline const char* name_of(Dtype dtype) {
  constexpr const char* names[] = {"f32", "f16", "bf16", "e4m3"};
  return names[static_cast<int>(dtype)];
}

struct LinearCase {
  int rows;     // tokens
  int outputs;  // N
  int inputs;   // K
};
inline constexpr LinearCase linear_cases[] = {
    {1, 16, 32},   {1, 1, 1},     {1, 33, 70},   {2, 64, 128}, {3, 40, 129},
    {5, 48, 96},   {7, 31, 257},  {17, 32, 640}, {32, 80, 64}, {40, 24, 160},
    {300, 17, 33}, {520, 33, 64}, {36, 40, 2100}};

// A checkpoint's tensor with random contents, and the tensor that points to it.
class RandomTensor {
 public:
  RandomTensor(Dtype dtype, std::int64_t rows, std::int64_t cols, std::uint64_t seed)
      : bytes_(static_cast<std::size_t>(rows * cols) * bytes_of(dtype)) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<float> uniform(-1, 1);
    for (std::size_t i = 0; i < bytes_.size() / bytes_of(dtype); ++i) {
      const std::size_t at = i * bytes_of(dtype);
      if (dtype == Dtype::f32) {
        const float value = uniform(random);
        std::memcpy(&bytes_[at], &value, sizeof value);
      } else if (dtype == Dtype::f8_e4m3) {
        const auto code = static_cast<std::uint8_t>(random());
        bytes_[at] = (code & 0x7fU) == 0x7fU ? std::uint8_t{0x38} : code;
      } else {
        const auto half = dtype == Dtype::bf16 ? to_bf16(uniform(random))
                                               : static_cast<std::uint16_t>(random() & 0xbbffU);
        std::memcpy(&bytes_[at], &half, sizeof half);
      }
    }
    tensor_ = {.dtype = dtype, .data = bytes_.data(), .rows = rows, .cols = cols};
    if (dtype == Dtype::f8_e4m3) {
      const std::int64_t blocks =
          ((rows + fp8_block - 1) / fp8_block) * ((cols + fp8_block - 1) / fp8_block);
      for (std::int64_t i = 0; i < blocks; ++i) {
        scales_.push_back(0.01F + 0.001F * std::abs(uniform(random)));
      }
      tensor_.scales = scales_.data();
    }
  }
  RandomTensor(const RandomTensor&) = delete;
  RandomTensor& operator=(const RandomTensor&) = delete;

  const Tensor& tensor() const { return tensor_; }

 private:
  std::vector<std::uint8_t> bytes_;
  std::vector<float> scales_;
  Tensor tensor_;
};

inline std::vector<float> random_values(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> values(count);
  for (float& value : values) {
    value = uniform(random);
  }
  return values;
}

}  // namespace assay::kernels
