#include "kernels/pack.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

#include <sys/mman.h>

#include "kernels/ops.h"

namespace assay::kernels {

namespace {

constexpr std::int64_t round_up(std::int64_t value, std::int64_t step) {
  return (value + step - 1) / step * step;
}

// Whether every panel lies in one row of blocks and every 128 inputs in one column of them.
bool blocks_fit(const MatrixSource& source) {
  const std::int64_t output = source.transposed ? source.col : source.row;
  const std::int64_t input = source.transposed ? source.row : source.col;
  return output % panel_rows == 0 && input % fp8_block == 0;
}

// One element's bits, unscaled.
template <class Bits>
Bits bits_at(const MatrixSource& source, std::int64_t n, std::int64_t k) {
  const std::int64_t row = source.row + (source.transposed ? k : n);
  const std::int64_t col = source.col + (source.transposed ? n : k);
  Bits bits;
  std::memcpy(&bits,
              static_cast<const unsigned char*>(source.tensor.data) +
                  static_cast<std::size_t>(row * source.tensor.cols + col) * sizeof(Bits),
              sizeof bits);
  return bits;
}

// Where element (n, k) of a panel lies, in elements.
std::int64_t place(Dtype dtype, std::int64_t n, std::int64_t k) {
  switch (dtype) {
    case Dtype::f32:
    case Dtype::f16:
      return k * panel_rows + n;
    case Dtype::bf16:
      return k / 2 * (2 * panel_rows) + n * 2 + k % 2;
    case Dtype::f8_e4m3:
      return k / 4 * (4 * panel_rows) + n / 4 * 16 + k % 4 / 2 * 8 + n % 4 * 2 + k % 2;
  }
  return 0;
}

template <class Bits>
void fill(const MatrixSource& source, const PackedView& view, Bits* out) {
  const auto panel_size = static_cast<std::int64_t>(view.panel_bytes / sizeof(Bits));
  for (int panel = 0; panel < view.panels; ++panel, out += panel_size) {
    for (std::int64_t n = 0; n < panel_rows; ++n) {
      const std::int64_t row = std::int64_t{panel} * panel_rows + n;
      const std::int64_t cols = row < view.rows ? view.cols : 0;
      for (std::int64_t k = 0; k < cols; ++k) {
        out[place(view.dtype, n, k)] = bits_at<Bits>(source, row, k);
      }
      for (std::int64_t k = cols; k < view.cols_padded; ++k) {
        out[place(view.dtype, n, k)] = Bits{};
      }
    }
  }
}

void fill_widened(const MatrixSource& source, const PackedView& view, float* out) {
  std::memset(out, 0, view.panel_bytes * static_cast<std::size_t>(view.panels));
  const auto panel_size = static_cast<std::int64_t>(view.panel_bytes / sizeof(float));
  for (std::int64_t n = 0; n < view.rows; ++n) {
    for (std::int64_t k = 0; k < view.cols; ++k) {
      const std::int64_t row = source.row + (source.transposed ? k : n);
      const std::int64_t col = source.col + (source.transposed ? n : k);
      out[n / panel_rows * panel_size + place(Dtype::f32, n % panel_rows, k)] =
          element(source.tensor, row, col);
    }
  }
}

Aligned<float> packed_scales(const MatrixSource& source, const PackedView& view) {
  auto scales = aligned_array<float>(static_cast<std::size_t>(view.panels) *
                                     static_cast<std::size_t>(view.scale_blocks));
  const std::int64_t tensor_blocks = (source.tensor.cols + fp8_block - 1) / fp8_block;
  for (std::int64_t panel = 0; panel < view.panels; ++panel) {
    for (std::int64_t block = 0; block < view.scale_blocks; ++block) {
      const std::int64_t n = panel * panel_rows;
      const std::int64_t k = block * fp8_block;
      const std::int64_t row = source.row + (source.transposed ? k : n);
      const std::int64_t col = source.col + (source.transposed ? n : k);
      scales[static_cast<std::size_t>(panel * view.scale_blocks + block)] =
          source.tensor.scales[row / fp8_block * tensor_blocks + col / fp8_block];
    }
  }
  return scales;
}

}  // namespace

void* allocate_aligned(std::size_t bytes) {
  constexpr std::size_t huge_page = std::size_t{2} << 20;
  const bool huge = bytes >= 2 * huge_page;
  const std::size_t alignment = huge ? huge_page : 64;
  const std::size_t size = (bytes / alignment + 1) * alignment;
  void* pointer = std::aligned_alloc(alignment, size);
  if (pointer == nullptr) {
    throw std::bad_alloc();
  }
  if (huge) {
    madvise(pointer, size, MADV_HUGEPAGE);  // a hint: fewer address translations while streaming
  }
  return pointer;
}

MatrixSource whole(const Tensor& tensor) {
  return {.tensor = tensor, .rows = tensor.rows, .cols = tensor.cols};
}

std::size_t PackedMatrix::bytes() const {
  const auto area = static_cast<std::size_t>(view.rows) * static_cast<std::size_t>(view.cols);
  const auto scale_rows = static_cast<std::size_t>((view.rows + fp8_block - 1) / fp8_block);
  return area * bytes_of(view.dtype) +
         scale_rows * static_cast<std::size_t>(view.scale_blocks) * sizeof(float);
}

PackedMatrix pack(const MatrixSource& source) {
  PackedMatrix packed;
  PackedView& view = packed.view;
  view.rows = static_cast<int>(source.transposed ? source.cols : source.rows);
  view.cols = static_cast<int>(source.transposed ? source.rows : source.cols);
  view.cols_padded = static_cast<int>(round_up(view.cols, chunk_cols));
  view.panels = (view.rows + panel_rows - 1) / panel_rows;
  const Dtype from = source.tensor.dtype;
  const bool widen = from == Dtype::f8_e4m3 && !blocks_fit(source);
  view.dtype = widen ? Dtype::f32 : from;
  view.panel_bytes = static_cast<std::size_t>(view.cols_padded) * panel_rows * bytes_of(view.dtype);
  packed.data =
      aligned_array<std::uint8_t>(view.panel_bytes * static_cast<std::size_t>(view.panels));
  void* out = packed.data.get();
  if (widen) {
    fill_widened(source, view, static_cast<float*>(out));
  } else if (from == Dtype::f8_e4m3) {
    view.scale_blocks = (view.cols + fp8_block - 1) / fp8_block;
    packed.scales = packed_scales(source, view);
    fill(source, view, static_cast<std::uint8_t*>(out));
  } else if (from == Dtype::f32) {
    fill(source, view, static_cast<std::uint32_t*>(out));
  } else {
    fill(source, view, static_cast<std::uint16_t*>(out));
  }
  view.data = packed.data.get();
  view.scales = packed.scales.get();
  return packed;
}

RowsView PackedRows::view() const {
  RowsView view{.planes = planes_of(form_), .stride = stride_, .tile_row_size = tile_row_size_};
  for (int plane = 0; plane < view.planes; ++plane) {
    view.values[plane] = sides_.values ? values_.get() + plane * plane_size_ : nullptr;
    view.tiles[plane] = sides_.tiles ? tiles_.get() + plane * tile_plane_size_ : nullptr;
  }
  return view;
}

RowsView skip_rows(RowsView view, std::int64_t rows) {
  const bool aligned = rows % tile_rows == 0;
  for (int plane = 0; plane < view.planes; ++plane) {
    if (view.values[plane] != nullptr) {
      view.values[plane] += rows * view.stride;
    }
    if (view.tiles[plane] != nullptr) {
      view.tiles[plane] =
          aligned ? view.tiles[plane] + rows / tile_rows * view.tile_row_size : nullptr;
    }
  }
  return view;
}

// Where the row's first chunk lies in a plane of tiles.
std::int64_t PackedRows::tile_place(int row) const {
  return row / tile_rows * tile_row_size_ + row % tile_rows * chunk_cols;
}

void PackedRows::copy(int row, const PackedRows& other, int from, Sides sides) {
  assert(cols_ == other.cols_ && form_ == other.form_);
  for (int plane = 0; plane < planes_of(form_); ++plane) {
    if (sides.values && sides_.values && other.sides_.values) {
      std::memcpy(values_.get() + plane * plane_size_ + row * stride_,
                  other.values_.get() + plane * other.plane_size_ + from * stride_,
                  static_cast<std::size_t>(stride_) * sizeof(float));
    }
    if (sides.tiles && sides_.tiles && other.sides_.tiles) {
      std::uint16_t* to = tiles_.get() + plane * tile_plane_size_ + tile_place(row);
      const std::uint16_t* source =
          other.tiles_.get() + plane * other.tile_plane_size_ + other.tile_place(from);
      for (std::int64_t at = 0; at < tile_row_size_; at += tile_values) {
        std::memcpy(to + at, source + at, chunk_cols * sizeof(std::uint16_t));
      }
    }
  }
}

void PackedRows::reset(int rows, int cols, Activations form, Sides sides) {
  rows_ = rows;
  cols_ = cols;
  form_ = form;
  sides_ = form == Activations::f32 ? Sides{} : sides;
  const std::int64_t padded = round_up(cols, chunk_cols);
  // An odd number of cache lines: with a power of two between them, rows side by side would share
  // one set of the cache and push each other out.
  stride_ = padded + (padded / chunk_cols % 2 == 0 ? chunk_cols : 0);
  plane_size_ = stride_ * rows;
  tile_row_size_ = padded * tile_rows;
  tile_plane_size_ = round_up(rows, tile_rows) / tile_rows * tile_row_size_;
  const auto planes = static_cast<std::size_t>(planes_of(form_));
  const auto needed = sides_.values ? static_cast<std::size_t>(plane_size_) * planes : 0;
  if (capacity_ < needed) {
    values_ = aligned_array<float>(needed);
    capacity_ = needed;
  }
  const auto tiles_needed = sides_.tiles ? static_cast<std::size_t>(tile_plane_size_) * planes : 0;
  if (tile_capacity_ < tiles_needed) {
    tiles_ = aligned_array<std::uint16_t>(tiles_needed);
    std::memset(tiles_.get(), 0, tiles_needed * sizeof(std::uint16_t));
    tile_capacity_ = tiles_needed;
  }
}

void PackedRows::set(int row, const float* values, Sides sides) {
  assert(row >= 0 && row < rows_);
  assert(form_ != Activations::f32 || sides.values);
  float* first = sides.values && sides_.values ? values_.get() + row * stride_ : nullptr;
  std::uint16_t* tile = sides.tiles && sides_.tiles ? tiles_.get() + tile_place(row) : nullptr;
  if (form_ == Activations::f32) {
    std::memcpy(first, values, static_cast<std::size_t>(cols_) * sizeof(float));
  } else {
    static const Ops& best = ops(best_unit());
    best.split_row({.x = values,
                    .cols = cols_,
                    .planes = planes_of(form_),
                    .values = first,
                    .plane_size = plane_size_,
                    .tiles = tile,
                    .tile_plane_size = tile_plane_size_});
  }
  const std::int64_t last_chunk = cols_ / chunk_cols * std::int64_t{tile_values};
  for (int plane = 0; plane < planes_of(form_); ++plane) {
    if (first != nullptr) {
      std::fill(first + plane * plane_size_ + cols_, first + plane * plane_size_ + stride_, 0.0F);
    }
    if (tile != nullptr && cols_ % chunk_cols != 0) {
      std::uint16_t* chunk = tile + plane * tile_plane_size_ + last_chunk;
      std::fill(chunk + cols_ % chunk_cols, chunk + chunk_cols, std::uint16_t{0});
    }
  }
}

}  // namespace assay::kernels
