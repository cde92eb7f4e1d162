#!/bin/sh
# The codes of diagnostics: each that the sources use has its row in codes.h, each row is used, and each is shown by a
# fixture, by a test, or by the example of a rule.	tests/check-codes.sh ROOT
cd "$1" || exit 3
scratch=$(mktemp -d) || exit 3
trap 'rm -r "$scratch"' EXIT
failed=0

grep -ohE '"[CWTRSPDUG][0-9]{3}"' -r src compilers --include='*.[ch]' --exclude=codes.h --exclude=slsws.h | tr -d '"' |
	sort -u > "$scratch/used"
sed -nE 's/^\tX\(([A-Z][0-9]{3}),.*/\1/p' src/base/codes.h > "$scratch/all-rows"
sort -u "$scratch/all-rows" > "$scratch/rows"
find fixtures -name errors.txt -o -name warnings.txt -o -name stdout.txt | xargs grep -ohE '\[[A-Z][0-9]{3}\]' /dev/null |
	tr -d '[]' > "$scratch/shown-all"
grep -ohE '[CWTRSPDUG][0-9]{3}' tests/*.c tests/*.sh tests/*.mjs tests/dev/*.c tests/dev/*.py >> "$scratch/shown-all"
(cd rules && ls -d */fail*) | sed "s|/.*||" >> "$scratch/shown-all"	# test_rules.c runs them
sort -u "$scratch/shown-all" > "$scratch/shown"

# complain WHAT CODES
complain() {
	[ -z "$2" ] || { echo "$1:" $2; failed=1; }
}
complain 'two rows in src/base/codes.h' "$(sort "$scratch/all-rows" | uniq -d)"
complain 'no row in src/base/codes.h' "$(comm -23 "$scratch/used" "$scratch/rows")"
[ "${2-}" = --lenient ] && exit $failed
complain 'a row in src/base/codes.h that nothing uses' "$(comm -13 "$scratch/used" "$scratch/rows")"
complain 'shown by no fixture or test' "$(comm -23 "$scratch/used" "$scratch/shown")"
exit $failed
