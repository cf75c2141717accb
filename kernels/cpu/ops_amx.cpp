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

inline void clear_tiles() {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
}

// Tiles 0-3 += (upper, lower) x (left, right): two tiles of rows, or one where not `tall`, by two
// of weights. Clearing a tile after its last use gives its register back: they are scarce while the
// core's other hardware thread is busy, and loads that wait for one hold up the multiplications. On
// an idle core it changes nothing.
template <bool tall>
inline void multiply_add(const void* upper, const void* lower, const void* left,
                         const void* right) {
  _tile_loadd(4, upper, 64);
  _tile_loadd(6, left, 64);
  _tile_dpbf16ps(0, 4, 6);
  _tile_loadd(7, right, 64);
  _tile_dpbf16ps(1, 4, 7);
  _tile_zero(4);
  if constexpr (tall) {
    _tile_loadd(5, lower, 64);
    _tile_dpbf16ps(3, 5, 7);
    _tile_zero(7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_zero(5);
  } else {
    _tile_zero(7);
  }
  _tile_zero(6);
}

}  // namespace

// After these:
#include "kernels/cpu/attention_amx_lanes.h"

namespace {

constexpr int block_rows = 32;  // rows of x and outputs of one block: two tiles each
constexpr std::int64_t block_sums = std::int64_t{block_rows} * 32;
constexpr std::int64_t lower_tiles =
    std::int64_t{16} * 32;  // sums of the rows before the lower two tiles
// Sums stay in tiles while all inputs pass by, up to `block_cols` of them: putting them down costs
// more than reading rows and weights from L2 again. There lie `pass_values` of rows, 1 MiB in all
// planes, and the weights of two panels, 128 KiB, while the next two are fetched; and, where there
// are more inputs than that, the sums of a group of panels, 256 KiB.
constexpr int block_cols = 2048;
constexpr int pass_values = 512 * 1024;
constexpr int rows_max = 256;
constexpr int group_panels = 16;

// One block: 32 rows of x by two panels, over some chunks of inputs. Tiles 0-3 hold the sums, 4-5
// the rows of x, 6-7 the weights.
struct Block {
  const std::uint16_t* x[3] = {};       // the planes' tiles at the block's first row and input
  std::int64_t lower = 0;               // values between those tiles and the ones below
  const std::uint8_t* weights[2] = {};  // the panels at that input, as bf16 pairs
  int planes = 1;
  int chunks = 0;
};

// Weights that come next, fetched from memory to L2 a few lines at a time while others are used.
struct Ahead {
  const std::uint8_t* at = nullptr;
  int lines = 0;  // each time

  void fetch() {
    for (int line = 0; line < lines; ++line) {
      _mm_prefetch(reinterpret_cast<const char*>(at) + std::int64_t{line} * 64, _MM_HINT_T1);
    }
    at += std::int64_t{lines} * 64;
  }
};

// sums = fma(fresh, scale of the output's panel, sums), a few rows at a time, beside the tile
// unit's next multiplications.
struct ScaledAdd {
  const float* fresh = nullptr;
  float* sums = nullptr;
  float scale[2] = {};
  int rows_left = 0;

  void add(int rows) {
    const V factors[2] = {Lanes::set(scale[0]), Lanes::set(scale[1])};
    const int end = rows_left > rows ? rows_left - rows : 0;
    for (; rows_left > end; --rows_left, fresh += 32, sums += 32) {
      Lanes::store(sums, Lanes::fma(Lanes::load(fresh), factors[0], Lanes::load(sums)));
      Lanes::store(sums + 16,
                   Lanes::fma(Lanes::load(fresh + 16), factors[1], Lanes::load(sums + 16)));
    }
  }
};

// `tall`: 32 rows, else 16 of them.
template <bool tall, bool adds>
inline void multiply(const Block& block, Ahead (&ahead)[2], ScaledAdd& pending) {
  constexpr std::int64_t pair_bytes = std::int64_t{chunk_cols} * panel_rows * 2;
  constexpr int rows_of_chunk = block_rows * chunk_cols / fp8_block;
  settle_stores();
  for (std::int64_t i = 0; i < block.chunks; ++i) {
    ahead[0].fetch();
    ahead[1].fetch();
    if constexpr (adds) {
      pending.add(rows_of_chunk);
    }
    for (int plane = 0; plane < block.planes; ++plane) {
      const std::uint16_t* x = block.x[plane] + i * tile_values;
      multiply_add<tall>(x, x + block.lower, block.weights[0] + i * pair_bytes,
                         block.weights[1] + i * pair_bytes);
    }
  }
}

// The sums of a block: (32, 32) f32.
inline void load_tiles(const float* sums) {
  settle_stores();
  _tile_loadd(0, sums, 128);
  _tile_loadd(1, sums + 16, 128);
  _tile_loadd(2, sums + lower_tiles, 128);
  _tile_loadd(3, sums + lower_tiles + 16, 128);
}
inline void store_upper_tiles(float* sums) {
  _tile_stored(0, sums, 128);
  _tile_stored(1, sums + 16, 128);
  settle_stores();
}
inline void store_tiles(float* sums) {
  store_upper_tiles(sums);
  _tile_stored(2, sums + lower_tiles, 128);
  _tile_stored(3, sums + lower_tiles + 16, 128);
  settle_stores();
}

// Some inputs of one panel as bf16 pairs.
void widen(const std::uint8_t* codes, int cols, std::uint8_t* pairs) {
  for (std::int64_t k = 0; k < cols; k += 4) {
    __m512i rows[2];
    Lanes::f8_to_bf16(codes + k * panel_rows, rows);
    _mm512_store_si512(pairs + k * panel_rows * 2, rows[0]);
    _mm512_store_si512(pairs + k * panel_rows * 2 + 64, rows[1]);
  }
}

inline const std::uint8_t* weights_at(const Linear& op, std::int64_t panel, std::int64_t col) {
  const std::int64_t col_bytes = std::int64_t{panel_rows} * (op.w.dtype == Dtype::bf16 ? 2 : 1);
  return op.w.data + static_cast<std::int64_t>(op.w.panel_bytes) * panel + col * col_bytes;
}

// A pass: a group of panels, at most rows_max rows, at most block_cols inputs. Rows begin at a row
// of tiles; what comes before `row_begin` is computed and dropped.
struct Pass {
  const Linear* op;
  int panel_begin;
  int panel_end;
  int first_row;
  int row_begin;
  int row_end;
  int col_begin;
  int col_end;
  const std::uint8_t* next[2];  // the weights that the pass after this one begins with, or null
  float* sums;                  // (pairs of panels, blocks of rows, 32, 32)
  std::uint8_t* widened;        // (2, block_cols * 32), for e4m3

  bool begins() const { return col_begin == 0; }
  bool ends() const { return col_end == op->w.cols_padded; }
  int cols() const { return col_end - col_begin; }
  int blocks() const { return (row_end - first_row + block_rows - 1) / block_rows; }
  // The sums of two panels and 32 rows.
  float* sums_of(int panel, int block) const {
    const std::int64_t pair = (panel - panel_begin) / 2;
    return sums + (pair * (rows_max / block_rows) + block) * block_sums;
  }
  // A panel at the pass's first input. Where there is none it is the last one.
  const std::uint8_t* weights(int panel) const {
    return weights_at(*op, panel < panel_end ? panel : panel_end - 1, col_begin);
  }
};

// The sums of one block to y.
void put_down(const Pass& pass, int panel, int block, const float* sums) {
  const Linear& op = *pass.op;
  const int first = pass.first_row + block * block_rows;
  const int end = pass.row_end < first + block_rows ? pass.row_end : first + block_rows;
  for (int side = 0; side < 2 && panel + side < pass.panel_end; ++side) {
    const int n = (panel + side) * panel_rows;
    for (int row = first < pass.row_begin ? pass.row_begin : first; row < end; ++row) {
      const V v = Lanes::load(sums + std::int64_t{row - first} * 32 + std::int64_t{side} * 16);
      Lanes::store(op.y + row * op.y_stride + n, v, op.w.rows - n);
    }
  }
}

// Whether all of a block's sums are wanted, so that tiles can be stored where they belong.
inline bool whole(const Pass& pass, int panel, int block) {
  const int first = pass.first_row + block * block_rows;
  return first >= pass.row_begin && first + block_rows <= pass.row_end &&
         panel + 2 <= pass.panel_end && (panel + 2) * panel_rows <= pass.op->w.rows;
}

inline void store_tiles_to(float* y, std::int64_t stride) {
  const std::int64_t bytes = stride * static_cast<std::int64_t>(sizeof(float));
  _tile_stored(0, y, bytes);
  _tile_stored(1, y + 16, bytes);
  _tile_stored(2, y + 16 * stride, bytes);
  _tile_stored(3, y + 16 * stride + 16, bytes);
  settle_stores();
}

// One block of a panel whose weights are bf16.
void run_block(const Pass& pass, int panel, int block, const Block& operands, Ahead (&ahead)[2]) {
  const Linear& op = *pass.op;
  float* sums = pass.sums_of(panel, block);
  if (pass.begins()) {
    clear_tiles();
  } else {
    load_tiles(sums);
  }
  const int row = pass.first_row + block * block_rows;
  ScaledAdd none;
  if (pass.row_end - row > tile_rows) {
    multiply<true, false>(operands, ahead, none);
  } else {
    multiply<false, false>(operands, ahead, none);
  }
  if (pass.ends() && whole(pass, panel, block)) {
    store_tiles_to(op.y + row * op.y_stride + std::int64_t{panel} * panel_rows, op.y_stride);
    return;
  }
  store_tiles(sums);
  if (pass.ends()) {
    put_down(pass, panel, block, sums);
  }
}

// One block whose weights have a scale for every 128 inputs.
void run_scaled_block(const Pass& pass, int panel, int block, Block operands, Ahead (&ahead)[2]) {
  constexpr int step = fp8_block / chunk_cols;
  alignas(64) float fresh[2][block_sums];
  const PackedView& w = pass.op->w;
  float* sums = pass.sums_of(panel, block);
  if (pass.begins()) {
    __builtin_memset(sums, 0, sizeof fresh[0]);
  }
  const bool tall = pass.row_end - (pass.first_row + block * block_rows) > tile_rows;
  const int chunks = operands.chunks;
  const std::int64_t other = panel + 1 < pass.panel_end ? panel + 1 : panel;
  const float* scales = w.scales + std::int64_t{panel} * w.scale_blocks;
  const float* other_scales = w.scales + other * w.scale_blocks;
  ScaledAdd pending;
  for (int i = 0; i < chunks; i += step) {
    operands.chunks = chunks - i < step ? chunks - i : step;
    clear_tiles();
    if (tall) {
      multiply<true, true>(operands, ahead, pending);
    } else {
      multiply<false, true>(operands, ahead, pending);
    }
    pending.add(block_rows);
    float* sums_here = fresh[i / step % 2];
    if (tall) {
      store_tiles(sums_here);
    } else {
      store_upper_tiles(sums_here);
    }
    const int at = pass.col_begin / fp8_block + i / step;
    pending = {.fresh = sums_here,
               .sums = sums,
               .scale = {scales[at], other_scales[at]},
               .rows_left = tall ? block_rows : tile_rows};
    for (int plane = 0; plane < operands.planes; ++plane) {
      operands.x[plane] += std::int64_t{step} * tile_values;
    }
    operands.weights[0] += std::int64_t{fp8_block} * panel_rows * 2;
    operands.weights[1] += std::int64_t{fp8_block} * panel_rows * 2;
  }
  pending.add(block_rows);
  if (pass.ends()) {
    put_down(pass, panel, block, sums);
  }
}

// All rows of the pass against two panels.
void run_panels(const Pass& pass, int panel) {
  const bool scaled = pass.op->w.dtype == Dtype::f8_e4m3;
  const RowsView& x = pass.op->x;
  Block operands = {
      .lower = x.tile_row_size, .planes = x.planes, .chunks = pass.cols() / chunk_cols};
  Ahead ahead[2];
  const int blocks = pass.blocks();
  const int lines_of_chunk = scaled ? 8 : 16;
  for (int side = 0; side < 2; ++side) {
    operands.weights[side] = pass.weights(panel + side);
    if (scaled) {
      std::uint8_t* pairs = pass.widened + std::int64_t{side} * block_cols * panel_rows * 2;
      widen(operands.weights[side], pass.cols(), pairs);
      operands.weights[side] = pairs;
    }
    const bool inside = panel + 2 < pass.panel_end;
    ahead[side].at = inside ? pass.weights(panel + 2 + side) : pass.next[side];
    ahead[side].lines = ahead[side].at == nullptr ? 0 : (lines_of_chunk + blocks - 1) / blocks;
  }
  for (int block = 0; block < blocks; ++block) {
    const std::int64_t row = pass.first_row / tile_rows + block * (block_rows / tile_rows);
    const std::int64_t at =
        row * x.tile_row_size + std::int64_t{pass.col_begin} / chunk_cols * tile_values;
    for (int plane = 0; plane < x.planes; ++plane) {
      operands.x[plane] = x.tiles[plane] + at;
    }
    if (scaled) {
      run_scaled_block(pass, panel, block, operands, ahead);
    } else {
      run_block(pass, panel, block, operands, ahead);
    }
  }
}

// The buffers of a call.
struct LinearBuffers {
  alignas(64) float sums[std::int64_t{group_panels} / 2 * (rows_max / block_rows) * block_sums];
  alignas(64) std::uint8_t widened[std::int64_t{2} * block_cols * panel_rows * 2];
};

// Rows of a pass: passes of equal size, each a number of blocks.
int rows_of_pass(const Linear& op, int rows, int cols) {
  const int fit = pass_values / (cols * op.x.planes) / block_rows * block_rows;
  const int most = fit < block_rows ? block_rows : fit > rows_max ? rows_max : fit;
  const int passes = (rows + most - 1) / most;
  const int each = (rows + passes - 1) / passes;
  return (each + block_rows - 1) / block_rows * block_rows;
}

void linear_amx(const Linear& op) {  // NOLINT(readability-function-size): a kernel
  if (op.x.tiles[0] == nullptr || !reads_tiles(Unit::amx, op.row_end - op.row_begin)) {
    return linear_lanes(op);
  }
  LinearBuffers buffers;
  configure_tiles();
  const int cols = op.w.cols_padded;
  const int parts = (cols + block_cols - 1) / block_cols;
  const int step = (cols / parts + fp8_block - 1) / fp8_block * fp8_block;
  const int first_row = op.row_begin / tile_rows * tile_rows;
  const int rows = rows_of_pass(op, op.row_end - first_row, step);
  for (int row = first_row; row < op.row_end; row += rows) {
    for (int panel = op.panel_begin; panel < op.panel_end; panel += group_panels) {
      for (int k = 0; k < cols; k += step) {
        const int panel_end =
            op.panel_end - panel < group_panels ? op.panel_end : panel + group_panels;
        const int row_end = op.row_end - row < rows ? op.row_end : row + rows;
        Pass pass = {.op = &op,
                     .panel_begin = panel,
                     .panel_end = panel_end,
                     .first_row = row,
                     .row_begin = op.row_begin,
                     .row_end = row_end,
                     .col_begin = k,
                     .col_end = cols - k < step ? cols : k + step,
                     .next = {},
                     .sums = buffers.sums,
                     .widened = buffers.widened};
        // The next inputs of these panels, or the first of the next, or of the next rows.
        const bool more_cols = !pass.ends();
        const int next_panel = more_cols                  ? panel
                               : panel_end < op.panel_end ? panel_end
                               : row_end < op.row_end     ? op.panel_begin
                                                          : -1;
        for (int side = 0; side < 2 && next_panel >= 0; ++side) {
          const int each = next_panel + side < op.panel_end ? next_panel + side : next_panel;
          pass.next[side] = weights_at(op, each, more_cols ? pass.col_end : 0);
        }
        for (int each = pass.panel_begin; each < pass.panel_end; each += 2) {
          run_panels(pass, each);
        }
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
