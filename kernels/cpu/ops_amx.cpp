// The linear layer on AMX tiles; everything else is AVX-512's. TDPBF16PS adds, for every element of
// a tile, even + odd of 16 pairs to what was there: the chain of ops.h, so its results are the
// vector units' bit for bit. Few rows go to the vector unit, which is bound by memory there anyway.

#include <immintrin.h>

#include "kernels/cpu/lanes_avx512.h"
#include "kernels/cpu/ops_units.h"
// After its Lanes:
#include "kernels/cpu/linear_lanes.h"
#include "kernels/cpu/rows_lanes.h"

namespace {

constexpr std::int64_t lower_tiles = 16 * 32;  // sums of the rows before the lower two tiles
constexpr int block_rows = 32;                 // rows of x and outputs of one block: two tiles each
constexpr int block_cols = 256;    // inputs after which the sums are put down: weights of 16 KiB
constexpr int rows_in_pass = 512;  // rows that use the weights while they lie in L1

struct alignas(64) TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// One block: 32 rows of x by two panels, over some chunks of inputs. Tiles 0-3 hold the sums, 4-5
// the rows of x, 6-7 the weights.
struct Block {
  const std::uint16_t* x[3];       // the planes' tiles at the block's first row and input
  std::int64_t lower;              // values between those tiles and the ones below
  const std::uint8_t* weights[2];  // the panels at that input, as bf16 pairs
  int planes;
  int chunks;
};

// g++ 12's tile loads do not tell the compiler that they read memory: what is stored before must be
// made to lie there.
inline void settle_stores() {
  __asm__ volatile("" ::: "memory");
}

// `tall`: 32 rows, else 16 of them.
template <bool tall>
inline void multiply(const Block& block) {
  constexpr std::int64_t pair_bytes = chunk_cols * panel_rows * 2;
  settle_stores();
  for (std::int64_t i = 0; i < block.chunks; ++i) {
    _tile_loadd(6, block.weights[0] + i * pair_bytes, 64);
    _tile_loadd(7, block.weights[1] + i * pair_bytes, 64);
    for (int plane = 0; plane < block.planes; ++plane) {
      const std::uint16_t* x = block.x[plane] + i * tile_values;
      _tile_loadd(4, x, 64);
      _tile_dpbf16ps(0, 4, 6);
      _tile_dpbf16ps(1, 4, 7);
      if constexpr (tall) {
        _tile_loadd(5, x + block.lower, 64);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
      }
    }
  }
}

inline void clear_tiles() {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
}

// The sums of a block: (32, 32) f32.
inline void load_tiles(const float* sums) {
  settle_stores();
  _tile_loadd(0, sums, 128);
  _tile_loadd(1, sums + 16, 128);
  _tile_loadd(2, sums + lower_tiles, 128);
  _tile_loadd(3, sums + lower_tiles + 16, 128);
}
inline void store_tiles(float* sums) {
  _tile_stored(0, sums, 128);
  _tile_stored(1, sums + 16, 128);
  _tile_stored(2, sums + lower_tiles, 128);
  _tile_stored(3, sums + lower_tiles + 16, 128);
}

// sums = fma(block_sums, scale of the output's panel, sums); from zero for the first block.
void add_block(const float* block_sums, const float (&scale)[2], bool first, float* sums) {
  for (int i = 0; i < block_rows * 32; i += 16) {
    const V before = first ? Lanes::zero() : Lanes::load(sums + i);
    const V factor = Lanes::set(scale[i / 16 % 2]);
    Lanes::store(sums + i, Lanes::fma(Lanes::load(block_sums + i), factor, before));
  }
}

// 128 inputs of one panel as bf16 pairs.
void widen(const std::uint8_t* codes, int cols, std::uint8_t* pairs) {
  for (std::int64_t k = 0; k < cols; k += 4) {
    __m512i rows[2];
    Lanes::f8_to_bf16(codes + k * panel_rows, rows);
    _mm512_store_si512(pairs + k * panel_rows * 2, rows[0]);
    _mm512_store_si512(pairs + k * panel_rows * 2 + 64, rows[1]);
  }
}

// A pass: two panels (the second may repeat the first where there is none) and some rows. It begins
// at a row of tiles; what comes before `row_begin` is computed and dropped.
struct Pass {
  const Linear* op;
  int panel[2];
  int first_row;
  int row_begin;
  int row_end;
};

inline Block block_at(const Pass& pass, int row, int k, int cols) {
  const RowsView& x = pass.op->x;
  const std::int64_t at =
      row / tile_rows * x.tile_row_size + std::int64_t{k} / chunk_cols * tile_values;
  Block block = {.lower = x.tile_row_size, .planes = x.planes, .chunks = cols / chunk_cols};
  for (int plane = 0; plane < x.planes; ++plane) {
    block.x[plane] = x.tiles[plane] + at;
  }
  return block;
}

void put_down(const Pass& pass, int row, const float* sums) {
  const int end = pass.row_end - row < block_rows ? pass.row_end - row : block_rows;
  const int panels = pass.panel[0] == pass.panel[1] ? 1 : 2;
  for (int r = pass.row_begin > row ? pass.row_begin - row : 0; r < end; ++r) {
    for (int i = 0; i < panels; ++i) {
      const int n = pass.panel[i] * panel_rows;
      Lanes::store(pass.op->y + (row + r) * pass.op->y_stride + n,
                   Lanes::load(sums + std::int64_t{r} * 32 + std::int64_t{i} * 16),
                   pass.op->w.rows - n);
    }
  }
}

template <bool scaled>
void run_pass(const Pass& pass) {
  alignas(64) float sums[rows_in_pass * 32];
  alignas(64) float block_sums[block_rows * 32];
  alignas(64) std::uint8_t widened[2][fp8_block * panel_rows * 2];
  const PackedView& w = pass.op->w;
  const int step = scaled ? fp8_block : block_cols;
  const int bytes = scaled ? 1 : 2;
  for (int k = 0; k < w.cols_padded; k += step) {
    const int cols = w.cols_padded - k < step ? w.cols_padded - k : step;
    const std::uint8_t* weights[2];
    float scale[2] = {};
    for (int i = 0; i < 2; ++i) {
      weights[i] = w.data + w.panel_bytes * static_cast<unsigned>(pass.panel[i]) +
                   std::int64_t{k} * panel_rows * bytes;
      if constexpr (scaled) {
        widen(weights[i], cols, widened[i]);
        weights[i] = widened[i];
        scale[i] = w.scales[pass.panel[i] * w.scale_blocks + k / fp8_block];
      }
    }
    for (int row = pass.first_row; row < pass.row_end; row += block_rows) {
      float* of_block = sums + std::int64_t{row - pass.first_row} * 32;
      Block block = block_at(pass, row, k, cols);
      block.weights[0] = weights[0];
      block.weights[1] = weights[1];
      if (scaled || k == 0) {
        clear_tiles();
      } else {
        load_tiles(of_block);
      }
      if (pass.row_end - row > tile_rows) {
        multiply<true>(block);
      } else {
        multiply<false>(block);
      }
      store_tiles(scaled ? block_sums : of_block);
      if (scaled) {
        add_block(block_sums, scale, k == 0, of_block);
      }
    }
  }
  for (int row = pass.first_row; row < pass.row_end; row += block_rows) {
    put_down(pass, row, sums + std::int64_t{row - pass.first_row} * 32);
  }
}

void linear_amx(const Linear& op) {
  if (op.x.tiles[0] == nullptr || !reads_tiles(Unit::amx, op.row_end - op.row_begin)) {
    return linear_lanes(op);
  }
  const TileConfig config;
  settle_stores();
  _tile_loadconfig(&config);
  for (int panel = op.panel_begin; panel < op.panel_end; panel += 2) {
    const int first = op.row_begin / tile_rows * tile_rows;
    for (int row = first; row < op.row_end; row += rows_in_pass) {
      const int row_end = op.row_end - row < rows_in_pass ? op.row_end : row + rows_in_pass;
      const int second = panel + 1 < op.panel_end ? panel + 1 : panel;
      const Pass pass = {.op = &op,
                         .panel = {panel, second},
                         .first_row = row,
                         .row_begin = op.row_begin,
                         .row_end = row_end};
      if (op.w.dtype == Dtype::f8_e4m3) {
        run_pass<true>(pass);
      } else {
        run_pass<false>(pass);
      }
    }
  }
  _tile_release();
}

}  // namespace

namespace assay::kernels {

Ops amx_ops() {
  return {.unit = Unit::amx,
          .rms_norm = rms_norm_lanes,
          .linear = linear_amx,
          .attention = attention_lanes,
          .silu_mul = silu_mul_lanes,
          .add_scaled = add_scaled_lanes,
          .split_row = split_row_lanes};
}

}  // namespace assay::kernels
