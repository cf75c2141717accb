// Multi-head latent attention, absorbed; why: forward.h.

#include <algorithm>
#include <array>

#include "backends/engine/forward_pass.h"

namespace assay::engine {

using kernels::LatentAttention;
using kernels::LatentPage;

void Forward::Pass::attention(const PackedLayer& layer, int index) {
  const std::int64_t width = config_.hidden_size;
  const std::int64_t concatenated = std::int64_t{config_.num_attention_heads} * config_.v_head_dim;
  normalise(layer.input_norm, needs({&layer.kv_a, layer.q_a.empty() ? &layer.q : &layer.q_a}),
            form(row_count()));
  project_queries(layer);
  write_cache(layer, index);
  absorb_queries(layer);
  attend(index);

  // Out of the latent space, head by head, and together through o_proj.
  const int heads = config_.num_attention_heads;
  const int tokens = row_count();
  const int group = places(tokens);
  second_.reset(group * heads, config_.kv_lora_rank, needs(layer.value_up), form(tokens));
  workers_.run(tokens, [&](int r) {
    for (int h = 0; h < heads; ++h) {
      const std::int64_t at = std::int64_t{r} * heads + h;
      second_.set(h * group + r, latent_.data() + at * config_.kv_lora_rank);
    }
  });
  heads_.resize(size(tokens * concatenated));
  std::vector<LinearJob> jobs;
  jobs.reserve(size(heads));
  for (int h = 0; h < heads; ++h) {
    jobs.push_back({.w = &layer.value_up[size(h)],
                    .x = &second_,
                    .first_row = h * group,
                    .rows = tokens,
                    .y = heads_.data() + std::int64_t{h} * config_.v_head_dim,
                    .y_stride = concatenated});
  }
  linear(jobs);
  third_.reset(tokens, static_cast<int>(concatenated), needs({&layer.o}), form(tokens));
  workers_.run(tokens, [&](int r) { third_.set(r, heads_.data() + r * concatenated); });
  update_.resize(size(tokens * width));
  linear({{.w = &layer.o, .x = &third_, .rows = tokens, .y = update_.data(), .y_stride = width}});
  add_to_stream(update_);
}

void Forward::Pass::project_queries(const PackedLayer& layer) {
  const int tokens = row_count();
  const std::int64_t query_width =
      std::int64_t{config_.num_attention_heads} * config_.qk_head_dim();
  const int kv_width = config_.kv_lora_rank + config_.qk_rope_head_dim;
  kv_low_.resize(size(std::int64_t{tokens} * kv_width));
  queries_.resize(size(tokens * query_width));
  const LinearJob kv = {
      .w = &layer.kv_a, .x = &stage_, .rows = tokens, .y = kv_low_.data(), .y_stride = kv_width};
  LinearJob queries = {
      .w = &layer.q, .x = &stage_, .rows = tokens, .y = queries_.data(), .y_stride = query_width};
  if (layer.q_a.empty()) {
    linear({queries, kv});
    return;
  }
  const int rank = config_.q_lora_rank;
  q_low_.resize(size(std::int64_t{tokens} * rank));
  linear(
      {{.w = &layer.q_a, .x = &stage_, .rows = tokens, .y = q_low_.data(), .y_stride = rank}, kv});
  second_.reset(tokens, rank, needs({&layer.q}), form(tokens));
  workers_.run(tokens, [&](int r) {
    float* low = q_low_.data() + std::int64_t{r} * rank;
    norm_row(low, layer.q_norm, low);
    second_.set(r, low);
  });
  queries.x = &second_;
  linear({queries});
}

// [ normalised c, rotated kr ] of every row to its place in the sequence's pages; a page at a time,
// since its positions share cache lines.
void Forward::Pass::write_cache(const PackedLayer& layer, int index) {
  const int latent = config_.kv_lora_rank;
  const int rope_width = config_.qk_rope_head_dim;
  const std::size_t half = frequencies_.size();
  workers_.run(static_cast<int>(page_begins_.size()) - 1, [&](int i) {
    std::array<float, LatentPage::channels_max> position;
    for (std::size_t r = page_begins_[size(i)]; r < page_begins_[size(i) + 1]; ++r) {
      const Row& row = rows_[r];
      const float* low = kv_low_.data() + r * size(page_.width);
      norm_row(low, layer.kv_norm, position.data());
      std::copy_n(low + latent, rope_width, position.data() + latent);
      kernels::rope({position.data() + latent, size(rope_width)},
                    {cosines_.data() + r * half, half}, {sines_.data() + r * half, half});
      float* page = steps_[size(row.step)].pages[size(row.position / LatentPage::positions)];
      page_.write(page + index * page_.size(), row.position % LatentPage::positions,
                  position.data());
    }
  });
}

// Every head's query as [ W_UK q_nope, rotated q_rope ], as wide as a cached position.
void Forward::Pass::absorb_queries(const PackedLayer& layer) {
  const int tokens = row_count();
  const int heads = config_.num_attention_heads;
  const int stride = page_.stride();
  const int latent = config_.kv_lora_rank;
  const int nope = config_.qk_nope_head_dim;
  const int rope_width = config_.qk_rope_head_dim;
  const std::size_t half = frequencies_.size();
  absorbed_.resize(size(std::int64_t{tokens} * heads * stride));
  const int group = places(tokens);
  second_.reset(group * heads, nope, needs(layer.key_up), form(tokens));
  workers_.run(tokens, [&](int r) {
    for (int h = 0; h < heads; ++h) {
      const std::int64_t at = std::int64_t{r} * heads + h;
      const float* query = queries_.data() + at * (nope + rope_width);
      float* place = absorbed_.data() + at * stride;
      second_.set(h * group + r, query);
      std::copy_n(query + nope, rope_width, place + latent);
      std::fill(place + latent + rope_width, place + stride, 0.0F);
      kernels::rope({place + latent, size(rope_width)}, {cosines_.data() + size(r) * half, half},
                    {sines_.data() + size(r) * half, half});
    }
  });
  std::vector<LinearJob> jobs;
  jobs.reserve(size(heads));
  for (int h = 0; h < heads; ++h) {
    jobs.push_back({.w = &layer.key_up[size(h)],
                    .x = &second_,
                    .first_row = h * group,
                    .rows = tokens,
                    .y = absorbed_.data() + std::int64_t{h} * stride,
                    .y_stride = std::int64_t{heads} * stride});
  }
  linear(jobs);
}

void Forward::Pass::attend(int index) {
  const int tokens = row_count();
  const int heads = config_.num_attention_heads;
  latent_.resize(size(std::int64_t{tokens} * heads * config_.kv_lora_rank));
  const LatentAttention whole = {.q = absorbed_.data(),
                                 .out = latent_.data(),
                                 .pages = page_tables_.data(),
                                 .page_offset = index * page_.size(),
                                 .visible = visible_.data(),
                                 .page = page_,
                                 .heads = heads,
                                 .scale = softmax_scale_};
  // Tiles hold 16 heads, and neighbours in a sequence share what they read; but every thread should
  // have something to do.
  const bool many = tokens >= 8 * workers_.threads();
  const int rows_per_task = many ? 8 : 1;
  const int heads_per_task = many ? 128 : 8;
  const int tasks_per_row = (heads + heads_per_task - 1) / heads_per_task;
  const int row_tasks = (tokens + rows_per_task - 1) / rows_per_task;
  workers_.run(row_tasks * tasks_per_row, [&](int i) {
    LatentAttention part = whole;
    part.row_begin = i / tasks_per_row * rows_per_task;
    part.row_end = std::min(part.row_begin + rows_per_task, tokens);
    part.head_begin = i % tasks_per_row * heads_per_task;
    part.head_end = std::min(part.head_begin + heads_per_task, heads);
    ops_.attention(part);
  });
  const double page_bytes = static_cast<double>(page_.size()) * sizeof(float);
  for (const int visible : visible_) {
    cache_bytes_ += visible * page_bytes / LatentPage::positions;
    cost_.flop += 2.0 * visible * heads * (page_.width + page_.latent);
  }
}

}  // namespace assay::engine
