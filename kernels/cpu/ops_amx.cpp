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

// g++ 12's tile loads do not tell the compiler that they read memory: what is stored before must be
// made to lie there.
inline void settle_stores() {
  __asm__ volatile("" ::: "memory");
}

struct alignas(64) TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// All tiles 16 rows of 64 bytes; until _tile_release.
inline void configure_tiles() {
  const TileConfig config;
  settle_stores();
  _tile_loadconfig(&config);
}

}  // namespace

// After these two:
#include "kernels/cpu/attention_amx_lanes.h"

namespace {

constexpr std::int64_t lower_tiles = 16 * 32;  // sums of the rows before the lower two tiles
constexpr int block_rows = 32;                 // rows of x and outputs of one block: two tiles each
constexpr std::int64_t block_sums = std::int64_t{block_rows} * 32;
// Weights of `block_cols` inputs of two panels, 32 KiB, stay in L1 while `rows_max` rows pass by;
// those rows, 256 KiB a plane, stay in L2 while the panels of a group, 256 KiB of sums, pass by.
constexpr int block_cols = 512;
constexpr int rows_max = 256;
constexpr int group_panels = 16;
// Below this the rows of all inputs stay in L2, and panels are read from end to end, as memory
// likes it.
constexpr int many_rows = 96;

// One block: 32 rows of x by two panels, over some chunks of inputs. Tiles 0-3 hold the sums, 4-5
// the rows of x, 6-7 the weights.
struct Block {
  const std::uint16_t* x[3];       // the planes' tiles at the block's first row and input
  std::int64_t lower;              // values between those tiles and the ones below
  const std::uint8_t* weights[2];  // the panels at that input, as bf16 pairs
  int planes;
  int chunks;
};

// How far ahead of the multiplications, in tiles: weights come from memory, rows of x from L2.
constexpr int weights_ahead = 12;
constexpr int rows_ahead = 2;

inline void prefetch_weights(const std::uint8_t* tile) {
  for (int line = 0; line < 16; ++line) {
    _mm_prefetch(reinterpret_cast<const char*>(tile) + line * 64, _MM_HINT_T1);
  }
}
inline void prefetch_rows(const std::uint16_t* tile) {
  for (int line = 0; line < 16; ++line) {
    _mm_prefetch(reinterpret_cast<const char*>(tile) + line * 64, _MM_HINT_T0);
  }
}

// `tall`: 32 rows, else 16 of them. `fresh`: the weights come from memory and not from L1.
template <bool tall, bool fresh>
inline void multiply(const Block& block) {
  constexpr std::int64_t pair_bytes = chunk_cols * panel_rows * 2;
  settle_stores();
  for (std::int64_t i = 0; i < block.chunks; ++i) {
    if constexpr (fresh) {
      prefetch_weights(block.weights[0] + (i + weights_ahead) * pair_bytes);
      prefetch_weights(block.weights[1] + (i + weights_ahead) * pair_bytes);
    }
    _tile_loadd(6, block.weights[0] + i * pair_bytes, 64);
    _tile_loadd(7, block.weights[1] + i * pair_bytes, 64);
    for (int plane = 0; plane < block.planes; ++plane) {
      const std::uint16_t* x = block.x[plane] + i * tile_values;
      if constexpr (!fresh) {
        prefetch_rows(x + rows_ahead * tile_values);
      }
      _tile_loadd(4, x, 64);
      _tile_dpbf16ps(0, 4, 6);
      _tile_dpbf16ps(1, 4, 7);
      if constexpr (tall) {
        if constexpr (!fresh) {
          prefetch_rows(x + block.lower + rows_ahead * tile_values);
        }
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

// sums = fma(fresh, scale of the output's panel, sums); from zero for the first block.
void add_block(const float* fresh, const float (&scale)[2], bool first, float* sums) {
  for (std::int64_t i = 0; i < block_sums; i += 16) {
    const V before = first ? Lanes::zero() : Lanes::load(sums + i);
    const V factor = Lanes::set(scale[i / 16 % 2]);
    Lanes::store(sums + i, Lanes::fma(Lanes::load(fresh + i), factor, before));
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

// A pass: a group of panels and at most rows_max rows. It begins at a row of tiles; what comes
// before `row_begin` is computed and dropped.
struct Pass {
  const Linear* op;
  int panel_begin;
  int panel_end;
  int first_row;
  int row_begin;
  int row_end;
  float* sums;  // (pairs of panels, blocks of rows, 32, 32)

  // Where the sums of two panels begin.
  float* sums_of(int panel) const {
    return sums + std::int64_t{panel - panel_begin} / 2 * (rows_max / block_rows * block_sums);
  }
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

// All rows against `cols` inputs of two panels; the second repeats the first where there is none.
template <bool scaled>
void multiply_panels(const Pass& pass, int panel, int k, int cols) {
  alignas(64) float fresh[block_sums];
  alignas(64) std::uint8_t widened[2][fp8_block * panel_rows * 2];
  const PackedView& w = pass.op->w;
  const std::uint8_t* weights[2];
  float scale[2] = {};
  for (int i = 0; i < 2; ++i) {
    const std::int64_t each = panel + i < pass.panel_end ? panel + i : panel;
    weights[i] = w.data + static_cast<std::int64_t>(w.panel_bytes) * each +
                 std::int64_t{k} * panel_rows * (scaled ? 1 : 2);
    if constexpr (scaled) {
      widen(weights[i], cols, widened[i]);
      weights[i] = widened[i];
      scale[i] = w.scales[each * w.scale_blocks + k / fp8_block];
    }
  }
  float* of_block = pass.sums_of(panel);
  for (int row = pass.first_row; row < pass.row_end; row += block_rows, of_block += block_sums) {
    Block block = block_at(pass, row, k, cols);
    block.weights[0] = weights[0];
    block.weights[1] = weights[1];
    if (scaled || k == 0) {
      clear_tiles();
    } else {
      load_tiles(of_block);
    }
    const bool tall = pass.row_end - row > tile_rows;
    if (!scaled && row == pass.first_row) {
      tall ? multiply<true, true>(block) : multiply<false, true>(block);
    } else {
      tall ? multiply<true, false>(block) : multiply<false, false>(block);
    }
    store_tiles(scaled ? fresh : of_block);
    if (scaled) {
      add_block(fresh, scale, k == 0, of_block);
    }
  }
}

// The sums of one panel, the first or the second of its pair.
void put_down(const Pass& pass, int panel, const float* sums) {
  const Linear& op = *pass.op;
  const int n = panel * panel_rows;
  for (int row = pass.first_row < pass.row_begin ? pass.row_begin : pass.first_row;
       row < pass.row_end; ++row) {
    const std::int64_t at = row - pass.first_row;
    Lanes::store(op.y + row * op.y_stride + n, Lanes::load(sums + at * 32), op.w.rows - n);
  }
}

template <bool scaled>
void run_pass(const Pass& pass) {
  constexpr int step = scaled ? fp8_block : block_cols;
  const int cols = pass.op->w.cols_padded;
  for (int k = 0; k < cols; k += step) {
    for (int panel = pass.panel_begin; panel < pass.panel_end; panel += 2) {
      multiply_panels<scaled>(pass, panel, k, cols - k < step ? cols - k : step);
    }
  }
  for (int panel = pass.panel_begin; panel < pass.panel_end; ++panel) {
    put_down(pass, panel, pass.sums_of(panel) + (panel - pass.panel_begin) % 2 * panel_rows);
  }
}

void linear_amx(const Linear& op) {
  if (op.x.tiles[0] == nullptr || !reads_tiles(Unit::amx, op.row_end - op.row_begin)) {
    return linear_lanes(op);
  }
  alignas(64) float sums[group_panels / 2 * (rows_max / block_rows) * block_sums];
  configure_tiles();
  const int first = op.row_begin / tile_rows * tile_rows;
  const int group = op.row_end - first > many_rows ? group_panels : 2;
  for (int row = first; row < op.row_end; row += rows_max) {
    for (int panel = op.panel_begin; panel < op.panel_end; panel += group) {
      const Pass pass = {.op = &op,
                         .panel_begin = panel,
                         .panel_end = op.panel_end - panel < group ? op.panel_end : panel + group,
                         .first_row = row,
                         .row_begin = op.row_begin,
                         .row_end = op.row_end - row < rows_max ? op.row_end : row + rows_max,
                         .sums = sums};
      if (op.w.dtype == Dtype::f8_e4m3) {
        run_pass<true>(pass);
      } else {
        run_pass<false>(pass);
      }
    }
  }
  _tile_release();
}

void attention_amx(const LatentAttention& op) {
  op.page.form == LatentPage::Form::tiles ? attention_tiles(op) : attention_lanes(op);
}

}  // namespace

namespace assay::kernels {

Ops amx_ops() {
  return {.unit = Unit::amx,
          .rms_norm = rms_norm_lanes,
          .linear = linear_amx,
          .attention = attention_amx,
          .silu_mul = silu_mul_lanes,
          .add_scaled = add_scaled_lanes,
          .split_row = split_row_lanes};
}

}  // namespace assay::kernels
