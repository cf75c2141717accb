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
  RowsView view{.planes = planes_of(form_), .stride = stride_};
  for (int plane = 0; plane < view.planes; ++plane) {
    view.values[plane] = values_.get() + plane * plane_size_;
    view.tiles[plane] = with_tiles_ ? tiles_.get() + plane * plane_size_ : nullptr;
  }
  return view;
}

RowsView skip_rows(RowsView view, std::int64_t rows) {
  for (int plane = 0; plane < view.planes; ++plane) {
    view.values[plane] += rows * view.stride;
    view.tiles[plane] += view.tiles[plane] != nullptr ? rows * view.stride : 0;
  }
  return view;
}

void PackedRows::copy(int row, const PackedRows& other, int from) {
  assert(stride_ == other.stride_ && form_ == other.form_);
  const auto count = static_cast<std::size_t>(stride_);
  for (int plane = 0; plane < planes_of(form_); ++plane) {
    std::memcpy(values_.get() + plane * plane_size_ + row * stride_,
                other.values_.get() + plane * other.plane_size_ + from * stride_,
                count * sizeof(float));
    if (with_tiles_ && other.with_tiles_) {
      std::memcpy(tiles_.get() + plane * plane_size_ + row * stride_,
                  other.tiles_.get() + plane * other.plane_size_ + from * stride_,
                  count * sizeof(std::uint16_t));
    }
  }
}

void PackedRows::reset(int rows, int cols, Activations form, bool with_tiles) {
  rows_ = rows;
  cols_ = cols;
  form_ = form;
  with_tiles_ = with_tiles && form != Activations::f32;
  stride_ = round_up(cols, chunk_cols);
  plane_size_ = stride_ * (rows + chunk_cols);
  const auto needed = static_cast<std::size_t>(plane_size_ * planes_of(form_));
  if (capacity_ < needed) {
    values_ = aligned_array<float>(needed);
    capacity_ = needed;
  }
  if (with_tiles_ && tile_capacity_ < needed) {
    tiles_ = aligned_array<std::uint16_t>(needed);
    std::memset(tiles_.get(), 0, needed * sizeof(std::uint16_t));
    tile_capacity_ = needed;
  }
}

void PackedRows::set(int row, const float* values) {
  assert(row >= 0 && row < rows_);
  float* first = values_.get() + row * stride_;
  if (form_ == Activations::f32) {
    std::memcpy(first, values, static_cast<std::size_t>(cols_) * sizeof(float));
  } else {
    static const Ops& best = ops(best_unit());
    best.split_row({.x = values,
                    .cols = cols_,
                    .planes = planes_of(form_),
                    .values = first,
                    .tiles = with_tiles_ ? tiles_.get() + row * stride_ : nullptr,
                    .plane_size = plane_size_});
  }
  for (int plane = 0; plane < planes_of(form_); ++plane) {
    const std::int64_t begin = plane * plane_size_ + row * stride_ + cols_;
    const std::int64_t end = plane * plane_size_ + (row + 1) * stride_;
    std::fill(values_.get() + begin, values_.get() + end, 0.0F);
    if (with_tiles_) {
      std::fill(tiles_.get() + begin, tiles_.get() + end, std::uint16_t{0});
    }
  }
}

}  // namespace assay::kernels
