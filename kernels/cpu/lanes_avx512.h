// Sixteen f32 lanes on AVX-512. Only for files compiled for it.
#pragma once

#include <cstdint>

#include <immintrin.h>

namespace {

struct alignas(64) Table {
  std::uint8_t byte[128];
};
// bf16 of magnitude m: subnormals m * 2^-9 are 2^-9, 2^-8, 1.5 * 2^-8 ... written out.
constexpr unsigned bf16_of(unsigned code) {
  constexpr unsigned subnormal[8] = {0, 0x3b00, 0x3b80, 0x3bc0, 0x3c00, 0x3c20, 0x3c40, 0x3c60};
  if (code < 8) {
    return subnormal[code];
  }
  return code == 0x7f ? 0x7fc0 : (((code >> 3) + 120) << 7) | ((code & 7) << 4);
}
constexpr Table table(bool high) {
  Table t{};
  for (unsigned code = 0; code < 128; ++code) {
    t.byte[code] = static_cast<std::uint8_t>(bf16_of(code) >> (high ? 8 : 0));
  }
  return t;
}
inline constexpr Table f8_low = table(false);
inline constexpr Table f8_high = table(true);

struct Lanes {
  using V = __m512;
  static constexpr int rows_max = 8;  // rows of a linear layer whose chains fit the registers

  static V zero() { return _mm512_setzero_ps(); }
  static V set(float value) { return _mm512_set1_ps(value); }
  static V load(const float* from) { return _mm512_loadu_ps(from); }
  static V load(const float* from, int count) { return _mm512_maskz_loadu_ps(mask(count), from); }
  static void store(float* to, V v) { _mm512_storeu_ps(to, v); }
  static void store(float* to, V v, int count) { _mm512_mask_storeu_ps(to, mask(count), v); }
  static V fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
  static V add(V a, V b) { return _mm512_add_ps(a, b); }
  static V sub(V a, V b) { return _mm512_sub_ps(a, b); }
  static V mul(V a, V b) { return _mm512_mul_ps(a, b); }
  static V div(V a, V b) { return _mm512_div_ps(a, b); }
  // b where either is NaN
  static V max(V a, V b) { return _mm512_max_ps(a, b); }
  static V min(V a, V b) { return _mm512_min_ps(a, b); }
  static V round(V a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT); }
  // v * 2^n for integral n in [-126, 127]
  static V scale_by_power(V v, V n) { return _mm512_scalef_ps(v, n); }

  // Halves are added to halves: lane i + lane i + 8, and so on down.
  static float sum(V v) {
    const __m256 low = _mm512_castps512_ps256(v);
    const __m256 high = _mm512_extractf32x8_ps(v, 1);
    const __m256 eight = _mm256_add_ps(low, high);
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
  }

  static V from_f16(const std::uint16_t* from) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
  }

  // A row of 16 pairs of bf16: the firsts and the seconds.
  static void from_bf16(const void* row, V& even, V& odd) {
    split(_mm512_loadu_si512(row), even, odd);
  }

  // Two such rows of e4m3, in the order of pack.h. Two tables of 128 bytes hold the low and the
  // high byte of the bf16 that equals each magnitude; the sign is the top bit of both formats.
  static void from_f8(const void* bytes, V (&even)[2], V (&odd)[2]) {
    __m512i rows[2];
    f8_to_bf16(bytes, rows);
    split(rows[0], even[0], odd[0]);
    split(rows[1], even[1], odd[1]);
  }
  static void f8_to_bf16(const void* bytes, __m512i (&rows)[2]) {
    const __m512i code = _mm512_loadu_si512(bytes);
    const __m512i low = _mm512_permutex2var_epi8(_mm512_load_si512(f8_low.byte), code,
                                                 _mm512_load_si512(f8_low.byte + 64));
    const __m512i magnitude = _mm512_permutex2var_epi8(_mm512_load_si512(f8_high.byte), code,
                                                       _mm512_load_si512(f8_high.byte + 64));
    // magnitude | (code & 0x80)
    const __m512i high = _mm512_ternarylogic_epi32(magnitude, code, _mm512_set1_epi8(-128), 0xf8);
    rows[0] = _mm512_unpacklo_epi8(low, high);
    rows[1] = _mm512_unpackhi_epi8(low, high);
  }

  // To nearest, ties to even; a NaN stays one.
  static V round_to_bf16(V v) {
    const __m512i bits = _mm512_castps_si512(v);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    const __m512i up = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
    const __m512i quiet = _mm512_or_si512(bits, _mm512_set1_epi32(0x400000));
    const __m512i either = _mm512_mask_mov_epi32(up, _mm512_cmp_ps_mask(v, v, _CMP_UNORD_Q), quiet);
    return _mm512_castsi512_ps(
        _mm512_and_si512(either, _mm512_set1_epi32(static_cast<int>(0xffff0000U))));
  }
  // The upper halves.
  static void store_bf16(std::uint16_t* to, V v, int count) {
    const __m512i halves = _mm512_srli_epi32(_mm512_castps_si512(v), 16);
    _mm512_mask_cvtepi32_storeu_epi16(to, mask(count), halves);
  }

 private:
  static __mmask16 mask(int count) {
    return static_cast<__mmask16>(count >= 16 ? 0xffff : (1 << count) - 1);
  }
  static void split(__m512i row, V& even, V& odd) {
    even = _mm512_castsi512_ps(_mm512_slli_epi32(row, 16));
    odd = _mm512_castsi512_ps(
        _mm512_and_si512(row, _mm512_set1_epi32(static_cast<int>(0xffff0000U))));
  }
};

}  // namespace
