#!/usr/bin/env bash
# Everything that CI checks, from a bare Debian 12 on: packages, format, the build without warnings, the tests under the
# address, undefined-behaviour and thread sanitizers, short fuzzing, lint, and last the tests as they are.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
install_packages "${build_packages[@]}" "${test_packages[@]}"

# Compilers' results are kept between runs and between checkouts; two compilers at a time, whatever the machine.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-4G}
jobs=$(( $(nproc) < 2 ? 1 : 2 ))
step() { printf '\n== %s (%d s)\n' "$*" "$SECONDS"; }
quietly() {  # prints only where it fails
  local log
  log=$(mktemp)
  "$@" >"$log" 2>&1 || { tail -n 60 "$log"; rm -f "$log"; echo "failed: $*" >&2; return 1; }
  rm -f "$log"
}
build() {  # PRESET TARGET...
  quietly cmake --preset "$1"
  quietly cmake --build --preset "$1" -j "$jobs" --target "${@:2}"
}

step format
git ls-files -z -- '*.h' '*.cpp' '*.cu' '*.cuh' | xargs -0 clang-format --dry-run -Werror

step build
build dev all

step headers, each by itself
quietly cmake --build --preset dev -j "$jobs" --target all_verify_interface_header_sets

step address and undefined-behaviour sanitizers
build asan all
ctest --preset asan -j "$jobs" --no-label-summary --progress -E '^long:' -LE fuzz 2>&1 | tail -n 25
step fuzzing, a short while
ctest --preset asan -j "$jobs" --no-label-summary -L fuzz | tail -n 15

step thread sanitizer
build tsan kernels_test harness_test backends_test
ctest --preset tsan -j "$jobs" --no-label-summary --progress | tail -n 15

step lint
scripts/lint.sh

step tests
ctest --preset dev -j "$jobs" --no-label-summary
