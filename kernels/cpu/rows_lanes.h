// Normalisation, activation and attention on vector lanes. Included by one file per unit, after its
// Lanes.
#pragma once

#include "kernels/ops.h"

namespace {

using namespace assay::kernels;  // NOLINT(google-build-using-namespace): private to kernels/cpu

// Within 2 ulp for results that are normal numbers, else 0; NaN stays NaN. Cephes' expf: x = n ln 2
// + r, a polynomial in r, times 2^n.
inline Lanes::V exp_of(Lanes::V x) {
  x = Lanes::min(Lanes::set(88.0F), x);
  const Lanes::V bounded = Lanes::max(Lanes::set(-87.0F), x);
  const Lanes::V n = Lanes::round(Lanes::mul(bounded, Lanes::set(1.44269504088896341F)));
  Lanes::V r = Lanes::fma(n, Lanes::set(-0.693359375F), bounded);
  r = Lanes::fma(n, Lanes::set(2.12194440e-4F), r);
  Lanes::V p = Lanes::set(1.9875691500e-4F);
  p = Lanes::fma(p, r, Lanes::set(1.3981999507e-3F));
  p = Lanes::fma(p, r, Lanes::set(8.3334519073e-3F));
  p = Lanes::fma(p, r, Lanes::set(4.1665795894e-2F));
  p = Lanes::fma(p, r, Lanes::set(1.6666665459e-1F));
  p = Lanes::fma(p, r, Lanes::set(5.0000001201e-1F));
  p = Lanes::fma(p, Lanes::mul(r, r), Lanes::add(r, Lanes::set(1.0F)));
  return Lanes::scale_by_power(p, n);
}

inline void rms_norm_lanes(const RmsNorm& op) {
  for (int row = 0; row < op.rows; ++row) {
    const float* x = op.x + row * op.x_stride;
    float* y = op.y + row * op.y_stride;
    Lanes::V squares = Lanes::zero();
    for (int c = 0; c < op.cols; c += 16) {
      const Lanes::V v = Lanes::load(x + c, op.cols - c);
      squares = Lanes::fma(v, v, squares);
    }
    const float mean = Lanes::sum(squares) / static_cast<float>(op.cols);
    const Lanes::V scale = Lanes::set(1.0F / __builtin_sqrtf(mean + op.eps));
    for (int c = 0; c < op.cols; c += 16) {
      const Lanes::V v = Lanes::mul(Lanes::load(x + c, op.cols - c), scale);
      Lanes::store(y + c, Lanes::mul(v, Lanes::load(op.weight + c, op.cols - c)), op.cols - c);
    }
  }
}

inline void silu_mul_lanes(const SiluMul& op) {
  const Lanes::V one = Lanes::set(1.0F);
  for (std::int64_t i = 0; i < op.count; i += 16) {
    const int left = static_cast<int>(op.count - i < 16 ? op.count - i : 16);
    const Lanes::V gate = Lanes::load(op.gate + i, left);
    const Lanes::V bottom = Lanes::add(one, exp_of(Lanes::sub(Lanes::zero(), gate)));
    const Lanes::V up = Lanes::load(op.up + i, left);
    Lanes::store(op.y + i, Lanes::mul(Lanes::div(gate, bottom), up), left);
  }
}

inline void add_scaled_lanes(const AddScaled& op) {
  const Lanes::V scale = Lanes::set(op.scale);
  for (std::int64_t i = 0; i < op.count; i += 16) {
    const int left = static_cast<int>(op.count - i < 16 ? op.count - i : 16);
    const Lanes::V y = Lanes::fma(scale, Lanes::load(op.x + i, left), Lanes::load(op.y + i, left));
    Lanes::store(op.y + i, y, left);
  }
}

inline void split_row_lanes(const SplitRow& op) {
  for (int k = 0; k < op.cols; k += 16) {
    const int left = op.cols - k < 16 ? op.cols - k : 16;
    Lanes::V rest = Lanes::load(op.x + k, left);
    for (int plane = 0; plane < op.planes; ++plane) {
      const Lanes::V rounded = Lanes::round_to_bf16(rest);
      if (op.values != nullptr) {
        Lanes::store(op.values + plane * op.plane_size + k, rounded, left);
      }
      if (op.tiles != nullptr) {
        const std::int64_t in_tile = k / chunk_cols * tile_values + k % chunk_cols;
        Lanes::store_bf16(op.tiles + plane * op.tile_plane_size + in_tile, rounded, left);
      }
      rest = Lanes::sub(rest, rounded);
    }
  }
}

inline constexpr int page = LatentAttention::page_positions;

// LatentPage::stride() written out: this file shares no inline code (ops_avx2.cpp).
inline int stride_of(const LatentAttention& op) {
  return (op.page.width + 15) / 16 * 16;
}

// scores[h][j] for a block of heads and the page's positions, four at a time.
template <int heads>
void score_page(  // NOLINT(readability-function-size): a kernel
    const LatentAttention& op, const float* q, const float* keys, float (&scores)[heads][page]) {
  const std::int64_t stride = stride_of(op);
  for (int j = 0; j < page; j += 4) {
    Lanes::V sum[heads][4];
    for (auto& of_head : sum) {
      for (Lanes::V& v : of_head) {
        v = Lanes::zero();
      }
    }
    for (int c = 0; c < stride; c += 16) {
      for (int h = 0; h < heads; ++h) {
        const Lanes::V query = Lanes::load(q + h * stride + c);
        for (int i = 0; i < 4; ++i) {
          sum[h][i] = Lanes::fma(query, Lanes::load(keys + (j + i) * stride + c), sum[h][i]);
        }
      }
    }
    for (int h = 0; h < heads; ++h) {
      for (int i = 0; i < 4; ++i) {
        scores[h][j + i] = Lanes::sum(sum[h][i]) * op.scale;
      }
    }
  }
}

// Turns scores into weights against the running maximum; returns by what earlier sums shrink.
inline float soften(float (&scores)[page], int count, float& highest, float& total) {
  float top = highest;
  for (int j = 0; j < count; ++j) {
    top = scores[j] > top ? scores[j] : top;
  }
  float shrink[16];
  Lanes::store(shrink, exp_of(Lanes::set(highest - top)));
  for (int j = 0; j < page; j += 16) {
    Lanes::store(scores + j, exp_of(Lanes::sub(Lanes::load(scores + j), Lanes::set(top))));
  }
  for (int j = count; j < page; ++j) {
    scores[j] = 0;
  }
  highest = top;
  const Lanes::V sum = Lanes::add(Lanes::load(scores), Lanes::load(scores + 16));
  total = total * shrink[0] + Lanes::sum(sum);
  return shrink[0];
}

// Sixteen or 32 channels of out[h] = out[h] * shrink[h] + sum over the page of weights[h][j] *
// values[j]. Positions that are not visible are not read: they may hold anything, NaN included.
template <int heads, int width>
void gather_channels(  // NOLINT(readability-function-size): a kernel
    const float (&weights)[heads][page], int count, const float* values, std::int64_t stride,
    const float (&shrink)[heads], float* out) {
  Lanes::V sum[heads][width];
  for (int h = 0; h < heads; ++h) {
    for (int i = 0; i < width; ++i) {
      sum[h][i] =
          Lanes::mul(Lanes::load(out + h * stride + std::int64_t{i} * 16), Lanes::set(shrink[h]));
    }
  }
  for (int j = 0; j < count; ++j) {
    for (int i = 0; i < width; ++i) {
      const Lanes::V value = Lanes::load(values + j * stride + std::int64_t{i} * 16);
      for (int h = 0; h < heads; ++h) {
        sum[h][i] = Lanes::fma(Lanes::set(weights[h][j]), value, sum[h][i]);
      }
    }
  }
  for (int h = 0; h < heads; ++h) {
    for (int i = 0; i < width; ++i) {
      Lanes::store(out + h * stride + std::int64_t{i} * 16, sum[h][i]);
    }
  }
}

template <int heads>
void attend(const LatentAttention& op, int row, int head) {
  const std::int64_t at = std::int64_t{row} * op.heads + head;
  const int stride = stride_of(op);
  const int latent = op.page.latent;
  const float* q = op.q + at * stride;
  alignas(64) float out[heads * LatentAttention::stride_max];
  __builtin_memset(out, 0, sizeof(float) * heads * static_cast<unsigned>(stride));
  float highest[heads];
  float total[heads];
  for (int h = 0; h < heads; ++h) {
    highest[h] = -__builtin_inff();
    total[h] = 0;
  }
  for (int begin = 0; begin < op.visible[row]; begin += page) {
    const float* keys = op.pages[row][begin / page] + op.page_offset;
    const int count = op.visible[row] - begin < page ? op.visible[row] - begin : page;
    alignas(64) float scores[heads][page];
    float shrink[heads];
    score_page<heads>(op, q, keys, scores);
    for (int h = 0; h < heads; ++h) {
      shrink[h] = soften(scores[h], count, highest[h], total[h]);
    }
    int c = 0;
    for (; c + 32 <= stride && c < latent; c += 32) {
      gather_channels<heads, 2>(scores, count, keys + c, stride, shrink, out + c);
    }
    for (; c < latent; c += 16) {
      gather_channels<heads, 1>(scores, count, keys + c, stride, shrink, out + c);
    }
  }
  for (int h = 0; h < heads; ++h) {
    const Lanes::V scale = Lanes::set(1.0F / total[h]);
    for (int c = 0; c < latent; c += 16) {
      const Lanes::V v = Lanes::mul(Lanes::load(out + std::int64_t{h} * stride + c), scale);
      Lanes::store(op.out + (at + h) * latent + c, v, latent - c);
    }
  }
}

inline void attention_lanes(const LatentAttention& op) {
  constexpr int block = Lanes::rows_max >= 4 ? 4 : 1;  // what the registers hold
  for (int row = op.row_begin; row < op.row_end; ++row) {
    int head = op.head_begin;
    for (; head + block <= op.head_end; head += block) {
      attend<block>(op, row, head);
    }
    for (; head < op.head_end; ++head) {
      attend<1>(op, row, head);
    }
  }
}

}  // namespace
