// What this machine can do at most, for benchmarks that state their figures as shares of it: the
// read bandwidth of its memory, the rate of its widest multiplications in registers, and the rate
// of a loop over tiles that lie in L2. All are wall time of `threads` that start together, the best
// of some rounds.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include <immintrin.h>

#include "kernels/ops.h"
#include "kernels/pack.h"

namespace assay::bench {

inline double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Seconds of the slowest of `threads` that start together, best of `rounds`.
template <class F>
double best_time_s(int threads, int rounds, const F& work) {
  double best = 1e30;
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::jthread> all;
    const double start = now_s();
    for (int t = 0; t < threads; ++t) {
      all.emplace_back([&work, t] { work(t); });
    }
    all.clear();
    best = std::min(best, now_s() - start);
  }
  return best;
}

__attribute__((target("avx2"))) inline void read_all(const char* from, std::size_t bytes) {
  __m256i sums[8] = {};
  for (std::size_t i = 0; i + 256 <= bytes; i += 256) {
    for (int lane = 0; lane < 8; ++lane) {
      sums[lane] = _mm256_add_epi64(
          sums[lane], _mm256_load_si256(reinterpret_cast<const __m256i*>(from + i) + lane));
    }
  }
  for (__m256i& sum : sums) {
    sums[0] = _mm256_xor_si256(sums[0], sum);
  }
  volatile long long sink = _mm256_extract_epi64(sums[0], 0);
  (void)sink;
}

inline double read_bandwidth(int threads) {
  const std::size_t bytes = std::size_t{1} << 30;
  auto memory = kernels::aligned_array<char>(bytes);
  std::memset(memory.get(), 1, bytes);
  const std::size_t part = bytes / static_cast<std::size_t>(threads) / 256 * 256;
  const double seconds = best_time_s(threads, 5, [&](int t) {
    read_all(memory.get() + part * static_cast<std::size_t>(t), part);
  });
  return static_cast<double>(part) * threads / seconds;
}

inline constexpr int peak_steps = 1000000;  // long enough to meet the clock that long work gets

inline constexpr std::size_t loop_bytes =
    512 * 1024;  // with those of a second thread well inside L2

// Four products of tiles a step. `data` null: of tiles that stay in their registers. Else each step
// loads its two tiles of rows and two of weights from the next of `loop_bytes`, in the order, and
// with the clearing of tiles, of kernels/cpu/ops_amx.cpp.
template <bool loads>
__attribute__((target("amx-tile,amx-bf16"))) void multiply_tiles(const std::uint8_t* data) {
  struct alignas(64) {
    std::uint8_t bytes[64] = {1};
  } config;
  for (int tile = 0; tile < 8; ++tile) {
    config.bytes[16 + 2 * tile] = 64;
    config.bytes[48 + tile] = 16;
  }
  __asm__ volatile("" : : "r"(&config) : "memory");  // g++ 12's tile loads do not say so
  _tile_loadconfig(&config);
  _tile_loadd(4, data, 64);
  _tile_loadd(5, data, 64);
  _tile_loadd(6, data, 64);
  _tile_loadd(7, data, 64);
  std::size_t at = 0;
  for (int i = 0; i < peak_steps; ++i) {
    if constexpr (loads) {
      const std::uint8_t* tiles = data + at;
      _tile_loadd(4, tiles, 64);
      _tile_loadd(6, tiles + 1024, 64);
      _tile_dpbf16ps(0, 4, 6);
      _tile_loadd(7, tiles + 2048, 64);
      _tile_dpbf16ps(1, 4, 7);
      _tile_zero(4);
      _tile_loadd(5, tiles + 3072, 64);
      _tile_dpbf16ps(3, 5, 7);
      _tile_zero(7);
      _tile_dpbf16ps(2, 5, 6);
      _tile_zero(5);
      _tile_zero(6);
      at = (at + 4096) % loop_bytes;
    } else {
      _tile_dpbf16ps(0, 4, 6);
      _tile_dpbf16ps(1, 4, 7);
      _tile_dpbf16ps(2, 5, 6);
      _tile_dpbf16ps(3, 5, 7);
    }
  }
  _tile_release();
}

// A rate of the tile unit, of `threads` with data of their own.
template <bool loads>
double tile_flops(int threads) {
  const auto data =
      kernels::aligned_array<std::uint8_t>(loop_bytes * static_cast<std::size_t>(threads));
  std::memset(data.get(), 0, loop_bytes * static_cast<std::size_t>(threads));
  const double flop = 4.0 * peak_steps * 16 * 16 * 32 * 2 * threads;
  return flop / best_time_s(threads, 3, [&](int t) {
           multiply_tiles<loads>(data.get() + loop_bytes * static_cast<std::size_t>(t));
         });
}

__attribute__((target("avx512f"))) inline void multiply_vectors() {
  __m512 sums[12];
  for (__m512& sum : sums) {
    sum = _mm512_set1_ps(1.0F);
  }
  const __m512 factor = _mm512_set1_ps(0.5F);
  for (int i = 0; i < peak_steps * 4; ++i) {
    for (__m512& sum : sums) {
      sum = _mm512_fmadd_ps(sum, factor, factor);
    }
  }
  float total[16] = {};
  for (const __m512& sum : sums) {
    _mm512_storeu_ps(total, sum);
  }
  volatile float sink = total[0];
  (void)sink;
}

inline double peak_flops(kernels::Unit unit, int threads) {
  if (unit == kernels::Unit::amx) {
    return tile_flops<false>(threads);
  }
  if (unit == kernels::Unit::avx512) {
    const double flop = 4.0 * peak_steps * 12 * 16 * 2 * threads;
    return flop / best_time_s(threads, 3, [](int) { multiply_vectors(); });
  }
  return 0;
}

// The rate of the tile unit where every product loads a tile from L2, where a layer's rows and
// weights lie: what a blocked product can reach.
inline double tile_loop_flops(int threads) {
  return tile_flops<true>(threads);
}

}  // namespace assay::bench
