// The contract of every operation of the engine: shapes, formula, order of summation, source.
//
// Each operation exists as one plain form (kernels/cpu/ops_plain.cpp, the truth) and as fast forms
// for AVX2, AVX-512 and AMX, chosen at run time through ops(). All buffers are f32 and row-major
// unless stated; "row" is one token of one sequence.
//
// Thread rule: every operation is re-entrant and computes only the range it is given, so that a
// caller divides the work as it likes. REQUIRES: FlushDenormals is in force on the calling thread;
// the tile unit treats denormals as zero whatever the mode says, and the others must do the same.
//
// Batch invariance. What a row's result is depends on that row, the weights and the cache alone:
// never on the other rows, on how many there are, on the range a thread was given. Where a sum is
// formed, its order is part of the contract below.
#pragma once

#include <cstdint>
#include <span>

#include "kernels/latent_page.h"
#include "kernels/pack.h"
#include "kernels/tensor.h"

namespace assay::kernels {

enum class Unit { plain, avx2, avx512, amx };

const char* name_of(Unit unit);

// Whether this processor, and this kernel for the tiles of AMX, can run it. Asks the kernel for
// permission to use tiles the first time; safe from any thread.
bool supported(Unit unit);
Unit best_unit();

// Denormals are zero on this thread for as long as this object lives.
class FlushDenormals {
 public:
  FlushDenormals();
  ~FlushDenormals();
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  unsigned saved_;
};

// y[r][c] = x[r][c] * weight[c] / sqrt( mean_c(x[r][c]^2) + eps ), all in f32 (engine.md 1.7c).
// Squares are summed in 16 interleaved partial sums, then as a tree.
struct RmsNorm {
  const float* x = nullptr;       // (rows, x_stride), the first `cols` of each row
  const float* weight = nullptr;  // (cols)
  float* y = nullptr;             // (rows, y_stride); may be x
  int rows = 0;
  int cols = 0;
  std::int64_t x_stride = 0;
  std::int64_t y_stride = 0;
  float eps = 0;
};

// y[r][n] = sum_k x[r][k] * w[n][k] for the rows [row_begin, row_end) and the panels of 16 outputs
// [panel_begin, panel_end).
//
// The order of the sum is that of the tile unit's TDPBF16PS, so that all units return the same
// bits (tests/kernels/cpu/linear_test.cpp). K is cut in chunks of 32, padded with zeros. With
// x_p the planes of x (pack.h):
//   chain(p)  even = 0, odd = 0; for the 16 pairs of the chunk, ascending:
//             even = fma(x_p[k], w[k], even), odd = fma(x_p[k+1], w[k+1], odd); the sum even + odd
//   bf16, f16, f32 weights:  acc = 0; for every chunk, every plane: acc = acc + chain(p)
//   e4m3 weights:            acc = 0; for every 128 of K: s = 0; for its chunks and planes
//                            s = s + chain(p); then acc = fma(s, scale, acc)
// (block sum first, scale second: engine.md 1.6).
struct Linear {
  PackedView w;  // (N, K)
  // (rows, K). REQUIRES: its form is form_for(w.dtype, ...), and it has values, or has tiles and
  // reads_tiles(unit, row_end - row_begin).
  RowsView x;
  float* y = nullptr;  // (rows, y_stride); row r of x goes to row r of y
  std::int64_t y_stride = 0;
  int row_begin = 0;
  int row_end = 0;
  int panel_begin = 0;
  int panel_end = 0;
};

// Multi-head latent attention in its absorbed form, for the rows [row_begin, row_end) and the heads
// [head_begin, head_end). With C and W the channels of `page` (latent_page.h):
//   s_j = scale * sum_{c < W} q[r][h][c] * key_j[c]       for the positions j < visible[r]
//   out[r][h][c] = sum_j softmax(s)_j * value_j[c]        for c < C
// (engine.md 1.3). Positions are taken ascending, a page at a time, or block_positions of them
// where pages are tiles, with the running maximum of online softmax: the result depends on these
// two constants and on nothing else. Where pages are tiles, queries and weights are rounded to bf16
// as the positions are, and sums are f32.
struct LatentAttention {
  static constexpr int page_positions = LatentPage::positions;
  static constexpr int stride_max = LatentPage::channels_max;
  static constexpr int block_positions = 512;

  const float* q = nullptr;  // (rows, heads, page.stride()): W values, zeros up to the stride
  float* out = nullptr;      // (rows, heads, C)
  // pages[r][i] + page_offset is page i of row r's sequence.
  const float* const* const* pages = nullptr;
  std::int64_t page_offset = 0;
  const int* visible = nullptr;  // (rows) > 0
  LatentPage page;               // REQUIRES: page.form is rows or page_form(unit, bf16)
  int heads = 0;
  float scale = 0;  // > 0
  int row_begin = 0;
  int row_end = 0;
  int head_begin = 0;
  int head_end = 0;
};

// The form of pages that attention of this unit reads where linear layers get such activations.
LatentPage::Form page_form(Unit unit, Activations activations);

// y[i] = silu(gate[i]) * up[i], silu(v) = v / (1 + exp(-v)).
struct SiluMul {
  const float* gate = nullptr;  // (count)
  const float* up = nullptr;    // (count)
  float* y = nullptr;           // (count); may be gate or up
  std::int64_t count = 0;
};

// y[i] = fma(scale, x[i], y[i]).
struct AddScaled {
  const float* x = nullptr;  // (count)
  float scale = 1;
  float* y = nullptr;  // (count)
  std::int64_t count = 0;
};

// x as the sum of `planes` bf16 numbers: each plane is what the planes before have left over,
// rounded to nearest, ties to even. Written as f32, as bf16, or both. All units return the same
// bits.
struct SplitRow {
  const float* x = nullptr;  // (cols)
  int cols = 0;
  int planes = 1;
  float* values = nullptr;  // plane p begins at p * plane_size; may be null
  std::int64_t plane_size = 0;
  // The row's place in its tiles (pack.h): input k of plane p goes to p * tile_plane_size +
  // k / chunk_cols * tile_values + k % chunk_cols. May be null.
  std::uint16_t* tiles = nullptr;
  std::int64_t tile_plane_size = 0;
};

// The operations of one unit.
struct Ops {
  Unit unit = Unit::plain;
  void (*rms_norm)(const RmsNorm&) = nullptr;
  void (*linear)(const Linear&) = nullptr;
  void (*attention)(const LatentAttention&) = nullptr;
  void (*silu_mul)(const SiluMul&) = nullptr;
  void (*add_scaled)(const AddScaled&) = nullptr;
  void (*split_row)(const SplitRow&) = nullptr;
};

// REQUIRES: supported(unit).
const Ops& ops(Unit unit);

// Which form of its activations `linear` of this unit reads where a call has that many rows.
bool reads_tiles(Unit unit, int rows);

// Rotates the pairs (2i, 2i+1) of `x` by the angles whose cosines and sines are given:
// (a, b) -> (a cos - b sin, a sin + b cos). Interleaved pairs as in DeepSeek's reference
// (engine.md 1.4). `x` holds 2 * cosines.size() values.
void rope(std::span<float> x, std::span<const float> cosines, std::span<const float> sines);

// The frequencies and the two factors that YaRN changes (engine.md 1.4; transformers
// `_compute_yarn_parameters`). Without YaRN: factor 1.
struct RopeParameters {
  int dims = 0;  // R
  double theta = 10000;
  double factor = 1;
  double beta_fast = 32;
  double beta_slow = 1;
  double original_length = 0;
};
// Writes dims / 2 frequencies in radians per position.
void rope_frequencies(const RopeParameters& parameters, std::span<float> frequencies);

// m(f, s) = 0.1 s ln f + 1 where f > 1, else 1.
double yarn_mscale(double factor, double mscale);

// Which experts a token goes to (engine.md 1.5 and 1.7 b, d, e, g, i).
struct Gate {
  int experts = 0;  // E
  int groups = 1;
  int groups_kept = 1;
  int chosen = 0;               // k
  bool sigmoid = false;         // else softmax
  bool group_limited = false;   // keep the best groups only; the others count as -inf
  bool normalise = false;       // divide by (sum of the chosen + 1e-20)
  float scaling = 1;            // routed_scaling_factor, where it applies
  const float* bias = nullptr;  // (E), for the choice only; null: none. With a bias a group's
                                // score is the sum of its two best, without it its best
};
// `logits` (E) are W_gate x in f32. Writes `chosen` experts in descending order of their score for
// the choice, ties to the lowest index, and their weights. A NaN counts as -inf.
void route(const Gate& gate, std::span<const float> logits, std::span<int> experts,
           std::span<float> weights);

}  // namespace assay::kernels
