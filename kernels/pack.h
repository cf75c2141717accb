// Weights and activations in the order the linear kernels read them.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "kernels/tensor.h"

namespace assay::kernels {

struct FreeDeleter {
  void operator()(void* pointer) const { std::free(pointer); }
};
template <class T>
using Aligned = std::unique_ptr<T[], FreeDeleter>;

// 64-byte aligned, not initialised. Throws std::bad_alloc.
void* allocate_aligned(std::size_t bytes);
template <class T>
Aligned<T> aligned_array(std::size_t count) {
  return Aligned<T>(static_cast<T*>(allocate_aligned(count * sizeof(T))));
}

inline constexpr int panel_rows = 16;  // outputs side by side in one vector
inline constexpr int chunk_cols = 32;  // inputs of one step of the tile unit
inline constexpr int tile_rows = 16;   // rows of activations of one tile
inline constexpr int tile_values = tile_rows * chunk_cols;

// A part of a checkpoint's tensor as the matrix w[n][k] of a linear layer.
struct MatrixSource {
  Tensor tensor;
  std::int64_t row = 0;  // the part's first row and column in the tensor
  std::int64_t col = 0;
  std::int64_t rows = 0;  // its size in the tensor
  std::int64_t cols = 0;
  bool transposed = false;  // then w has (cols, rows)
};
MatrixSource whole(const Tensor& tensor);

// A repacked weight as the kernels see it: plain pointers, no inline code (see
// kernels/cpu/ops_avx2.cpp for why). Layout by type, panels of 16 outputs first, K padded with
// zeros to 32:
//   f32, f16  [panel][k][16]
//   bf16      [panel][k / 2][16][2]: a row of 64 bytes is a row of a tile
//   e4m3      [panel][k / 4][64]: two such rows of bytes, interleaved by 8 so that unpacking bytes
//             to words within 16-byte lanes yields one row, then the other; scales [panel][k / 128]
struct PackedView {
  Dtype dtype = Dtype::f32;
  int rows = 0;         // N
  int cols = 0;         // K
  int cols_padded = 0;  // K rounded up to 32
  int panels = 0;
  int scale_blocks = 0;  // ceil(K / 128) for e4m3, else 0
  std::size_t panel_bytes = 0;
  const std::uint8_t* data = nullptr;  // (panels, panel_bytes)
  const float* scales = nullptr;       // (panels, scale_blocks)
};

// Owns a repacked weight; empty unless made by pack().
struct PackedMatrix {
  PackedView view;
  Aligned<std::uint8_t> data;
  Aligned<float> scales;

  bool empty() const { return view.rows == 0; }
  // What one pass over the weight reads, padding left out.
  std::size_t bytes() const;
};

// An e4m3 part whose blocks do not fall on panels or on 128 inputs is widened to f32, exactly.
PackedMatrix pack(const MatrixSource& source);

// How activations enter a linear layer.
//   f32     as they are
//   bf16    rounded to bf16: one plane, what the model families were trained and are served with
//   bf16x2  the sum of two bf16 planes, x = hi + lo with 16 bits of mantissa: results agree
//           with f32 to about 1e-5, at half the speed of one plane on the tile unit
// Only bf16 and e4m3 weights use planes; f32 and f16 weights always get f32 activations.
enum class Activations { f32, bf16, bf16x2, bf16x3 };
inline constexpr int planes_max = 3;
constexpr int planes_of(Activations activations) {
  return activations == Activations::bf16x3 ? 3 : activations == Activations::bf16x2 ? 2 : 1;
}
constexpr Activations form_for(Dtype weight, Activations wanted) {
  return weight == Dtype::bf16 || weight == Dtype::f8_e4m3 ? wanted : Activations::f32;
}

// Which of the two forms of its planes a row is written in: f32 for the vector units, or bf16 for
// the tile unit.
struct Sides {
  bool values = true;
  bool tiles = false;
};

// Activations as the kernels see them; null where there are none of a kind.
struct RowsView {
  int planes = 1;
  std::int64_t stride = 0;                               // values between rows
  const float* values[3] = {nullptr, nullptr, nullptr};  // (rows, stride) for each plane
  // The same as bf16, tile after tile: (rows / 16, chunks, 16, 32), rows rounded up to 16. A tile
  // lies together, so that reading it is reading ahead.
  const std::uint16_t* tiles[3] = {nullptr, nullptr, nullptr};
  std::int64_t tile_row_size = 0;  // values between tiles one above the other
};

// The same without the first `rows` rows; without tiles unless that is a multiple of 16.
RowsView skip_rows(RowsView view, std::int64_t rows);

// Activations of some tokens, K padded with zeros. Reused from step to step; grows as needed.
class PackedRows {
 public:
  // Makes room; what was written before is lost. f32 activations have no tiles.
  void reset(int rows, int cols, Activations form, Sides sides);
  // Writes row `row` from (cols) values, in the sides named, or in all there are. Rows may be
  // written from several threads.
  void set(int row, const float* values, Sides sides = {.values = true, .tiles = true});
  // Copies row `from` of another that was reset with the same columns and form, likewise.
  void copy(int row, const PackedRows& other, int from,
            Sides sides = {.values = true, .tiles = true});

  int rows() const { return rows_; }
  Activations form() const { return form_; }
  RowsView view() const;

 private:
  std::int64_t tile_place(int row) const;

  int rows_ = 0;
  int cols_ = 0;
  Activations form_ = Activations::f32;
  Sides sides_;
  std::int64_t stride_ = 0;
  std::int64_t plane_size_ = 0;
  std::int64_t tile_row_size_ = 0;
  std::int64_t tile_plane_size_ = 0;
  std::size_t capacity_ = 0;       // values in values_
  std::size_t tile_capacity_ = 0;  // values in tiles_
  Aligned<float> values_;          // (planes, rows, stride)
  Aligned<std::uint16_t> tiles_;   // as in RowsView, for each plane
};

}  // namespace assay::kernels
