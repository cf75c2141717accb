// The number formats of checkpoints, and a matrix that somebody else owns.
#pragma once

#include <cstddef>
#include <cstdint>

namespace assay::kernels {

enum class Dtype { f32, f16, bf16, f8_e4m3 };

constexpr std::size_t bytes_of(Dtype dtype) {
  return dtype == Dtype::f32 ? 4 : dtype == Dtype::f8_e4m3 ? 1 : 2;
}

// An FP8 matrix has one f32 scale for every 128 x 128 block; the last blocks of a ragged matrix are
// smaller. The scale is a multiplier: weight = e4m3 value * scale[row / 128][column / 128].
inline constexpr int fp8_block = 128;

// A weight of a checkpoint, row-major without gaps; a vector is a matrix of one row. Owns nothing.
struct Tensor {
  Dtype dtype = Dtype::f32;
  const void* data = nullptr;     // (rows, cols), little-endian, at least 1-byte aligned
  std::int64_t rows = 0;          // of a linear layer: outputs
  std::int64_t cols = 0;          // of a linear layer: inputs
  const float* scales = nullptr;  // (ceil(rows/128), ceil(cols/128)), for f8_e4m3 only; aligned

  bool empty() const { return data == nullptr; }
};

// Exact, except that to_bf16 rounds to nearest, ties to even. f8 is the e4m3 of the OCP standard:
// no infinities, 0x7f and 0xff are NaN.
float from_bf16(std::uint16_t bits);
float from_f16(std::uint16_t bits);
float from_f8_e4m3(std::uint8_t bits);
std::uint16_t to_bf16(float value);

// Element (row, column) as f32, block scale included.
float element(const Tensor& tensor, std::int64_t row, std::int64_t column);

}  // namespace assay::kernels
