#include "backends/engine/stage.h"

#include "tests/catch.h"
#include "tests/kernels/op_cases.h"

namespace assay::engine {

using kernels::Activations;
using kernels::Dtype;

TEST_CASE("a stage gives every matrix the form of activations that it reads") {
  const kernels::RandomTensor wide(Dtype::f32, 40, 64, 1);
  const kernels::RandomTensor narrow(Dtype::bf16, 2000, 64, 2);
  const auto a = kernels::pack(kernels::whole(wide.tensor()));
  const auto b = kernels::pack(kernels::whole(narrow.tensor()));
  StageRows::Needs needs;
  needs.add(a, Activations::bf16);
  needs.add(b, Activations::bf16);
  CHECK(needs.planes);
  CHECK(needs.raw);
  StageRows rows;
  rows.reset(6, 64, needs, {.activations = Activations::bf16, .sides = both_sides});
  const auto x = kernels::random_values(6 * 64, 3);
  for (int r = 0; r < 6; ++r) {
    rows.set(r, x.data() + r * 64);
  }
  std::vector<float> y(6 * 2040);
  StageCost cost;
  for (const int threads : {1, 2}) {
    kernels::Workers workers(threads);
    const kernels::FlushDenormals flush;
    cost = {};
    std::fill(y.begin(), y.end(), 0.0F);
    run_linear(
        {{.w = &a, .x = &rows, .rows = 6, .y = y.data(), .y_stride = 2040},
         {.w = &b, .x = &rows, .first_row = 2, .rows = 3, .y = y.data() + 40, .y_stride = 2040}},
        kernels::ops(kernels::best_unit()), workers, cost);
    double exact = 0;
    double rounded = 0;
    for (int k = 0; k < 64; ++k) {
      exact += static_cast<double>(x[static_cast<std::size_t>(64 + k)]) *
               static_cast<double>(kernels::element(wide.tensor(), 7, k));
      rounded += static_cast<double>(kernels::from_bf16(
                     kernels::to_bf16(x[static_cast<std::size_t>(3 * 64 + k)]))) *
                 static_cast<double>(kernels::element(narrow.tensor(), 1999, k));
    }
    CHECK(static_cast<double>(y[2040 + 7]) == Approx(exact).margin(1e-5));
    CHECK(static_cast<double>(y[2040 + 40 + 1999]) == Approx(rounded).margin(1e-5));
    CHECK(y[3 * 2040 + 40] == 0);  // only three rows of the second
  }
  CHECK(cost.flop == 2.0 * 64 * (6 * 40 + 3 * 2000));
  CHECK(cost.bytes == 40 * 64 * 4 + 2000 * 64 * 2);
}

TEST_CASE("copied rows are the rows") {
  StageRows from;
  StageRows to;
  const StageRows::Needs both{.planes = true, .raw = true};
  from.reset(2, 20, both, {.activations = Activations::bf16x2, .sides = both_sides});
  to.reset(3, 20, both, {.activations = Activations::bf16x2, .sides = both_sides});
  const auto x = kernels::random_values(40, 1);
  from.set(0, x.data());
  from.set(1, x.data() + 20);
  to.copy(2, from, 1);
  const auto raw = to.view(Dtype::f32);
  const auto planes = to.view(Dtype::bf16);
  CHECK(raw.planes == 1);
  CHECK(planes.planes == 2);
  for (int k = 0; k < 20; ++k) {
    CHECK(raw.values[0][2 * raw.stride + k] == x[static_cast<std::size_t>(20 + k)]);
    CHECK(kernels::from_bf16(planes.tiles[0][2 * 32 + k]) ==
          planes.values[0][2 * planes.stride + k]);
  }
}

}  // namespace assay::engine
