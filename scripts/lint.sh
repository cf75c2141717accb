#!/usr/bin/env bash
# clang-tidy over the files that differ from REV, or over all sources. A clean file is remembered by the content of it, of
# every header of the project and of .clang-tidy, so that only what changed is looked at again.
# usage: scripts/lint.sh [REV]
set -euo pipefail
cd "$(dirname "$0")/.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/assay-lint
mkdir -p "$cache"
headers=$(git ls-files -z -- '*.h' .clang-tidy | xargs -0 cat | sha256sum | cut -c1-32)
if [ $# -gt 0 ]; then
  mapfile -t files < <(git diff --name-only --diff-filter=ACM "$1" -- '*.cpp')
else
  mapfile -t files < <(git ls-files -- '*.cpp')
fi
lint_one() {
  local key
  key=$cache/$(printf '%s %s %s' "$2" "$1" "$(sha256sum <"$1")" | sha256sum | cut -c1-32)
  [ -e "$key" ] && return 0
  clang-tidy -p build/dev --quiet "$1" 2>/dev/null || { echo "lint: $1" >&2; return 1; }
  touch "$key"
}
export -f lint_one
export cache
# A file that is not part of the dev build (a fuzzer) is compiled by the sanitizers' build and not linted.
for file in "${files[@]}"; do
  grep -q "\"$PWD/$file\"" build/dev/compile_commands.json && printf '%s\0' "$file"
done | xargs -0 -r -n 1 -P 2 bash -c 'lint_one "$1" '"$headers" lint
echo "lint: clean"
