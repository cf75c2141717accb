# Installs what is missing on Debian 12. Sourced by the other scripts; defines `install_packages PACKAGE...`.

build_packages=(
  g++ cmake ninja-build ccache git pkg-config
  libboost1.81-dev libcurl4-openssl-dev libssl-dev libsqlite3-dev libsqlitecpp-dev nlohmann-json3-dev libcli11-dev
  libfmt-dev libtomlplusplus-dev libkainjow-mustache-dev libjs-chart.js libbenchmark-dev catch2 zlib1g-dev
  libseccomp-dev bubblewrap python3
)
test_packages=(clang clang-format clang-tidy libclang-rt-14-dev sqlite3)

install_packages() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local as=()
  if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null && ! { [ -t 0 ] && sudo true; }; then
      echo "These packages are missing, and there is neither root nor sudo to install them:" >&2
      echo "  apt-get install ${missing[*]}" >&2
      exit 1
    fi
    as=(sudo)
  fi
  echo "installing ${missing[*]}"
  "${as[@]}" apt-get update -qq
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
