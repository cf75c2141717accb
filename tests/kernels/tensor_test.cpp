#include "kernels/tensor.h"

#include <cmath>
#include <limits>
#include <vector>

#include "tests/catch.h"

namespace assay::kernels {

TEST_CASE("half formats widen exactly") {
  CHECK(from_f16(0x3c00) == 1.0F);
  CHECK(from_f16(0xc000) == -2.0F);
  CHECK(from_f16(0x0001) == 0x1p-24F);
  CHECK(std::isinf(from_f16(0x7c00)));
  CHECK(from_bf16(0x3f80) == 1.0F);
  CHECK(from_bf16(0xbf80) == -1.0F);
}

TEST_CASE("e4m3 has subnormals, no infinities and two NaNs") {
  CHECK(from_f8_e4m3(0x38) == 1.0F);
  CHECK(from_f8_e4m3(0x7e) == 448.0F);
  CHECK(from_f8_e4m3(0x01) == 0x1p-9F);
  CHECK(from_f8_e4m3(0x87) == -7 * 0x1p-9F);
  CHECK(std::isnan(from_f8_e4m3(0x7f)));
  CHECK(std::isnan(from_f8_e4m3(0xff)));
}

TEST_CASE("to_bf16 rounds to nearest, ties to even") {
  CHECK(to_bf16(1.0F) == 0x3f80);
  CHECK(to_bf16(1.0F + 0x1p-8F) == 0x3f80);
  CHECK(to_bf16(1.0F + 3 * 0x1p-8F) == 0x3f82);
  CHECK(std::isnan(from_bf16(to_bf16(std::numeric_limits<float>::quiet_NaN()))));
}

TEST_CASE("an FP8 element carries the scale of its block") {
  std::vector<std::uint8_t> codes(130 * 129, 0x38);
  const std::vector<float> scales = {1, 2, 3, 4};
  const Tensor tensor{.dtype = Dtype::f8_e4m3,
                      .data = codes.data(),
                      .rows = 130,
                      .cols = 129,
                      .scales = scales.data()};
  CHECK(element(tensor, 127, 127) == 1);
  CHECK(element(tensor, 0, 128) == 2);
  CHECK(element(tensor, 128, 0) == 3);
  CHECK(element(tensor, 129, 128) == 4);
}

}  // namespace assay::kernels
