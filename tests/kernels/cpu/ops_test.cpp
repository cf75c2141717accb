#include "kernels/ops.h"

#include <algorithm>
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
constexpr AttentionCase attention_cases[] = {{1, 16, 8, 1},     {5, 56, 12, 33},
                                             {4, 128, 16, 64},  {9, 40, 24, 100},
                                             {16, 512, 64, 70}, {20, 48, 16, 530}};

// Rows of one sequence, each seeing one position more than the one before, and their pages. What
// nobody has written is NaN in rows and zero in tiles, as the contract of each wants it.
struct AttentionInput {
  AttentionInput(const AttentionCase& shape, LatentPage::Form form, int rows = 1)
      : page{.form = form, .latent = shape.latent, .width = shape.latent + shape.rope},
        rows_(rows),
        heads(shape.heads) {
    const bool in_rows = form == LatentPage::Form::rows;
    const auto stride = static_cast<std::size_t>(page.stride());
    q = random_values(static_cast<std::size_t>(rows * heads) * stride, 1);
    const int positions = shape.visible + rows - 1;
    for (int first = 0; first < positions; first += LatentPage::positions) {
      memory.emplace_back(static_cast<std::size_t>(page.size()),
                          in_rows ? std::numeric_limits<float>::quiet_NaN() : 0.0F);
      for (int j = first; j < std::min(first + LatentPage::positions, positions); ++j) {
        const auto values =
            random_values(static_cast<std::size_t>(page.width), static_cast<std::uint64_t>(j) + 2);
        page.write(memory.back().data(), j - first, values.data());
      }
    }
    for (const auto& each : memory) {
      pages.push_back(each.data());
    }
    for (int r = 0; r < rows; ++r) {
      std::fill_n(q.begin() + r * heads * page.stride(), heads * page.stride(), 0.0F);
      for (int h = 0; h < heads; ++h) {
        const auto values = random_values(static_cast<std::size_t>(page.width),
                                          static_cast<std::uint64_t>(1000 + r * heads + h));
        std::copy(values.begin(), values.end(), q.begin() + (r * heads + h) * page.stride());
      }
      tables.push_back(pages.data());
      visible.push_back(shape.visible + r);
    }
  }

  LatentAttention op(std::vector<float>& out) const {
    return {.q = q.data(),
            .out = out.data(),
            .pages = tables.data(),
            .visible = visible.data(),
            .page = page,
            .heads = heads,
            .scale = 0.2F,
            .row_begin = 0,
            .row_end = rows_,
            .head_begin = 0,
            .head_end = heads};
  }
  std::vector<float> run(Unit unit) const {
    std::vector<float> out(static_cast<std::size_t>(rows_ * heads * page.latent));
    ops(unit).attention(op(out));
    return out;
  }

  LatentPage page;
  int rows_;
  int heads;
  std::vector<float> q;
  std::vector<std::vector<float>> memory;
  std::vector<const float*> pages;
  std::vector<const float* const*> tables;
  std::vector<int> visible;
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
    const AttentionInput input(shape, LatentPage::Form::rows);
    const auto expected = input.run(Unit::plain);
    for_each_unit([&](const Ops& table) {
      const auto got = input.run(table.unit);
      for (std::size_t i = 0; i < got.size(); ++i) {
        REQUIRE(got[i] == Approx(expected[i]).margin(1e-5));
      }
    });
  }
}

// Weights are rounded to bf16 before one maximum or another was divided out: a step of 2^-9.
TEST_CASE("attention over pages of tiles is the plain one's, to what bf16 keeps of a weight") {
  const FlushDenormals flush;
  for (const AttentionCase& shape : attention_cases) {
    const AttentionInput input(shape, LatentPage::Form::tiles, 3);
    const auto expected = input.run(Unit::plain);
    for_each_unit([&](const Ops& table) {
      if (page_form(table.unit, Activations::bf16) != LatentPage::Form::tiles) {
        return;
      }
      const auto got = input.run(table.unit);
      for (std::size_t i = 0; i < got.size(); ++i) {
        INFO(shape.heads << " heads, " << shape.visible << " visible, value " << i);
        REQUIRE(got[i] == Approx(expected[i]).margin(3e-3));
      }
    });
  }
}

TEST_CASE("attention of a row does not depend on the rows and heads beside it") {
  const FlushDenormals flush;
  for_each_unit([&](const Ops& table) {
    for (const AttentionCase& shape : attention_cases) {
      const AttentionInput input(shape, page_form(table.unit, Activations::bf16), 19);
      const auto together = input.run(table.unit);
      std::vector<float> apart(together.size());
      for (int r = 0; r < 19; ++r) {
        for (int h = 0; h < shape.heads; h += 3) {
          LatentAttention op = input.op(apart);
          op.row_begin = r;
          op.row_end = r + 1;
          op.head_begin = h;
          op.head_end = std::min(h + 3, shape.heads);
          table.attention(op);
        }
      }
      REQUIRE(apart == together);
    }
  });
}

TEST_CASE("a position that is no number makes none of the rows that see it, and of no other") {
  const FlushDenormals flush;
  for_each_unit([&](const Ops& table) {
    const AttentionCase shape{2, 32, 16, 10};
    AttentionInput input(shape, page_form(table.unit, Activations::bf16), 8);
    const auto before = input.run(table.unit);
    auto values = random_values(static_cast<std::size_t>(input.page.width), 5);
    values[7] = std::numeric_limits<float>::quiet_NaN();
    input.page.write(input.memory[0].data(), 13, values.data());  // the fifth row's own position
    const auto after = input.run(table.unit);
    for (std::size_t i = 0; i < after.size(); ++i) {
      if (i / (2 * 32) < 4) {
        REQUIRE(after[i] == before[i]);
      } else if (input.page.form == LatentPage::Form::tiles || i % 32 == 7) {
        REQUIRE(std::isnan(after[i]));
      }
    }
  });
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
