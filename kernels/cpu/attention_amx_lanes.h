// Attention on AMX tiles, over pages of tiles (latent_page.h). Included by ops_amx.cpp, after its
// Lanes and rows_lanes.h.
//
// A query is one row's next 16 heads: 16 rows of a tile. All heads see the same keys, so that a
// tile of keys serves 16 heads of two queries, and a block of positions, 1.1 MB of a wide model,
// serves a group of queries while it lies in L2. Every element of every tile is a sum in one
// order, whatever stands in the tile's other rows: positions that a query does not see weigh zero.
#pragma once

#include <immintrin.h>

#include "kernels/ops.h"

namespace {

inline constexpr int tile_size = 512;  // bf16 values of a tile; half as many f32 sums
inline constexpr int query_heads = 16;
inline constexpr int group_queries = 8;
inline constexpr int block_pages = LatentAttention::block_positions / LatentPage::positions;
inline constexpr int chunks_max = LatentPage::channels_max / 32;
inline constexpr int value_tiles_max = LatentPage::channels_max / 16;

// A group's buffers: with a model's own sizes they lie close together.
struct AttentionBuffers {
  alignas(64) std::uint16_t queries[group_queries * chunks_max * tile_size];
  alignas(64) float sums[group_queries * value_tiles_max * tile_size / 2];
  alignas(64) float scores[2][block_pages][query_heads][LatentPage::positions];
  alignas(64) std::uint16_t weights[2][block_pages][query_heads][LatentPage::positions];
  alignas(64) float highest[group_queries][query_heads];
  alignas(64) float total[group_queries][query_heads];
};

struct Query {
  int row;
  int head;   // the first
  int heads;  // at most 16
};

struct AttentionGroup {
  const LatentAttention* op;
  AttentionBuffers* buffers;
  Query queries[group_queries];
  int count;
  int chunks;       // of keys
  int value_tiles;  // of values

  std::uint16_t* query(int i) const {
    return buffers->queries + std::int64_t{i} * chunks * tile_size;
  }
  float* sums(int i) const {
    return buffers->sums + std::int64_t{i} * value_tiles * (tile_size / 2);
  }
  int visible(int i) const { return op->visible[queries[i].row]; }
  const std::uint16_t* page(int index) const {
    const float* begin = op->pages[queries[0].row][index] + op->page_offset;
    return reinterpret_cast<const std::uint16_t*>(begin);
  }
};

// The query as tiles of 16 heads by 32 channels; heads that are not there are zeros.
inline void pack_query(const AttentionGroup& group, int index) {
  const LatentAttention& op = *group.op;
  const Query& query = group.queries[index];
  const std::int64_t stride = stride_of(op);
  const float* from = op.q + (std::int64_t{query.row} * op.heads + query.head) * stride;
  std::uint16_t* out = group.query(index);
  if (query.heads < query_heads || stride % 32 != 0) {
    __builtin_memset(out, 0,
                     sizeof(std::uint16_t) * static_cast<unsigned>(group.chunks * tile_size));
  }
  for (int h = 0; h < query.heads; ++h, from += stride) {
    for (std::int64_t c = 0; c < stride; c += 16) {
      std::uint16_t* place = out + c / 32 * tile_size + std::int64_t{h} * 32 + c % 32;
      Lanes::store_bf16(place, Lanes::round_to_bf16(Lanes::load(from + c)), 16);
    }
  }
}

// scores = q k^T of one page, for one or two queries.
template <int queries>
inline void score_tiles(const std::uint16_t* const (&q)[2], const std::uint16_t* keys, int chunks,
                        float* (&scores)[2]) {
  clear_tiles();
  const std::uint16_t* other_keys = keys + std::int64_t{chunks} * tile_size;
  for (std::int64_t at = 0; at < std::int64_t{chunks} * tile_size; at += tile_size) {
    multiply_add<queries == 2>(q[0] + at, q[queries - 1] + at, keys + at, other_keys + at);
  }
  _tile_stored(0, scores[0], 128);
  _tile_stored(1, scores[0] + 16, 128);
  if constexpr (queries == 2) {
    _tile_stored(2, scores[1], 128);
    _tile_stored(3, scores[1] + 16, 128);
  }
}

// A head's scores of a block, `count` of them visible, to weights against the running maximum;
// returns by what earlier sums shrink. `pages` of weights are written, zeros beyond `count`.
inline float soften_head(  // NOLINT(readability-function-size): a kernel
    AttentionBuffers& b, int side, int head, int count, int pages, float scale, float& highest,
    float& total) {
  const Lanes::V factor = Lanes::set(scale);
  const Lanes::V nothing = Lanes::set(-__builtin_inff());
  Lanes::V top = nothing;
  for (int j = 0; j < count; j += 16) {
    const float* scores = b.scores[side][j / 32][head] + j % 32;
    const auto seen = static_cast<__mmask16>(count - j >= 16 ? 0xffff : (1 << (count - j)) - 1);
    const Lanes::V s = Lanes::mul(Lanes::load(scores), factor);
    top = Lanes::max(_mm512_mask_mov_ps(nothing, seen, s), top);
  }
  const float here = _mm512_reduce_max_ps(top);
  const float next = here > highest ? here : highest;
  const Lanes::V base = Lanes::set(next);
  Lanes::V sum[2] = {Lanes::zero(), Lanes::zero()};
  for (int j = 0; j < pages * 32; j += 16) {
    const float* scores = b.scores[side][j / 32][head] + j % 32;
    const int left = count - j;
    const auto seen = static_cast<__mmask16>(left >= 16 ? 0xffff : left > 0 ? (1 << left) - 1 : 0);
    const Lanes::V s = Lanes::mul(Lanes::load(scores), factor);
    const Lanes::V p = Lanes::round_to_bf16(exp_of(Lanes::sub(s, base)));
    const Lanes::V weight = _mm512_maskz_mov_ps(seen, p);
    Lanes::store_bf16(b.weights[side][j / 32][head] + j % 32, weight, 16);
    sum[j / 16 % 2] = Lanes::add(sum[j / 16 % 2], weight);
  }
  float shrink[16];
  Lanes::store(shrink, exp_of(Lanes::sub(Lanes::set(highest), base)));
  // Before anything was seen there is nothing to shrink: -inf - -inf is no number.
  const float by = next == highest ? 1.0F : shrink[0];
  highest = next;
  total = total * by + Lanes::sum(Lanes::add(sum[0], sum[1]));
  return by;
}

// The scores of a block of one query to weights, and its sums to the new maximum.
inline void soften_block(  // NOLINT(readability-function-size): a kernel
    const AttentionGroup& group, int index, int side, int count, int pages, bool begins) {
  AttentionBuffers& b = *group.buffers;
  float shrink[query_heads];
  bool shrinks = false;
  for (int h = 0; h < query_heads; ++h) {
    shrink[h] = 1;
    if (h < group.queries[index].heads) {
      shrink[h] = soften_head(b, side, h, count, pages, group.op->scale, b.highest[index][h],
                              b.total[index][h]);
    } else {
      for (int page = 0; page < pages; ++page) {
        __builtin_memset(b.weights[side][page][h], 0, sizeof b.weights[side][page][h]);
      }
    }
    shrinks = shrinks || (shrink[h] != 1 && !begins);
  }
  float* sums = group.sums(index);
  for (std::int64_t i = 0; shrinks && i < std::int64_t{group.value_tiles} * tile_size / 2;
       i += 16) {
    Lanes::store(sums + i, Lanes::mul(Lanes::load(sums + i), Lanes::set(shrink[i / 16 % 16])));
  }
}

// sums += p v over the pages of a block, for two tiles of channels of one or two queries. Where
// there is no second tile the first is computed twice.
template <int queries>
inline void gather_tiles(const AttentionGroup& group, int first, int block, int pages, int tile) {
  const AttentionBuffers& b = *group.buffers;
  const bool two = tile + 1 < group.value_tiles;
  const std::int64_t values = (std::int64_t{2} * group.chunks + tile) * tile_size;
  const std::int64_t other_values = values + (two ? tile_size : 0);
  float* sums[2] = {group.sums(first) + std::int64_t{tile} * tile_size / 2, nullptr};
  if constexpr (queries == 2) {
    sums[1] = group.sums(first + 1) + std::int64_t{tile} * tile_size / 2;
  }
  if (block == 0) {
    clear_tiles();
  } else {
    _tile_loadd(0, sums[0], 64);
    _tile_loadd(1, sums[0] + (two ? tile_size / 2 : 0), 64);
    if constexpr (queries == 2) {
      _tile_loadd(2, sums[1], 64);
      _tile_loadd(3, sums[1] + (two ? tile_size / 2 : 0), 64);
    }
  }
  for (int i = 0; i < pages; ++i) {
    const std::uint16_t* page = group.page(block * block_pages + i);
    multiply_add<queries == 2>(b.weights[0][i], b.weights[1][i], page + values,
                               page + other_values);
  }
  _tile_stored(0, sums[0], 64);
  if constexpr (queries == 2) {
    _tile_stored(2, sums[1], 64);
  }
  if (two) {
    _tile_stored(1, sums[0] + tile_size / 2, 64);
    if constexpr (queries == 2) {
      _tile_stored(3, sums[1] + tile_size / 2, 64);
    }
  }
}

// One block of positions for the queries `first` and, where there are two, the next.
template <int queries>
inline void attend_block(const AttentionGroup& group, int first, int block) {
  AttentionBuffers& b = *group.buffers;
  const int begin = block * LatentAttention::block_positions;
  int counts[2] = {};
  int most = 0;
  const std::uint16_t* q[2] = {};
  for (int i = 0; i < queries; ++i) {
    const int left = group.visible(first + i) - begin;
    counts[i] = left < 0                                  ? 0
                : left < LatentAttention::block_positions ? left
                                                          : LatentAttention::block_positions;
    most = counts[i] > most ? counts[i] : most;
    q[i] = group.query(first + i);
  }
  if (most == 0) {
    return;
  }
  const int pages = (most + LatentPage::positions - 1) / LatentPage::positions;
  settle_stores();
  for (int i = 0; i < pages; ++i) {
    float* scores[2] = {b.scores[0][i][0], b.scores[1][i][0]};
    score_tiles<queries>(q, group.page(block * block_pages + i), group.chunks, scores);
  }
  settle_stores();
  for (int i = 0; i < queries; ++i) {
    soften_block(group, first + i, i, counts[i], pages, block == 0);
  }
  settle_stores();
  for (int tile = 0; tile < group.value_tiles; tile += 2) {
    gather_tiles<queries>(group, first, block, pages, tile);
  }
  settle_stores();
}

inline void put_down(const AttentionGroup& group, int index) {
  const LatentAttention& op = *group.op;
  const Query& query = group.queries[index];
  float* out =
      op.out + (std::int64_t{query.row} * op.heads + query.head) * std::int64_t{op.page.latent};
  for (int h = 0; h < query.heads; ++h, out += op.page.latent) {
    const Lanes::V scale = Lanes::set(1.0F / group.buffers->total[index][h]);
    for (int c = 0; c < op.page.latent; c += 16) {
      const float* sums = group.sums(index) + (std::int64_t{c} + h) * 16;
      Lanes::store(out + c, Lanes::mul(Lanes::load(sums), scale), op.page.latent - c);
    }
  }
}

// The queries share a sequence.
inline void attend_group(const AttentionGroup& group) {
  AttentionBuffers& b = *group.buffers;
  int most = 0;
  for (int i = 0; i < group.count; ++i) {
    pack_query(group, i);
    for (int h = 0; h < query_heads; ++h) {
      b.highest[i][h] = -__builtin_inff();
      b.total[i][h] = 0;
    }
    most = group.visible(i) > most ? group.visible(i) : most;
  }
  for (int block = 0; block * LatentAttention::block_positions < most; ++block) {
    int i = 0;
    for (; i + 2 <= group.count; i += 2) {
      attend_block<2>(group, i, block);
    }
    if (i < group.count) {
      attend_block<1>(group, i, block);
    }
  }
  for (int i = 0; i < group.count; ++i) {
    put_down(group, i);
  }
}

inline void attention_tiles(const LatentAttention& op) {
  AttentionBuffers buffers;
  AttentionGroup group = {.op = &op,
                          .buffers = &buffers,
                          .queries = {},
                          .count = 0,
                          .chunks = (op.page.width + 31) / 32,
                          .value_tiles = (op.page.latent + 15) / 16};
  configure_tiles();
  for (int row = op.row_begin; row < op.row_end; ++row) {
    for (int head = op.head_begin; head < op.head_end; head += query_heads) {
      const int heads = op.head_end - head < query_heads ? op.head_end - head : query_heads;
      const bool full = group.count == group_queries;
      if (full || (group.count > 0 && op.pages[row] != op.pages[group.queries[0].row])) {
        attend_group(group);
        group.count = 0;
      }
      group.queries[group.count++] = {row, head, heads};
    }
  }
  if (group.count > 0) {
    attend_group(group);
  }
  _tile_release();
}

}  // namespace
