#include "kernels/latent_page.h"

#include <cmath>
#include <limits>

#include "tests/catch.h"
#include "tests/kernels/op_cases.h"

namespace assay::kernels {

namespace {

std::vector<float> position_of(const LatentPage& page, int position) {
  return random_values(static_cast<std::size_t>(page.width),
                       static_cast<std::uint64_t>(position) + 1);
}

}  // namespace

TEST_CASE("a page gives back the positions that were written, as f32 or rounded to bf16") {
  for (const LatentPage::Form form : {LatentPage::Form::rows, LatentPage::Form::tiles}) {
    for (const auto& [latent, rope] : {std::pair{16, 2}, {40, 8}, {512, 64}}) {
      const LatentPage page{.form = form, .latent = latent, .width = latent + rope};
      std::vector<float> memory(static_cast<std::size_t>(page.size()));
      for (int j = 0; j < LatentPage::positions; ++j) {
        page.write(memory.data(), j, position_of(page, j).data());
      }
      for (int j = 0; j < LatentPage::positions; ++j) {
        const auto values = position_of(page, j);
        for (int c = 0; c < page.width; ++c) {
          const float value = values[static_cast<std::size_t>(c)];
          const float kept = form == LatentPage::Form::rows ? value : from_bf16(to_bf16(value));
          REQUIRE(page.key(memory.data(), j, c) == kept);
          if (c < latent) {
            REQUIRE(page.value(memory.data(), j, c) == kept);
          }
        }
      }
    }
  }
}

TEST_CASE("tiles keep a position that is no number where a weight of zero hides it") {
  const LatentPage page{.form = LatentPage::Form::tiles, .latent = 16, .width = 20};
  std::vector<float> memory(static_cast<std::size_t>(page.size()));
  auto values = position_of(page, 3);
  values[18] = std::numeric_limits<float>::infinity();
  page.write(memory.data(), 3, values.data());
  for (int c = 0; c < page.width; ++c) {
    CHECK(std::isnan(page.key(memory.data(), 3, c)));
    CHECK(page.key(memory.data(), 2, c) == 0);
  }
  CHECK(page.value(memory.data(), 3, 5) == 0);
}

}  // namespace assay::kernels
