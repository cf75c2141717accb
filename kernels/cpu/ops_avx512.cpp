// The vector forms for AVX-512. This file is compiled for that unit, so nothing in it may be inline
// code that others share: the linker could pick this file's copy for all.

#include "kernels/cpu/lanes_avx512.h"
#include "kernels/cpu/ops_units.h"
// After its Lanes:
#include "kernels/cpu/linear_lanes.h"
#include "kernels/cpu/rows_lanes.h"

namespace assay::kernels {

Ops avx512_ops() {
  return {.unit = Unit::avx512,
          .rms_norm = rms_norm_lanes,
          .linear = linear_lanes,
          .attention = attention_lanes,
          .silu_mul = silu_mul_lanes,
          .add_scaled = add_scaled_lanes,
          .split_row = split_row_lanes};
}

}  // namespace assay::kernels
