#include <cmath>
#include <vector>

#include "kernels/ops.h"
#include "tests/catch.h"

namespace assay::kernels {

TEST_CASE("rope turns neighbouring pairs") {
  std::vector<float> x = {1, 0, 0, 2};
  const std::vector<float> cosines = {0, 0.6F};
  const std::vector<float> sines = {1, 0.8F};
  rope(x, cosines, sines);
  CHECK(x[0] == 0);
  CHECK(x[1] == 1);
  CHECK(x[2] == Approx(-1.6));
  CHECK(x[3] == Approx(1.2));
}

TEST_CASE(
    "YaRN keeps fast frequencies, divides slow ones and blends between dimensions 10 and 23") {
  std::vector<float> plain(32);
  std::vector<float> stretched(32);
  rope_frequencies({.dims = 64, .theta = 10000}, plain);
  rope_frequencies({.dims = 64, .theta = 10000, .factor = 40, .original_length = 4096}, stretched);
  CHECK(plain[0] == 1);
  CHECK(plain[16] == Approx(0.01));
  for (std::size_t i = 0; i < 32; ++i) {
    INFO(i);
    if (i <= 10) {
      CHECK(stretched[i] == plain[i]);
    } else if (i >= 23) {
      CHECK(stretched[i] == Approx(plain[i] / 40));
    } else {
      CHECK(stretched[i] < plain[i]);
      CHECK(stretched[i] > plain[i] / 40);
    }
  }
}

TEST_CASE("the softmax scales of the public models follow from mscale") {
  const double v3 = yarn_mscale(40, 1.0);
  const double lite = yarn_mscale(40, 0.707);
  CHECK(v3 * v3 / std::sqrt(192.0) == Approx(0.1352338).epsilon(1e-6));
  CHECK(lite * lite / std::sqrt(192.0) == Approx(0.1147214).epsilon(1e-6));
  CHECK(yarn_mscale(1, 1) == 1);
}

}  // namespace assay::kernels
