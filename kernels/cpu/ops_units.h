// The tables of operations, one per unit. Private to kernels/cpu; everybody else calls ops().
#pragma once

#include "kernels/ops.h"

namespace assay::kernels {

// Each exists on every x86-64 build; calling what it holds needs the processor to have the unit.
Ops plain_ops();
Ops avx2_ops();
Ops avx512_ops();
Ops amx_ops();

// Rows of x at which the tile unit beats the vector unit; both return the same bits.
inline constexpr int tile_rows_min = 5;

}  // namespace assay::kernels
