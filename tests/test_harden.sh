#!/bin/sh
# Each hardening mends what it is for: the finding is there without it, and not with it.	test_harden.sh SLSWS ROOT
slsws=$1
cd "$2/fixtures" || exit 3
scratch=$(mktemp -d) || exit 3
trap 'rm -r "$scratch"' EXIT
failed=0

# mends HARDENING CASE CODES
mends() {
	"$slsws" validate --verbose "$2/serverless.yml" > "$scratch/before" 2>&1
	"$slsws" validate --verbose --harden="$1" "$2/serverless.yml" > "$scratch/after" 2>&1
	for code in $3; do
		grep -q "\[$code\]" "$scratch/before" || { echo "FAILED $code is not found in $2"; failed=1; }
		! grep -q "\[$code\]" "$scratch/after" || { echo "FAILED $code is found in $2 with --harden=$1"; failed=1; }
	done
}
mends access-log harden-none 'S105 S106'
mends bucket harden-none S110
mends manage-connections harden-none S103
mends source-arn harden-none S102
mends throttle harden-none S107
mends no-data-trace harden-no-data-trace S104
mends deployment-hash harden-deployment-hash W229
mends deployment-hash harden-source-arn-both W230

# what connect-auth insists on is an error then, not a warning
"$slsws" validate harden-connect-auth/serverless.yml > "$scratch/before" 2>&1 || { echo 'FAILED an error without connect-auth'; failed=1; }
! "$slsws" validate --harden=connect-auth harden-connect-auth/serverless.yml > "$scratch/after" 2>&1 ||
	{ echo 'FAILED no error with connect-auth'; failed=1; }
grep -q 'error\[S101\]' "$scratch/after" || { echo 'FAILED connect-auth is not told'; failed=1; }
exit $failed
