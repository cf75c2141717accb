#include "kernels/tensor.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace assay::kernels {

float from_bf16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

std::uint16_t to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (std::isnan(value)) {
    return static_cast<std::uint16_t>((bits >> 16) | 0x40U);
  }
  return static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16);
}

float from_f16(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000U) << 16;
  const std::uint32_t exponent = (bits >> 10) & 0x1fU;
  const std::uint32_t mantissa = bits & 0x3ffU;
  if (exponent == 0x1f) {
    return std::bit_cast<float>(sign | 0x7f800000U | (mantissa << 13));
  }
  if (exponent != 0) {
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
  }
  const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;
  return sign != 0 ? -magnitude : magnitude;
}

float from_f8_e4m3(std::uint8_t bits) {
  const std::uint32_t exponent = (bits >> 3) & 0xfU;
  const std::uint32_t mantissa = bits & 7U;
  if (exponent == 0xf && mantissa == 7) {
    return std::numeric_limits<float>::quiet_NaN();
  }
  const float magnitude = exponent == 0
                              ? static_cast<float>(mantissa) * 0x1p-9F
                              : std::bit_cast<float>(((exponent + 120) << 23) | (mantissa << 20));
  return (bits & 0x80U) != 0 ? -magnitude : magnitude;
}

float element(const Tensor& tensor, std::int64_t row, std::int64_t column) {
  const auto at = static_cast<std::size_t>(row * tensor.cols + column) * bytes_of(tensor.dtype);
  const auto* bytes = static_cast<const unsigned char*>(tensor.data) + at;
  if (tensor.dtype == Dtype::f8_e4m3) {
    const std::int64_t blocks = (tensor.cols + fp8_block - 1) / fp8_block;
    return from_f8_e4m3(*bytes) * tensor.scales[(row / fp8_block) * blocks + column / fp8_block];
  }
  if (tensor.dtype == Dtype::f32) {
    float value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }
  std::uint16_t half = 0;
  std::memcpy(&half, bytes, sizeof half);
  return tensor.dtype == Dtype::f16 ? from_f16(half) : from_bf16(half);
}

}  // namespace assay::kernels
