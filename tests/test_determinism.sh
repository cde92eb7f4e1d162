#!/bin/sh
# The template depends on nothing but the input: each fixture is compiled again as a copy in another folder, made in another
# order, with other times and rights of files, another clock zone, language, user and call, and gives the same bytes.
#	tests/test_determinism.sh SLSWS FIXTURES
set -u
slsws=$1 fixtures=$2
scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT
failed=0 count=0

# compile CASE OUT [VARIABLE=VALUE...]: in the current folder, as the fixture asks
compile() {
	case=$1 out=$2
	shift 2
	[ -f "$case/env" ] && while IFS= read -r line || [ -n "$line" ]; do
		set -- "$@" "$line"
	done < "$case/env"
	set -- env -i PATH="$PATH" HOME="$HOME" "$@" "$slsws" package
	[ -f "$case/args" ] && while IFS= read -r line || [ -n "$line" ]; do
		set -- "$@" "$line"
	done < "$case/args"
	"$@" > "$out" 2> "$out.err" < /dev/null
}

# A copy with the files made in reverse order, old and hidden from others.
copy() {
	mkdir -p "$2"
	(cd "$1" && find . -type d | sort -r) | while IFS= read -r folder; do
		mkdir -p "$2/$folder"
	done
	(cd "$1" && find . -type f | sort -r) | while IFS= read -r file; do
		(umask 077 && cat "$1/$file" > "$2/$file")
		touch -d '1999-12-31 23:59:59' "$2/$file"
	done
}

for case in "$fixtures"/*/; do
	case=${case%/}
	name=${case##*/}
	[ -f "$case/template.json" ] && [ ! -f "$case/pending" ] || continue
	count=$((count + 1))
	(cd "$case" && compile "$case" "$scratch/one")
	there="$scratch/a folder/ü/$name"
	copy "$case" "$there"
	(umask 077 && cd "$there" && compile "$case" "$scratch/two" TZ=Pacific/Kiritimati LC_ALL=C LANG=tr_TR.UTF-8 \
		USER=other HOSTNAME=other COLUMNS=20 LC_NUMERIC=de_DE.UTF-8)
	cmp "$scratch/one" "$scratch/two" > "$scratch/difference" 2>&1 && cmp -s "$scratch/one.err" "$scratch/two.err" || {
		echo "FAILED: $name gives another template: $(cat "$scratch/difference")"
		failed=1
	}
done
echo "$count templates compiled twice"
[ "$count" -gt 0 ] || exit 77
exit $failed
