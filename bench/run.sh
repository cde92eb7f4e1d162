#!/bin/sh
# The figures of README: instructions, memory and time of slsws, beside a floor and beside the reference.
#	bench/run.sh [--quick]		--quick leaves the reference out, which takes two minutes
#
# BUILD names the build folder (build). Needs valgrind, and for the reference what `npm ci` in tests/reference installs; OSLS
# names another serverless.js. cfn-lint is measured beside validate where it is installed. Ends with 4 when a limit is
# missed, with 1 when it cannot measure.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${BUILD:-$root/build}" && pwd)
osls=${OSLS:-$root/tests/reference/node_modules/osls/bin/serverless.js}
quick=${1-}
need() {
	command -v "$1" > /dev/null || { echo "bench/run.sh needs $1: apt-get install $2" >&2; exit 3; }
}
need ninja ninja-build
need valgrind valgrind
if [ "$quick" != --quick ]; then
	need node nodejs
	[ -f "$osls" ] || { echo "bench/run.sh needs the reference: (cd tests/reference && npm ci), or --quick" >&2; exit 3; }
fi
ninja -C "$build" slsws bench/floor bench/measure > /dev/null
slsws=$build/slsws floor=$build/bench/floor measure=$build/bench/measure
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# A service of N functions in folder N, and its template beside that, where it is not packed.
make_service() {
	mkdir -p "$1"
	"$root/bench/generate.sh" "$1" > "$1/serverless.yml"
	echo '// a handler' > "$1/index.js"
	(cd "$1" && "$slsws" package -o "../$1.json")
}

# instructions PROGRAM ARGUMENT...
instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 > /dev/null | sed -n 's/.*Collected : //p'
}

# limit VALUE LIMIT at-most|at-least: adds the verdict to a line
limit() {
	awk -v value="$1" -v limit="$2" -v kind="$3" 'BEGIN {
		met = kind == "at-most" ? value <= limit : value >= limit
		printf "%s, %s %s%s\n", value, kind == "at-most" ? "at most" : "at least", limit, met ? "" : "  MISSED"
	}'
}

ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

# Both look at the same template, of 5 functions; the exit status is not to depend on what they find.
against_cfn_lint() {
	command -v cfn-lint > /dev/null || { echo "time of cfn-lint: not measured, as it is not installed"; return; }
	theirs=$("$measure" 5 out cfn-lint --non-zero-exit-code none 5.json | cut -d' ' -f1)
	ours=$("$measure" 101 out "$slsws" validate --fail-on none 5.json | cut -d' ' -f1)
	echo "time of validate, the template of 5 functions: cfn-lint $((theirs / 1000)) ms, slsws $(ratio "$ours" 1000) ms," \
		"times faster $(limit "$(ratio "$theirs" "$ours")" 100 at-least)"
}

report() {
	for n in 5 300 1000 10000; do
		make_service "$n"
		eval "own_$n=$(cd "$n" && instructions "$slsws" package)"
	done
	for n in 300 1000; do
		eval "own=\$own_$n"
		bytes=$(wc -c < "$n.json")
		bare=$(instructions "$floor" "$n/serverless.yml" "$bytes")
		echo "instructions, $n functions: slsws $own, floor $bare, ratio $(limit "$(ratio "$own" "$bare")" 3 at-most)"
	done
	echo "instructions, 10000 functions: slsws $own_10000, times those of 1000" \
		"$(limit "$(ratio "$own_10000" "$own_1000")" 10.5 at-most)"
	for n in 5 300 1000 10000; do
		bytes=$(wc -c < "$n.json")
		peak=$(cd "$n" && "$measure" 3 ../out "$slsws" package | cut -d' ' -f2)
		most=$((bytes * 10 / 1024 + 8192))
		echo "peak memory, $n functions: template $((bytes / 1024)) KiB, peak KiB $(limit "$peak" "$most" at-most)"
	done
	for what in service template; do
		for n in 1000 10000; do
			file=$([ "$what" = service ] && echo "$n/serverless.yml" || echo "$n.json")
			eval "checked_$n=$(instructions "$slsws" validate "$file")"
		done
		echo "instructions of validate, the $what of 10000 functions: $checked_10000, times those of 1000" \
			"$(limit "$(ratio "$checked_10000" "$checked_1000")" 10.5 at-most)"
	done
	took=$("$measure" 101 out "$slsws" validate --fail-on none 5/serverless.yml | cut -d' ' -f1)
	echo "time of validate, 5 functions: ms $(limit "$(ratio "$took" 1000)" 10 at-most)"
	[ "$quick" = --quick ] || against_cfn_lint
	[ "$quick" = --quick ] || for n in 5 1000; do
		export SLS_TELEMETRY_DISABLED=1 SLS_NOTIFICATIONS_MODE=off SLS_TRACKING_DISABLED=1
		runs=$([ "$n" = 5 ] && echo 7 || echo 3)
		theirs=$(cd "$n" && "$measure" "$runs" ../out node "$osls" package | cut -d' ' -f1)
		ours=$(cd "$n" && "$measure" 101 ../out "$slsws" package | cut -d' ' -f1)
		echo "time, $n functions: osls $((theirs / 1000)) ms, slsws $(ratio "$ours" 1000) ms, times faster" \
			"$(limit "$(ratio "$theirs" "$ours")" "$([ "$n" = 5 ] && echo 300 || echo 400)" at-least)"
	done
}

report | tee report
! grep -q MISSED report || exit 4
