#include "kernels/ops.h"

#include <cmath>
#include <limits>

#include "tests/catch.h"
#include "tests/kernels/op_cases.h"

namespace assay::kernels {

namespace {

struct AttentionCase {
  int heads;
  int latent;
  int rope;
  int visible;
};
constexpr AttentionCase attention_cases[] = {
    {1, 16, 8, 1}, {5, 56, 12, 33}, {4, 128, 16, 64}, {9, 40, 24, 100}, {16, 512, 64, 70}};

// One row's queries and its pages, with NaN beyond the visible positions.
struct AttentionInput {
  explicit AttentionInput(const AttentionCase& shape)
      : stride((shape.latent + shape.rope + 15) / 16 * 16),
        q(random_values(static_cast<std::size_t>(shape.heads * stride), 1)) {
    const int count =
        (shape.visible + LatentAttention::page_positions - 1) / LatentAttention::page_positions;
    for (int page = 0; page < count; ++page) {
      memory.push_back(
          random_values(static_cast<std::size_t>(LatentAttention::page_positions * stride),
                        static_cast<std::uint64_t>(page + 2)));
      for (int j = 0; j < LatentAttention::page_positions; ++j) {
        float* position = memory.back().data() + j * stride;
        std::fill(position + shape.latent + shape.rope, position + stride, 0.0F);
        if (page * LatentAttention::page_positions + j >= shape.visible) {
          std::fill(position, position + stride, std::numeric_limits<float>::quiet_NaN());
        }
      }
    }
    for (const auto& page : memory) {
      pages.push_back(page.data());
    }
    table = pages.data();
    visible = shape.visible;
  }

  std::vector<float> run(Unit unit, const AttentionCase& shape) const {
    std::vector<float> out(static_cast<std::size_t>(shape.heads * shape.latent));
    ops(unit).attention({.q = q.data(),
                         .out = out.data(),
                         .pages = &table,
                         .visible = &visible,
                         .heads = shape.heads,
                         .latent = shape.latent,
                         .stride = stride,
                         .scale = 0.2F,
                         .row_begin = 0,
                         .row_end = 1,
                         .head_begin = 0,
                         .head_end = shape.heads});
    return out;
  }

  int stride;
  std::vector<float> q;
  std::vector<std::vector<float>> memory;
  std::vector<const float*> pages;
  const float* const* table = nullptr;
  int visible = 0;
};

template <class F>
void for_each_unit(const F& visit) {
  for (const Unit unit : all_units) {
    if (supported(unit)) {
      INFO(name_of(unit));
      visit(ops(unit));
    }
  }
}

}  // namespace

TEST_CASE("the best unit is a supported one, and plain always is") {
  CHECK(supported(Unit::plain));
  CHECK(supported(best_unit()));
  for_each_unit([](const Ops& table) { CHECK(ops(table.unit).linear != nullptr); });
}

TEST_CASE("every unit's attention is the plain one's") {
  const FlushDenormals flush;
  for (const AttentionCase& shape : attention_cases) {
    const AttentionInput input(shape);
    const auto expected = input.run(Unit::plain, shape);
    for_each_unit([&](const Ops& table) {
      const auto got = input.run(table.unit, shape);
      for (std::size_t i = 0; i < got.size(); ++i) {
        REQUIRE(got[i] == Approx(expected[i]).margin(1e-5));
      }
    });
  }
}

TEST_CASE("every unit normalises as the formula says") {
  const FlushDenormals flush;
  for (const int cols : {1, 16, 33, 200}) {
    const auto x = random_values(static_cast<std::size_t>(cols), 3);
    const auto weight = random_values(static_cast<std::size_t>(cols), 4);
    double squares = 0;
    for (const float value : x) {
      squares += static_cast<double>(value) * static_cast<double>(value);
    }
    for_each_unit([&](const Ops& table) {
      std::vector<float> y(x.size());
      table.rms_norm({.x = x.data(),
                      .weight = weight.data(),
                      .y = y.data(),
                      .rows = 1,
                      .cols = cols,
                      .x_stride = cols,
                      .y_stride = cols,
                      .eps = 1e-6F});
      for (std::size_t i = 0; i < y.size(); ++i) {
        const double expected = static_cast<double>(x[i]) / std::sqrt(squares / cols + 1e-6) *
                                static_cast<double>(weight[i]);
        REQUIRE(static_cast<double>(y[i]) == Approx(expected).epsilon(1e-5));
      }
    });
  }
}

TEST_CASE("every unit's silu is right from far below zero to far above") {
  const FlushDenormals flush;
  std::vector<float> gate;
  for (int i = -1200; i <= 1200; ++i) {
    gate.push_back(static_cast<float>(i) / 10);
  }
  const std::vector<float> up(gate.size(), 2.0F);
  for_each_unit([&](const Ops& table) {
    std::vector<float> y(gate.size());
    table.silu_mul({.gate = gate.data(),
                    .up = up.data(),
                    .y = y.data(),
                    .count = static_cast<std::int64_t>(gate.size())});
    for (std::size_t i = 0; i < y.size(); ++i) {
      const auto v = static_cast<double>(gate[i]);
      REQUIRE(static_cast<double>(y[i]) ==
              Approx(2 * v / (1 + std::exp(-v))).epsilon(1e-5).margin(1e-30));
    }
  });
}

TEST_CASE("every unit splits a row into the same planes") {
  const FlushDenormals flush;
  auto x = random_values(77, 9);
  x[3] = std::numeric_limits<float>::quiet_NaN();
  x[4] = -3e38F;
  x[5] = 1.00390625F;  // halfway between two bf16
  for (const int planes : {1, 2, 3}) {
    const auto split = [&](const Ops& table) {
      std::pair<std::vector<float>, std::vector<std::uint16_t>> out(3 * 80, 9 * tile_values);
      table.split_row({.x = x.data(),
                       .cols = 77,
                       .planes = planes,
                       .values = out.first.data(),
                       .plane_size = 80,
                       .tiles = out.second.data(),
                       .tile_plane_size = 3 * tile_values});
      return out;
    };
    const auto expected = split(ops(Unit::plain));
    for_each_unit([&](const Ops& table) {
      const auto got = split(table);
      CHECK(std::isnan(got.first[3]));
      for (std::size_t i = 0; i < got.first.size(); ++i) {
        if (i % 80 != 3) {
          REQUIRE(got.first[i] == expected.first[i]);
        }
      }
      for (std::size_t i = 0; i < got.second.size(); ++i) {
        if (i % (3 * tile_values) != 3) {
          REQUIRE(got.second[i] == expected.second[i]);
        }
      }
    });
  }
}

TEST_CASE("every unit adds a scaled row to another") {
  const auto x = random_values(45, 1);
  const auto y = random_values(45, 2);
  for_each_unit([&](const Ops& table) {
    std::vector<float> sum = y;
    table.add_scaled({.x = x.data(), .scale = 0.3F, .y = sum.data(), .count = 45});
    for (std::size_t i = 0; i < 45; ++i) {
      REQUIRE(sum[i] == std::fma(0.3F, x[i], y[i]));
    }
  });
}

}  // namespace assay::kernels
