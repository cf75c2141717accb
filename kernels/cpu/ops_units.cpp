// Which units this processor has, and their operations.

#include "kernels/cpu/ops_units.h"

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <xmmintrin.h>

namespace assay::kernels {

namespace {

struct Leaf {
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
};

// Intel's manual, volume 2, CPUID. The compilers' own __builtin_cpu_supports do not know the same
// names.
Leaf leaf(unsigned number) {
  Leaf found;
  __get_cpuid_count(number, 0, &found.eax, &found.ebx, &found.ecx, &found.edx);
  return found;
}

bool bit(unsigned word, unsigned at) {
  return (word >> at & 1U) != 0;
}

// The two that follow also ask whether the system saves the registers, which the bits of CPUID do
// not say.
bool has_avx2() {
  constexpr unsigned f16c = 29;
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 &&
         bit(leaf(1).ecx, f16c);
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
  constexpr unsigned amx_bf16 = 22;
  constexpr unsigned amx_tile = 24;
  const unsigned features = leaf(7).edx;
  return has_avx512() && bit(features, amx_tile) && bit(features, amx_bf16) && tiles_permitted();
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

bool reads_tiles(Unit unit, int rows) {
  return unit == Unit::amx && rows >= tile_rows_min;
}

LatentPage::Form page_form(Unit unit, Activations activations) {
  const bool tiles = unit == Unit::amx && activations == Activations::bf16;
  return tiles ? LatentPage::Form::tiles : LatentPage::Form::rows;
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
