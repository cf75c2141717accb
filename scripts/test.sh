#!/usr/bin/env bash
# Everything that CI checks, from a bare Debian 12 on: packages, format, the build without warnings, every header on its own,
# the tests of every library and a short run of each fuzzer under the address and undefined-behaviour sanitizers, the tests
# where threads meet under the thread sanitizer, and last all tests as they are. By hand: scripts/lint.sh.
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
build dev all all_verify_interface_header_sets

step address and undefined-behaviour sanitizers
build asan kernels_test harness_test backends_test suites_test reports_test fuzzers
ctest --preset asan -j "$jobs" --no-label-summary -R '^(kernels|harness|backends|suites|reports|fuzz):' | tail -n 12

step thread sanitizer
build tsan threads_test
build/tsan/tests/threads_test | tail -n 3

step tests
ctest --preset dev -j "$jobs" --no-label-summary
