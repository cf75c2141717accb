#include "kernels/latent_page.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/tensor.h"

namespace assay::kernels {

namespace {

constexpr std::int64_t tile = 512;  // bf16 values

// Where a position's channels lie, in bf16 values from the beginning of the page. In a tile of keys
// pairs of channels are 32 values apart, and a tile holds 32 channels: 16 a channel throughout.
struct Places {
  Places(const LatentPage& page, int position)
      : keys(std::int64_t{position} / 16 * page.key_chunks() * tile +
             std::int64_t{position} % 16 * 2),
        values(std::int64_t{2} * page.key_chunks() * tile + std::int64_t{position} / 2 * 32 +
               position % 2) {}
  std::int64_t key(int channel) const {
    return keys + std::int64_t{channel} / 2 * 32 + channel % 2;
  }
  std::int64_t value(int channel) const {
    return values + channel / 16 * tile + std::int64_t{channel} % 16 * 2;
  }

  std::int64_t keys;
  std::int64_t values;
};

const std::uint16_t* halves(const float* page) {
  return reinterpret_cast<const std::uint16_t*>(page);
}

}  // namespace

std::int64_t LatentPage::size() const {
  if (form == Form::rows) {
    return std::int64_t{positions} * stride();
  }
  return (std::int64_t{2} * key_chunks() + value_tiles()) * tile / 2;
}

void LatentPage::write(float* page, int position, const float* values) const {
  if (form == Form::rows) {
    float* row = page + std::int64_t{position} * stride();
    std::copy_n(values, width, row);
    std::fill(row + width, row + stride(), 0.0F);
    return;
  }
  auto* out = reinterpret_cast<std::uint16_t*>(page);
  const Places places(*this, position);
  constexpr float finite_max = 3.38e38F;  // beyond it bf16 rounds to infinity
  const bool finite = std::all_of(values, values + width,
                                  [](float value) { return std::abs(value) <= finite_max; });
  const std::uint16_t nan = to_bf16(std::numeric_limits<float>::quiet_NaN());
  for (int c = 0; c < width; ++c) {
    out[places.key(c)] = finite ? to_bf16(values[c]) : nan;
  }
  for (int c = 0; c < latent; ++c) {
    out[places.value(c)] = finite ? to_bf16(values[c]) : std::uint16_t{0};
  }
}

float LatentPage::key(const float* page, int position, int channel) const {
  return form == Form::rows ? page[std::int64_t{position} * stride() + channel]
                            : from_bf16(halves(page)[Places(*this, position).key(channel)]);
}

float LatentPage::value(const float* page, int position, int channel) const {
  return form == Form::rows ? page[std::int64_t{position} * stride() + channel]
                            : from_bf16(halves(page)[Places(*this, position).value(channel)]);
}

}  // namespace assay::kernels
