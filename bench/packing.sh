#!/bin/sh
# What packing costs: a service with a node_modules of some 50 MB in 5,500 files, from npm (bench/packing/package.json).
#	bench/packing.sh [--quick]	--quick leaves the reference out
#
# BUILD names the build folder (build), OSLS another serverless.js, MODULES a folder that has the node_modules already. Needs
# node and npm. Each pair of figures is measured in turns. Ends with 4 when a limit is missed, with 1 when it cannot measure.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${BUILD:-$root/build}" && pwd)
osls=${OSLS:-$root/tests/reference/node_modules/osls/bin/serverless.js}
quick=${1-}
for tool in node npm ninja python3; do
	command -v $tool > /dev/null || { echo "bench/packing.sh needs $tool" >&2; exit 3; }
done
ninja -C "$build" slsws bench/deflate bench/measure > /dev/null
slsws=$build/slsws measure=$build/bench/measure
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r "$root/bench/packing" "$scratch/service"
cd "$scratch/service"
if [ -n "${MODULES-}" ]; then
	cp -r "$MODULES/node_modules" .
else
	npm install --no-audit --no-fund --ignore-scripts --no-package-lock --loglevel=error > /dev/null
fi

# middle NUMBER...: the median
middle() {
	printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}

ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

limit() {
	awk -v value="$1" -v limit="$2" -v kind="$3" 'BEGIN {
		met = kind == "at-most" ? value <= limit : value >= limit
		printf "%s, %s %s%s\n", value, kind == "at-most" ? "at most" : "at least", limit, met ? "" : "  MISSED"
	}'
}

once() {
	"$measure" 1 /dev/null "$@" | cut -d' ' -f1
}

report() {
	"$slsws" package --package ../out
	python3 -c 'import sys, zipfile; print("\n".join(zipfile.ZipFile(sys.argv[1]).namelist()))' ../out/packing.zip > ../list
	echo "packed: $(wc -l < ../list) files, $(tr '\n' '\0' < ../list | du -bc --files0-from=- | tail -n 1 | cut -f1) bytes," \
		"zip $(wc -c < ../out/packing.zip) bytes"
	ours='' bare=''
	for turn in 1 2 3 4 5 6 7; do
		ours="$ours $(once "$slsws" package --package ../out)"
		bare="$bare $("$build/bench/deflate" 1 < ../list | cut -d' ' -f1)"
	done
	ours=$(middle $ours) bare=$(middle $bare)
	echo "time of the compressor alone: $((bare / 1000)) ms, of slsws $((ours / 1000)) ms, ratio" \
		"$(limit "$(ratio "$ours" "$bare")" 1.5 at-most)"
	peak=$("$measure" 1 /dev/null "$slsws" package --package ../out | cut -d' ' -f2)
	echo "peak memory: slsws $peak KiB"
	[ "$quick" != --quick ] || return 0
	export SLS_TELEMETRY_DISABLED=1 SLS_NOTIFICATIONS_MODE=off SLS_TRACKING_DISABLED=1
	ours='' theirs=''
	for turn in 1 2 3; do
		ours="$ours $(once "$slsws" package --package ../out)"
		theirs="$theirs $(once node "$osls" package --package ../theirs)"
	done
	ours=$(middle $ours) theirs=$(middle $theirs)
	echo "time: osls $((theirs / 1000)) ms, slsws $((ours / 1000)) ms, times faster" \
		"$(limit "$(ratio "$theirs" "$ours")" 6 at-least)"
}

report | tee ../report
! grep -q MISSED ../report || exit 4
