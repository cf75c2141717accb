// Sixteen f32 lanes as two halves on AVX2. Only for files compiled for it.
#pragma once

#include <cstdint>

#include <immintrin.h>

namespace {

struct Lanes {
  struct V {
    __m256 low;
    __m256 high;
  };
  static constexpr int rows_max = 2;  // rows of a linear layer whose chains fit the registers

  static V zero() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
  static V set(float value) { return {_mm256_set1_ps(value), _mm256_set1_ps(value)}; }
  static V load(const float* from) { return {_mm256_loadu_ps(from), _mm256_loadu_ps(from + 8)}; }
  static V load(const float* from, int count) {
    return {_mm256_maskload_ps(from, mask(count)), _mm256_maskload_ps(from + 8, mask(count - 8))};
  }
  static void store(float* to, V v) {
    _mm256_storeu_ps(to, v.low);
    _mm256_storeu_ps(to + 8, v.high);
  }
  static void store(float* to, V v, int count) {
    _mm256_maskstore_ps(to, mask(count), v.low);
    _mm256_maskstore_ps(to + 8, mask(count - 8), v.high);
  }
  static V fma(V a, V b, V c) {
    return {_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
  }
  static V add(V a, V b) { return {_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)}; }
  static V sub(V a, V b) { return {_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)}; }
  static V mul(V a, V b) { return {_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)}; }
  static V div(V a, V b) { return {_mm256_div_ps(a.low, b.low), _mm256_div_ps(a.high, b.high)}; }
  // b where either is NaN
  static V max(V a, V b) { return {_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)}; }
  static V min(V a, V b) { return {_mm256_min_ps(a.low, b.low), _mm256_min_ps(a.high, b.high)}; }
  static V round(V a) {
    constexpr int nearest = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
    return {_mm256_round_ps(a.low, nearest), _mm256_round_ps(a.high, nearest)};
  }
  // v * 2^n for integral n in [-126, 127]
  static V scale_by_power(V v, V n) {
    return {_mm256_mul_ps(v.low, power(n.low)), _mm256_mul_ps(v.high, power(n.high))};
  }

  // Halves are added to halves: lane i + lane i + 8, and so on down.
  static float sum(V v) {
    const __m256 eight = _mm256_add_ps(v.low, v.high);
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
  }

  static V from_f16(const std::uint16_t* from) {
    const auto* halves = reinterpret_cast<const __m128i*>(from);
    return {_mm256_cvtph_ps(_mm_loadu_si128(halves)), _mm256_cvtph_ps(_mm_loadu_si128(halves + 1))};
  }

  // A row of 16 pairs of bf16: the firsts and the seconds.
  static void from_bf16(const void* row, V& even, V& odd) {
    const auto* halves = static_cast<const __m256i*>(row);
    const __m256i first = _mm256_loadu_si256(halves);
    const __m256i second = _mm256_loadu_si256(halves + 1);
    const __m256i top = _mm256_set1_epi32(static_cast<int>(0xffff0000U));
    even = {_mm256_castsi256_ps(_mm256_slli_epi32(first, 16)),
            _mm256_castsi256_ps(_mm256_slli_epi32(second, 16))};
    odd = {_mm256_castsi256_ps(_mm256_and_si256(first, top)),
           _mm256_castsi256_ps(_mm256_and_si256(second, top))};
  }

  // Two such rows of e4m3, in the order of pack.h.
  static void from_f8(const void* bytes, V (&even)[2], V (&odd)[2]) {
    const auto* quarter = static_cast<const std::uint8_t*>(bytes);
    for (int row = 0; row < 2; ++row) {
      even[row] = {f8_pairs(quarter + row * 8, 0), f8_pairs(quarter + 32 + row * 8, 0)};
      odd[row] = {f8_pairs(quarter + row * 8, 1), f8_pairs(quarter + 32 + row * 8, 1)};
    }
  }

  // To nearest, ties to even; a NaN stays one.
  static V round_to_bf16(V v) { return {round_half(v.low), round_half(v.high)}; }
  // The upper halves.
  static void store_bf16(std::uint16_t* to, V v, int count) {
    alignas(32) std::uint32_t bits[16];
    _mm256_store_si256(reinterpret_cast<__m256i*>(bits), _mm256_castps_si256(v.low));
    _mm256_store_si256(reinterpret_cast<__m256i*>(bits + 8), _mm256_castps_si256(v.high));
    for (int i = 0; i < count && i < 16; ++i) {
      to[i] = static_cast<std::uint16_t>(bits[i] >> 16);
    }
  }

 private:
  static __m256 round_half(__m256 v) {
    const __m256i bits = _mm256_castps_si256(v);
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    const __m256i up = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
    const __m256i quiet = _mm256_or_si256(bits, _mm256_set1_epi32(0x400000));
    const __m256i is_nan = _mm256_castps_si256(_mm256_cmp_ps(v, v, _CMP_UNORD_Q));
    return _mm256_castsi256_ps(_mm256_and_si256(_mm256_blendv_epi8(up, quiet, is_nan),
                                                _mm256_set1_epi32(static_cast<int>(0xffff0000U))));
  }
  static __m256i mask(int count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
  static __m256 power(__m256 n) {
    const __m256i biased = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    return _mm256_castsi256_ps(_mm256_slli_epi32(biased, 23));
  }
  // Four pairs here and four 16 bytes on: eight firsts (which = 0) or seconds (which = 1). An e4m3
  // shifted into the exponent of f16 is 2^-8 of its value, subnormals included.
  static __m256 f8_pairs(const std::uint8_t* from, int which) {
    const __m128i near = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
    const __m128i far = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from + 16));
    const __m128i pairs = _mm_unpacklo_epi64(near, far);
    const __m128i code =
        which == 0 ? _mm_and_si128(pairs, _mm_set1_epi16(0xff)) : _mm_srli_epi16(pairs, 8);
    const __m128i magnitude = _mm_and_si128(code, _mm_set1_epi16(0x7f));
    const __m128i sign = _mm_slli_epi16(_mm_and_si128(code, _mm_set1_epi16(0x80)), 8);
    const __m128i is_nan = _mm_cmpeq_epi16(magnitude, _mm_set1_epi16(0x7f));
    const __m128i half = _mm_or_si128(_mm_or_si128(_mm_slli_epi16(magnitude, 7), sign),
                                      _mm_and_si128(is_nan, _mm_set1_epi16(0x7e00)));
    return _mm256_mul_ps(_mm256_cvtph_ps(half), _mm256_set1_ps(256.0F));
  }
};

}  // namespace
