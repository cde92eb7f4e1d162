#!/bin/bash
# Runs the fuzz targets with AddressSanitizer and UndefinedBehaviorSanitizer, seeds being the fixtures.
#	tests/fuzz/run.sh SECONDS [TARGET...]
# Builds them in build-fuzz. A finding ends the run and is kept in build-fuzz/findings; what was learnt is kept in
# build-fuzz/corpus and is where the next run starts.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:?usage: tests/fuzz/run.sh SECONDS [TARGET...]}
shift
build=build-fuzz

[ -f $build/build.ninja ] || CC=clang meson setup $build -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false \
	-Dbuildtype=debugoptimized >/dev/null
ninja -C $build --quiet

# a project as one text: see fuzz_compile.c
seeds=$build/seeds
rm -rf $seeds
mkdir -p $seeds/whole $seeds/single $build/findings
for folder in fixtures/*/; do
	name=$(basename "$folder")
	first=$(cd "$folder" && ls serverless.yml serverless.yaml serverless.json 2>/dev/null | head -n 1)
	[ -n "$first" ] || continue
	(
		cd "$folder"
		printf '#file %s\n' "$first"
		cat "$first"
		find . -type f -size -16k \( -name '*.yml' -o -name '*.yaml' -o -name '*.json' -o -name '*.txt' -o -name '.env*' \) \
			! -name "$first" ! -name template.json ! -name state.json ! -name errors.txt ! -name warnings.txt \
			-printf '%P\n' | sort |
			while read -r file; do
				printf '\n#file %s\n' "$file"
				cat "$file"
			done
	) > "$seeds/whole/$name"
	cp "$folder$first" "$seeds/single/$name"
done
# two templates each: see fuzz_diff.c
mkdir -p $seeds/pairs
for folder in fixtures/diff-*/; do
	for old in "$folder"old.*; do
		[ -f "$old" ] && [ -f "${old/old./new.}" ] && { cat "$old"; printf '\n#new\n'; cat "${old/old./new.}"; } \
			> "$seeds/pairs/$(basename "$folder")"
	done
done
# templates: the examples of the rules
mkdir -p $seeds/templates
for example in rules/*/*.yml; do
	cp "$example" "$seeds/templates/$(basename "$(dirname "$example")")-$(basename "$example")"
done
# trees of files, and what is packed of them
mkdir -p $seeds/trees
python3 tests/packing/trees.py $seeds/trees
find tests/fuzz/seeds -type f 2>/dev/null | while read -r file; do
	cp "$file" "$seeds/whole/seed-$(basename "$file")"
	cp "$file" "$seeds/single/seed-$(basename "$file")"
done

failed=0 passed=0
targets=("$@")
[ ${#targets[@]} -gt 0 ] || for source in tests/fuzz/fuzz_*.c; do
	targets+=("$(basename "$source" .c)")
done
for target in "${targets[@]}"; do
	mkdir -p "$build/corpus/$target"
	kind=single
	[ "$target" = fuzz_compile ] && kind=whole
	[ "$target" = fuzz_diff ] && kind=pairs
	[ "$target" = fuzz_select ] && kind=trees
	[ "$target" = fuzz_check ] && kind=templates
	# a finding is a crash, a leak, more than ten seconds or more than a GiB
	if "$build/tests/fuzz/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=8192 \
		-dict=tests/fuzz/words.dict -artifact_prefix="$build/findings/$target-" -print_final_stats=1 \
		"$build/corpus/$target" "$seeds/$kind" > "$build/$target.log" 2>&1; then
		passed=$((passed + 1))
		echo "ok     $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$target.log") runs, no finding"
	else
		failed=$((failed + 1))
		echo "FAILED $target: see $build/$target.log"
		grep -nE 'ERROR|runtime error|assertion|Assertion|SUMMARY|Test unit written' "$build/$target.log" | head -n 12
	fi
done
echo "$passed passed, $failed failed"
exit $((failed > 0))
