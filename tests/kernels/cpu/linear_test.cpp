#include <cmath>

#include "tests/catch.h"
#include "tests/kernels/op_cases.h"

namespace assay::kernels {

namespace {

void fill(PackedRows& packed, const std::vector<float>& x, const LinearCase& shape,
          Activations form) {
  packed.reset(shape.rows, shape.inputs, form, {.values = true, .tiles = true});
  for (int r = 0; r < shape.rows; ++r) {
    packed.set(r, x.data() + static_cast<std::ptrdiff_t>(r) * shape.inputs);
  }
}

std::vector<float> run(Unit unit, const PackedMatrix& w, const PackedRows& x, int row_begin = 0) {
  std::vector<float> y(static_cast<std::size_t>(x.rows()) * static_cast<std::size_t>(w.view.rows),
                       -7.0F);
  ops(unit).linear({.w = w.view,
                    .x = x.view(),
                    .y = y.data(),
                    .y_stride = w.view.rows,
                    .row_begin = row_begin,
                    .row_end = x.rows(),
                    .panel_begin = 0,
                    .panel_end = w.view.panels});
  return y;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

template <class F>
void for_each_case(const F& visit) {
  std::uint64_t seed = 1;
  for (const LinearCase& shape : linear_cases) {
    for (const Dtype dtype : all_dtypes) {
      const RandomTensor w(dtype, shape.outputs, shape.inputs, seed++);
      const auto x = random_values(
          static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.inputs), seed++);
      for (const Activations wanted : all_activations) {
        INFO(shape.rows << " rows, " << shape.outputs << " x " << shape.inputs << ", "
                        << name_of(dtype) << ", activations " << static_cast<int>(wanted));
        visit(w.tensor(), x, shape, form_for(dtype, wanted));
      }
    }
  }
}

}  // namespace

TEST_CASE("the plain linear layer agrees with a sum in double") {
  const FlushDenormals flush;
  for_each_case([](const Tensor& w, const std::vector<float>& x, const LinearCase& shape,
                   Activations form) {
    PackedRows rows;
    fill(rows, x, shape, form);
    const auto y = run(Unit::plain, pack(whole(w)), rows);
    const double tolerance = form == Activations::f32      ? 1e-6
                             : form == Activations::bf16x3 ? 1e-6
                             : form == Activations::bf16x2 ? 2e-5
                                                           : 1e-2;
    for (int r = 0; r < shape.rows; r += 13) {
      for (int n = 0; n < shape.outputs; ++n) {
        double expected = 0;
        double size = 1e-30;
        for (int k = 0; k < shape.inputs; ++k) {
          const double product =
              static_cast<double>(element(w, n, k)) *
              static_cast<double>(x[static_cast<std::size_t>(r * shape.inputs + k)]);
          expected += product;
          size += std::abs(product);
        }
        const double got = static_cast<double>(y[static_cast<std::size_t>(r * shape.outputs + n)]);
        CHECK(std::abs(got - expected) <= tolerance * size);
      }
    }
  });
}

TEST_CASE("every unit's linear layer returns the plain one's bits") {
  const FlushDenormals flush;
  for (const Unit unit : all_units) {
    if (!supported(unit)) {
      WARN("no " << name_of(unit) << " here");
      continue;
    }
    INFO(name_of(unit));
    for_each_case([&](const Tensor& w, const std::vector<float>& x, const LinearCase& shape,
                      Activations form) {
      PackedRows rows;
      fill(rows, x, shape, form);
      const PackedMatrix packed = pack(whole(w));
      CHECK(same_bits(run(unit, packed, rows), run(Unit::plain, packed, rows)));
    });
  }
}

TEST_CASE("a row's result does not depend on the rows beside it") {
  const FlushDenormals flush;
  const LinearCase shape{40, 48, 200};
  for (const Unit unit : all_units) {
    for (const Dtype dtype : all_dtypes) {
      if (!supported(unit)) {
        continue;
      }
      const RandomTensor w(dtype, shape.outputs, shape.inputs, 3);
      const PackedMatrix packed = pack(whole(w.tensor()));
      const auto x = random_values(40 * 200, 4);
      PackedRows all;
      fill(all, x, shape, form_for(dtype, Activations::bf16x2));
      const auto expected = run(unit, packed, all);
      for (const int begin : {1, 8, 37, 39}) {
        const auto got = run(unit, packed, all, begin);
        INFO(name_of(unit) << " " << name_of(dtype) << " from row " << begin);
        CHECK(std::memcmp(&got[static_cast<std::size_t>(begin * 48)],
                          &expected[static_cast<std::size_t>(begin * 48)],
                          static_cast<std::size_t>((40 - begin) * 48) * sizeof(float)) == 0);
      }
    }
  }
}

TEST_CASE("sums of denormals are the same on every unit") {
  const FlushDenormals flush;
  std::vector<float> weights(16 * 64);
  std::vector<float> x(8 * 64);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = std::ldexp(i % 3 == 0 ? -1.5F : 1.25F, -60 - static_cast<int>(i % 5));
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = std::ldexp(i % 2 == 0 ? 1.0F : 1.75F, -66 - static_cast<int>(i % 7));
  }
  std::vector<std::uint16_t> halves;
  for (const float w : weights) {
    halves.push_back(to_bf16(w));
  }
  const PackedMatrix packed =
      pack(whole({.dtype = Dtype::bf16, .data = halves.data(), .rows = 16, .cols = 64}));
  PackedRows rows;
  fill(rows, x, {8, 16, 64}, Activations::bf16);
  for (const Unit unit : all_units) {
    if (supported(unit)) {
      INFO(name_of(unit));
      CHECK(same_bits(run(unit, packed, rows), run(Unit::plain, packed, rows)));
    }
  }
}

}  // namespace assay::kernels
