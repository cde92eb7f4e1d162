#!/bin/bash
# What action.yml runs: slsws validate with the action's inputs, which are in the environment as SLSWS_*. A slsws that is on
# the PATH is taken, else it is built here.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
slsws=$(command -v slsws) || {
	echo '::group::build slsws'
	"$here/tools/setup.sh" build
	echo '::endgroup::'
	slsws=$here/build/slsws
}
options=(--color always)
[ -z "${SLSWS_SELECT-}" ] || options+=(--select "$SLSWS_SELECT")
[ -z "${SLSWS_IGNORE-}" ] || options+=(--ignore "$SLSWS_IGNORE")
[ -z "${SLSWS_BASELINE-}" ] || options+=(--baseline "$SLSWS_BASELINE")
read -ra files <<< "${SLSWS_FILES-}"
if [ -n "${SLSWS_SARIF-}" ]; then
	"$slsws" validate "${options[@]}" --fail-on none --format sarif -o "$SLSWS_SARIF" -- "${files[@]}" 2>/dev/null || true
fi
# text for the log and, on GitHub, annotations of the lines
exec "$slsws" validate "${options[@]}" --fail-on "${SLSWS_FAIL_ON:-error}" -- "${files[@]}"
