// Which units this processor has, and their operations.

#include "kernels/cpu/ops_units.h"

#include <sys/syscall.h>
#include <unistd.h>
#include <xmmintrin.h>

namespace assay::kernels {

namespace {

bool has_avx2() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 &&
         __builtin_cpu_supports("f16c") != 0;
}

bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") != 0 &&
         __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vbmi") != 0;
}

// Linux hands out the tile registers on request, once per process (arch_prctl ARCH_REQ_XCOMP_PERM).
bool tiles_permitted() {
  constexpr int request_permission = 0x1023;
  constexpr int tile_data = 18;
  return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

bool has_amx() {
  return has_avx512() && __builtin_cpu_supports("amx-tile") != 0 &&
         __builtin_cpu_supports("amx-bf16") != 0 && tiles_permitted();
}

}  // namespace

const char* name_of(Unit unit) {
  switch (unit) {
    case Unit::plain:
      return "plain";
    case Unit::avx2:
      return "avx2";
    case Unit::avx512:
      return "avx512";
    case Unit::amx:
      return "amx";
  }
  return "";
}

bool supported(Unit unit) {
  static const bool avx2 = has_avx2();
  static const bool avx512 = has_avx512();
  static const bool amx = has_amx();
  switch (unit) {
    case Unit::plain:
      return true;
    case Unit::avx2:
      return avx2;
    case Unit::avx512:
      return avx512;
    case Unit::amx:
      return amx;
  }
  return false;
}

Unit best_unit() {
  for (const Unit unit : {Unit::amx, Unit::avx512, Unit::avx2}) {
    if (supported(unit)) {
      return unit;
    }
  }
  return Unit::plain;
}

const Ops& ops(Unit unit) {
  static const Ops tables[] = {plain_ops(), avx2_ops(), avx512_ops(), amx_ops()};
  return tables[static_cast<int>(unit)];
}

FlushDenormals::FlushDenormals() : saved_(_mm_getcsr()) {
  constexpr unsigned flush_results = 0x8000;
  constexpr unsigned inputs_are_zero = 0x0040;
  _mm_setcsr(saved_ | flush_results | inputs_are_zero);
}

FlushDenormals::~FlushDenormals() {
  _mm_setcsr(saved_);
}

}  // namespace assay::kernels
