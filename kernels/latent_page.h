// How a page of the cache holds its positions.
#pragma once

#include <cstdint>

namespace assay::kernels {

// A page of one layer: page_positions cached positions, each the C channels of the latent and,
// behind them, those of the rope: W in all.
//
//   rows   f32, position after position, W rounded up to 16 apart, zeros beyond W
//   tiles  bf16, twice, in the order in which the tile unit multiplies: the keys for q k^T as
//          (2, ceil(W / 32), 16 pairs of channels, 16 positions, 2), and behind them the values for
//          p v as (ceil(C / 16), 16 pairs of positions, 16 channels, 2)
//
// In tiles, values are never NaN or infinite, so that a weight of zero is enough to hide a
// position: one that has such a channel is kept as NaN keys and zero values, and makes NaN of every
// row that sees it and of no other. REQUIRES: the memory was zero when it was new.
struct LatentPage {
  enum class Form { rows, tiles };
  static constexpr int positions = 32;
  static constexpr int channels_max = 2048;  // W

  Form form = Form::rows;
  int latent = 0;  // C
  int width = 0;   // W

  int stride() const { return (width + 15) / 16 * 16; }
  int key_chunks() const { return (width + 31) / 32; }
  int value_tiles() const { return (latent + 15) / 16; }
  // What a page takes, in f32 values.
  std::int64_t size() const;
  // Writes (W) values as one position. From several threads for pages of different sequences; the
  // positions of one page share cache lines.
  void write(float* page, int position, const float* values) const;
  // What attention sees of a position: a channel of its key, and of its value.
  float key(const float* page, int position, int channel) const;
  float value(const float* page, int position, int channel) const;
};

}  // namespace assay::kernels
