#!/bin/sh
# Runs the fixtures by hand, with the program of BUILD (build): tests/fixtures.sh [--accept] [PREFIX...]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${BUILD:-$root/build}" && pwd)
ninja -C "$build" slsws tests/test_fixtures >/dev/null
SLSWS=$build/slsws FIXTURES=$root/fixtures MASKS=$root/tests/masks.txt exec "$build/tests/test_fixtures" "$@"
