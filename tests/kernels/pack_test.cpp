#include "kernels/pack.h"

#include <cmath>

#include "tests/catch.h"
#include "tests/kernels/op_cases.h"

namespace assay::kernels {

TEST_CASE("three planes of bf16 add up to the f32 value") {
  const auto values = random_values(100, 7);
  PackedRows rows;
  rows.reset(1, 100, Activations::bf16x3, {.values = true, .tiles = true});
  rows.set(0, values.data());
  const RowsView view = rows.view();
  CHECK(view.planes == 3);
  CHECK(view.stride == 160);  // an odd number of cache lines
  for (int k = 0; k < 128; ++k) {
    const float sum = view.values[0][k] + (view.values[1][k] + view.values[2][k]);
    CHECK(sum == (k < 100 ? values[static_cast<std::size_t>(k)] : 0.0F));
    CHECK(from_bf16(view.tiles[0][k / 32 * tile_values + k % 32]) == view.values[0][k]);
  }
}

TEST_CASE("f32 and f16 weights get whole activations whatever is wanted") {
  CHECK(form_for(Dtype::f32, Activations::bf16) == Activations::f32);
  CHECK(form_for(Dtype::f16, Activations::bf16x3) == Activations::f32);
  CHECK(form_for(Dtype::f8_e4m3, Activations::bf16) == Activations::bf16);
}

TEST_CASE("an FP8 part keeps its bytes where blocks fit and is widened where they are cut") {
  const RandomTensor w(Dtype::f8_e4m3, 256, 256, 3);
  MatrixSource part{.tensor = w.tensor(), .row = 128, .rows = 64, .cols = 256};
  CHECK(pack(part).view.dtype == Dtype::f8_e4m3);
  CHECK(pack(part).view.scale_blocks == 2);
  part.row = 40;
  const PackedMatrix widened = pack(part);
  CHECK(widened.view.dtype == Dtype::f32);
  const auto* values = reinterpret_cast<const float*>(widened.view.data);
  CHECK(values[5 * 16 + 3] == element(w.tensor(), 43, 5));
}

TEST_CASE("a transposed part is the transpose") {
  const RandomTensor w(Dtype::bf16, 48, 40, 5);
  const PackedMatrix turned =
      pack({.tensor = w.tensor(), .row = 8, .rows = 24, .cols = 40, .transposed = true});
  CHECK(turned.view.rows == 40);
  CHECK(turned.view.cols == 24);
  const auto* pairs = reinterpret_cast<const std::uint16_t*>(turned.view.data);
  // w[n = 2][k = 7] of the transpose is element (8 + 7, 2).
  CHECK(from_bf16(pairs[7 / 2 * 32 + 2 * 2 + 7 % 2]) == element(w.tensor(), 15, 2));
}

TEST_CASE("the bytes of a weight are those of the checkpoint") {
  const RandomTensor w(Dtype::f8_e4m3, 130, 129, 5);
  CHECK(pack(whole(w.tensor())).bytes() == 130 * 129 + 4 * sizeof(float));
}

}  // namespace assay::kernels
