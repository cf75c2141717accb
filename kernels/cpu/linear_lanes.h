// The linear layer on vector lanes; the order of the sum is ops.h's. Included by one file per unit,
// after its Lanes.
#pragma once

#include "kernels/ops.h"

namespace {

using namespace assay::kernels;  // NOLINT(google-build-using-namespace): private to kernels/cpu

using V = Lanes::V;

// The accumulators of one panel and up to `rows` rows while a chunk passes by.
template <int rows>
struct Chains {
  V even[rows];
  V odd[rows];

  void clear() {
    for (int r = 0; r < rows; ++r) {
      even[r] = Lanes::zero();
      odd[r] = Lanes::zero();
    }
  }
  // x is row 0 of the plane at input k.
  void pair(const float* x, std::int64_t stride, V first, V second) {
    for (int r = 0; r < rows; ++r) {
      even[r] = Lanes::fma(Lanes::set(x[r * stride]), first, even[r]);
      odd[r] = Lanes::fma(Lanes::set(x[r * stride + 1]), second, odd[r]);
    }
  }
  void add_to(V (&total)[rows]) const {
    for (int r = 0; r < rows; ++r) {
      total[r] = Lanes::add(total[r], Lanes::add(even[r], odd[r]));
    }
  }
};

// One chunk of 32 inputs of a panel, at `w`, for one plane.
template <Dtype dtype, int rows>
inline void chunk(const std::uint8_t* w, const float* x, std::int64_t stride, V (&total)[rows]) {
  Chains<rows> chains;
  chains.clear();
  if constexpr (dtype == Dtype::f8_e4m3) {
    for (std::int64_t k = 0; k < chunk_cols; k += 4) {
      V first[2];
      V second[2];
      Lanes::from_f8(w + k * panel_rows, first, second);
      chains.pair(x + k, stride, first[0], second[0]);
      chains.pair(x + k + 2, stride, first[1], second[1]);
    }
  } else {
    for (std::int64_t k = 0; k < chunk_cols; k += 2) {
      V first;
      V second;
      if constexpr (dtype == Dtype::bf16) {
        Lanes::from_bf16(w + k * panel_rows * 2, first, second);
      } else if constexpr (dtype == Dtype::f16) {
        const auto* halves = reinterpret_cast<const std::uint16_t*>(w) + k * panel_rows;
        first = Lanes::from_f16(halves);
        second = Lanes::from_f16(halves + panel_rows);
      } else {
        const auto* values = reinterpret_cast<const float*>(w) + k * panel_rows;
        first = Lanes::load(values);
        second = Lanes::load(values + panel_rows);
      }
      chains.pair(x + k, stride, first, second);
    }
  }
  chains.add_to(total);
}

// How far ahead of its use a weight is fetched where few rows make memory the limit: the
// processor's own prefetching stops at the end of a page.
inline constexpr int bytes_ahead = 4096;

template <Dtype dtype, int rows>
void panel_rows_block(  // NOLINT(readability-function-size): a kernel
    const Linear& op, std::int64_t panel, std::int64_t row) {
  const PackedView& w = op.w;
  const std::uint8_t* data = w.data + w.panel_bytes * static_cast<std::size_t>(panel);
  const std::int64_t stride = op.x.stride;
  constexpr int chunk_bytes = chunk_cols * panel_rows *
                              (dtype == Dtype::f32       ? 4
                               : dtype == Dtype::f8_e4m3 ? 1
                                                         : 2);
  V total[rows];
  V scaled[rows];
  for (int r = 0; r < rows; ++r) {
    total[r] = Lanes::zero();
    scaled[r] = Lanes::zero();
  }
  const float* scales = w.scales + panel * w.scale_blocks;
  for (int k = 0; k < w.cols_padded; k += chunk_cols, data += chunk_bytes) {
    if constexpr (rows <= 2) {
      for (int line = 0; line < chunk_bytes; line += 64) {
        __builtin_prefetch(data + bytes_ahead + line);
      }
    }
    for (int plane = 0; plane < op.x.planes; ++plane) {
      chunk<dtype, rows>(data, op.x.values[plane] + row * stride + k, stride, total);
    }
    if constexpr (dtype == Dtype::f8_e4m3) {
      if ((k + chunk_cols) % fp8_block == 0 || k + chunk_cols == w.cols_padded) {
        const V scale = Lanes::set(scales[k / fp8_block]);
        for (int r = 0; r < rows; ++r) {
          scaled[r] = Lanes::fma(total[r], scale, scaled[r]);
          total[r] = Lanes::zero();
        }
      }
    }
  }
  const int left = static_cast<int>(w.rows - panel * panel_rows);
  for (int r = 0; r < rows; ++r) {
    const V result = dtype == Dtype::f8_e4m3 ? scaled[r] : total[r];
    Lanes::store(op.y + (row + r) * op.y_stride + panel * panel_rows, result, left);
  }
}

template <Dtype dtype>
void linear_of(const Linear& op) {
  for (int panel = op.panel_begin; panel < op.panel_end; ++panel) {
    int row = op.row_begin;
    for (; row + Lanes::rows_max <= op.row_end; row += Lanes::rows_max) {
      panel_rows_block<dtype, Lanes::rows_max>(op, panel, row);
    }
    if constexpr (Lanes::rows_max > 4) {
      for (; row + 4 <= op.row_end; row += 4) {
        panel_rows_block<dtype, 4>(op, panel, row);
      }
    }
    for (; row + 2 <= op.row_end; row += 2) {
      panel_rows_block<dtype, 2>(op, panel, row);
    }
    for (; row < op.row_end; ++row) {
      panel_rows_block<dtype, 1>(op, panel, row);
    }
  }
}

inline void linear_lanes(const Linear& op) {
  switch (op.w.dtype) {
    case Dtype::f32:
      return linear_of<Dtype::f32>(op);
    case Dtype::f16:
      return linear_of<Dtype::f16>(op);
    case Dtype::bf16:
      return linear_of<Dtype::bf16>(op);
    case Dtype::f8_e4m3:
      return linear_of<Dtype::f8_e4m3>(op);
  }
}

}  // namespace
