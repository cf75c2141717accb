// The plain form of every operation: the contract of ops.h written down once more as loops. What
// the fast forms are tested against.

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/cpu/ops_units.h"

namespace assay::kernels {

namespace {

// The 16 interleaved partial sums of ops.h, added as a tree.
float tree_sum(float (&part)[16]) {
  for (int half = 8; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) {
      part[i] += part[i + half];
    }
  }
  return part[0];
}

void rms_norm(const RmsNorm& op) {
  for (int r = 0; r < op.rows; ++r) {
    const float* x = op.x + r * op.x_stride;
    float* y = op.y + r * op.y_stride;
    float part[16] = {};
    for (int c = 0; c < op.cols; ++c) {
      part[c % 16] = std::fma(x[c], x[c], part[c % 16]);
    }
    const float mean = tree_sum(part) / static_cast<float>(op.cols);
    const float scale = 1.0F / std::sqrt(mean + op.eps);
    for (int c = 0; c < op.cols; ++c) {
      y[c] = x[c] * scale * op.weight[c];
    }
  }
}

// w[n][k] without its block scale.
float weight_at(const PackedView& w, int n, int k) {
  const std::uint8_t* panel = w.data + w.panel_bytes * static_cast<std::size_t>(n / panel_rows);
  const int lane = n % panel_rows;
  const auto at = static_cast<std::size_t>(k * panel_rows + lane);
  switch (w.dtype) {
    case Dtype::f32:
      return reinterpret_cast<const float*>(panel)[at];
    case Dtype::f16:
      return from_f16(reinterpret_cast<const std::uint16_t*>(panel)[at]);
    case Dtype::bf16:
      return from_bf16(reinterpret_cast<const std::uint16_t*>(
          panel)[k / 2 * (2 * panel_rows) + lane * 2 + k % 2]);
    case Dtype::f8_e4m3:
      return from_f8_e4m3(
          panel[k / 4 * (4 * panel_rows) + lane / 4 * 16 + k % 4 / 2 * 8 + lane % 4 * 2 + k % 2]);
  }
  return 0;
}

float chain(const PackedView& w, const float* x, int n, int k_begin) {
  float even = 0;
  float odd = 0;
  for (int k = k_begin; k < k_begin + chunk_cols; k += 2) {
    even = std::fma(x[k], weight_at(w, n, k), even);
    odd = std::fma(x[k + 1], weight_at(w, n, k + 1), odd);
  }
  return even + odd;
}

float dot(const PackedView& w, const RowsView& x, int row, int n) {
  const bool scaled = w.dtype == Dtype::f8_e4m3;
  float total = 0;
  float block = 0;
  for (int k = 0; k < w.cols_padded; k += chunk_cols) {
    for (int plane = 0; plane < x.planes; ++plane) {
      block += chain(w, x.values[plane] + row * x.stride, n, k);
    }
    const bool block_ends = (k + chunk_cols) % fp8_block == 0 || k + chunk_cols == w.cols_padded;
    if (scaled && block_ends) {
      const int at = n / panel_rows * w.scale_blocks + k / fp8_block;
      total = std::fma(block, w.scales[static_cast<std::size_t>(at)], total);
      block = 0;
    }
  }
  return scaled ? total : block;
}

void linear(const Linear& op) {
  const int n_end = std::min(op.w.rows, op.panel_end * panel_rows);
  for (int r = op.row_begin; r < op.row_end; ++r) {
    for (int n = op.panel_begin * panel_rows; n < n_end; ++n) {
      op.y[r * op.y_stride + n] = dot(op.w, op.x, r, n);
    }
  }
}

// What the unit's number format keeps of a query or a weight.
double kept(const LatentAttention& op, double value) {
  const auto single = static_cast<float>(value);
  const bool tiles = op.page.form == LatentPage::Form::tiles;
  return static_cast<double>(tiles ? from_bf16(to_bf16(single)) : single);
}

// Two passes over the positions instead of online softmax, in double.
void attend(const LatentAttention& op, int row, int head) {
  const std::int64_t at = std::int64_t{row} * op.heads + head;
  const float* q = op.q + at * op.page.stride();
  const auto page_of = [&](int j) {
    return op.pages[row][j / LatentAttention::page_positions] + op.page_offset;
  };
  std::vector<double> p(static_cast<std::size_t>(op.visible[row]));
  double highest = -std::numeric_limits<double>::infinity();
  for (int j = 0; j < op.visible[row]; ++j) {
    double score = 0;
    for (int c = 0; c < op.page.width; ++c) {
      const float key = op.page.key(page_of(j), j % LatentAttention::page_positions, c);
      score += kept(op, static_cast<double>(q[c])) * static_cast<double>(key);
    }
    p[static_cast<std::size_t>(j)] = score * static_cast<double>(op.scale);
    highest = std::max(highest, p[static_cast<std::size_t>(j)]);
  }
  double total = 0;
  for (double& value : p) {
    value = kept(op, std::exp(value - highest));
    total += value;
  }
  for (int c = 0; c < op.page.latent; ++c) {
    double sum = 0;
    for (int j = 0; j < op.visible[row]; ++j) {
      const float value = op.page.value(page_of(j), j % LatentAttention::page_positions, c);
      sum += p[static_cast<std::size_t>(j)] * static_cast<double>(value);
    }
    op.out[at * op.page.latent + c] = static_cast<float>(sum / total);
  }
}

void attention(const LatentAttention& op) {
  for (int row = op.row_begin; row < op.row_end; ++row) {
    for (int head = op.head_begin; head < op.head_end; ++head) {
      attend(op, row, head);
    }
  }
}

void silu_mul(const SiluMul& op) {
  for (std::int64_t i = 0; i < op.count; ++i) {
    op.y[i] = op.gate[i] / (1.0F + std::exp(-op.gate[i])) * op.up[i];
  }
}

void add_scaled(const AddScaled& op) {
  for (std::int64_t i = 0; i < op.count; ++i) {
    op.y[i] = std::fma(op.scale, op.x[i], op.y[i]);
  }
}

void split_row(const SplitRow& op) {
  for (int k = 0; k < op.cols; ++k) {
    float rest = op.x[k];
    for (int plane = 0; plane < op.planes; ++plane) {
      const std::uint16_t bits = to_bf16(rest);
      if (op.values != nullptr) {
        op.values[plane * op.plane_size + k] = from_bf16(bits);
      }
      if (op.tiles != nullptr) {
        op.tiles[plane * op.tile_plane_size + k / chunk_cols * tile_values + k % chunk_cols] = bits;
      }
      rest -= from_bf16(bits);
    }
  }
}

}  // namespace

Ops plain_ops() {
  return {.unit = Unit::plain,
          .rms_norm = rms_norm,
          .linear = linear,
          .attention = attention,
          .silu_mul = silu_mul,
          .add_scaled = add_scaled,
          .split_row = split_row};
}

}  // namespace assay::kernels
