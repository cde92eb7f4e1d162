#!/bin/sh
# The specification is what its generator makes of its sources, in the same bytes each time.
#	test_specification.sh SOURCE SCHEMAS
# Skips where the schemas are not beside the project, or npm or its registry is out of reach.
set -eu
source=$1 schemas=$2
[ -f "$schemas/schemas.json" ] || { echo "no schemas in $schemas"; exit 77; }
command -v npm >/dev/null || { echo 'no npm'; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
PYTHONHASHSEED=1 python3 "$source/tools/specification.py" "$scratch/npm" "$schemas" "$scratch/one" || {
	[ -d "$scratch/npm/node_modules" ] || { echo 'the package cannot be fetched'; exit 77; }
	exit 1
}
PYTHONHASHSEED=2 python3 "$source/tools/specification.py" "$scratch/npm" "$schemas" "$scratch/two"
cmp "$scratch/one" "$scratch/two"
cmp "$scratch/one" "$source/specification/cloudformation.txt"
