#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "kernels/ops.h"

namespace assay::kernels {

void rope(std::span<float> x, std::span<const float> cosines, std::span<const float> sines) {
  assert(x.size() == 2 * cosines.size() && cosines.size() == sines.size());
  for (std::size_t i = 0; i < cosines.size(); ++i) {
    const float a = x[2 * i];
    const float b = x[2 * i + 1];
    x[2 * i] = a * cosines[i] - b * sines[i];
    x[2 * i + 1] = a * sines[i] + b * cosines[i];
  }
}

void rope_frequencies(const RopeParameters& parameters, std::span<float> frequencies) {
  const double dims = parameters.dims;
  assert(frequencies.size() * 2 == static_cast<std::size_t>(parameters.dims));
  // The dimension whose wave turns `turns` times within the original length.
  const auto dimension_of = [&](double turns) {
    return dims * std::log(parameters.original_length / (turns * 2 * std::numbers::pi)) /
           (2 * std::log(parameters.theta));
  };
  const bool stretched = parameters.factor != 1 && parameters.original_length > 0;
  double low = 0;
  double high = 0;
  if (stretched) {
    low = std::max(std::floor(dimension_of(parameters.beta_fast)), 0.0);
    high = std::min(std::ceil(dimension_of(parameters.beta_slow)), dims - 1);
    high += low == high ? 0.001 : 0;  // transformers' guard against a division by zero
  }
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    const double base = std::pow(parameters.theta, -2.0 * static_cast<double>(i) / dims);
    double frequency = base;
    if (stretched) {
      const double ramp = std::clamp((static_cast<double>(i) - low) / (high - low), 0.0, 1.0);
      frequency = base / parameters.factor * ramp + base * (1 - ramp);
    }
    frequencies[i] = static_cast<float>(frequency);
  }
}

double yarn_mscale(double factor, double mscale) {
  return factor > 1 ? 0.1 * mscale * std::log(factor) + 1 : 1;
}

}  // namespace assay::kernels
