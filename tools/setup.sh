#!/bin/sh
# Installs what slsws needs on a Debian or a relative of it, and builds it.
#	tools/setup.sh build	what it takes to build slsws, then build/slsws
#	tools/setup.sh test	what its tests take besides, then build/
#	tools/setup.sh all	what .ci/run takes besides: the reference, fuzzing, measuring
# What is installed already is not asked for again, so nothing is needed of apt the second time.
set -eu
newly=
cd "$(dirname "$0")/.."

build='gcc libc6-dev meson ninja-build pkg-config libyaml-dev libcjson-dev libjansson-dev libpcre2-dev libssl-dev'
build="$build libxxhash-dev libdeflate-dev libminizip-dev zlib1g-dev libuv1-dev libwslay-dev libhttp-parser-dev"
test='libcmocka-dev nodejs python3-websockets'
all='npm clang valgrind zsh fish mandoc pre-commit unzip python3-boto3'

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		echo "tools/setup.sh: run it as root, or install sudo" >&2
		exit 1
	fi
}

# The packages among the arguments that are not installed.
missing() {
	for package in "$@"; do
		case $package in
		nodejs | npm) command -v "${package%js}" >/dev/null || echo "$package" ;; # from wherever it came
		*) dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok' || echo "$package" ;;
		esac
	done
}

install() {
	packages=$(missing "$@")
	[ -n "$packages" ] || return 0
	if ! command -v apt-get >/dev/null; then
		echo "tools/setup.sh: this is no Debian; install the likes of: $packages" >&2
		exit 1
	fi
	echo "installing" $packages
	log=$(mktemp)
	# shellcheck disable=SC2086 # a list of words
	as_root env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -qq &&
		apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@"' sh $packages >"$log" 2>&1 || {
		cat "$log" >&2
		exit 1
	}
	rm "$log"
	newly=1
}

case ${1-} in
build) install $build ;;
test) install $build $test ;;
all)
	install $build $test $all
	# clang's own runtime, which holds its sanitizers and libFuzzer, is a package by the version of clang
	install "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev"
	[ tests/dev/npm/node_modules/.package-lock.json -nt tests/dev/npm/package-lock.json ] ||
		npm ci --prefix tests/dev/npm --ignore-scripts --no-audit --no-fund --loglevel=error
	[ tests/reference/node_modules/.package-lock.json -nt tests/reference/package-lock.json ] ||
		npm ci --prefix tests/reference --ignore-scripts --no-audit --no-fund --loglevel=error
	[ tests/reports/node_modules/.package-lock.json -nt tests/reports/package-lock.json ] ||
		npm ci --prefix tests/reports --ignore-scripts --no-audit --no-fund --loglevel=error
	[ tests/editor/node_modules/.package-lock.json -nt tests/editor/package-lock.json ] ||
		npm ci --prefix tests/editor --ignore-scripts --no-audit --no-fund --loglevel=error
	# the reference refuses nodes as old as Debian 12's: then it gets one of its own
	if [ "$(node -p 'process.versions.node.split(".")[0] >= 20')" != true ]; then
		case $(uname -m) in aarch64) arch=arm64 ;; *) arch=x64 ;; esac
		npm install --prefix tests/reference/node --no-audit --no-fund --loglevel=error "node-linux-$arch@22.23.3"
		ln -sf "node_modules/node-linux-$arch/bin/node" tests/reference/node/node
	fi
	;;
*)
	sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac

if [ ! -f build/build.ninja ]; then
	meson setup build >/dev/null
elif [ -n "$newly" ]; then
	meson setup --reconfigure build >/dev/null # what was not there may be there now
fi
ninja -C build --quiet
