#!/bin/sh
# The manual: mandoc has nothing to say of its pages, they tell of each option of the commands and of each function of the
# library, their references lead to pages, and the installation knows them.	tests/check-man.sh ROOT SLSWS
slsws=$(realpath "$2")
cd "$1" || exit 3
command -v mandoc >/dev/null || { echo 'SKIP: no mandoc'; exit 77; }
failed=0
complain() {
	echo "$@"
	failed=1
}

for page in man/*; do
	said=$(mandoc -Tlint -W style "$page" 2>&1 | grep -v 'referenced manual not found')
	[ -z "$said" ] || complain "$said"
	grep -q "'$page'" meson.build src/dev/meson.build || complain "$page is not installed"
	for reference in $(sed -n 's/^\.Xr \([^ ]*\) \([1-8]\).*/\1.\2/p' "$page"); do
		[ -f "man/$reference" ] || complain "$page: there is no page $reference"
	done
done

for function in $(sed -n 's/^SLSWS_API.*[ *]\(slsws_[a-z_]*\)(.*/\1/p' src/slsws.h); do
	grep -q "^\.F[no] $function" man/libslsws.3 || complain "man/libslsws.3: nothing of $function()"
done

"$slsws" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\).*/\1/p' | while read -r command; do
	case $command in explain | rules) page=validate ;; *) page=$command ;; esac
	page=man/slsws-$page.1
	[ -f "$page" ] || page=
	grep -q "Cm .*$command" man/slsws.1 || echo "man/slsws.1: nothing of the command $command"
	"$slsws" help "$command" | sed -n 's/^ *\(-[a-z], \)\{0,1\}--\([a-z][a-z0-9-]*\).*/\2/p' | while read -r option; do
		grep -qE "Fl (. , )?(-no)?-$option( |$)" man/slsws.1 $page || echo "$command --$option is in no page"
	done
done > "${TMPDIR:-/tmp}/check-man.$$"
[ -s "${TMPDIR:-/tmp}/check-man.$$" ] && failed=1
cat "${TMPDIR:-/tmp}/check-man.$$"
rm "${TMPDIR:-/tmp}/check-man.$$"
exit $failed
