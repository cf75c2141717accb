#!/usr/bin/env bash
# From a bare Debian 12 to a report: installs what is missing, builds, puts the bundled suite to a model, writes report.html.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
install_packages "${build_packages[@]}"

export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
jobs=$(( $(nproc) < 2 ? 1 : 2 ))
echo "building (some minutes the first time)"
cmake --preset release -DASSAY_TESTS=OFF >/dev/null
cmake --build --preset release -j "$jobs" --target assay | tail -n 1

assay=build/release/assay
db=${ASSAY_DB:-quickstart.db}
"$assay" run math/arithmetic --model engine:tiny-moe --db "$db" --fresh
"$assay" report --db "$db" --out report.html

echo "report: $PWD/report.html"
