#!/bin/bash
# The GitHub action's script as the action runs it, and the hooks in pre-commit if that is installed.
#	tests/test_action.sh ROOT SLSWS
set -u
slsws=$(realpath "$2")
cd "$1" || exit 3
root=$PWD
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT
failed=0
mkdir "$folder/bin" "$folder/project"
ln -s "$slsws" "$folder/bin/slsws"
PATH=$folder/bin:$PATH

# expect WHAT CONDITION...
expect() {
	local what=$1
	shift
	"$@" || { echo "FAILED: $what"; failed=1; }
}

# all inputs are handed on, and the script reads no others
declared=$(sed -n '/^inputs:/,/^runs:/s/^  \([a-z-]*\):$/\1/p' action.yml | grep -v working-directory | sort)
given=$(sed -n 's/^ *SLSWS_[A-Z_]*: ${{ inputs\.\([a-z-]*\) }}/\1/p' action.yml | sort)
expect 'all inputs are handed on' [ "$declared" = "$given" ]
named=$(sed -n 's/^ *\(SLSWS_[A-Z_]*\): .*/\1/p' action.yml | sort)
expect 'the script reads them' [ "$(grep -o 'SLSWS_[A-Z_]*' tools/action.sh | grep -v 'SLSWS_$' | sort -u)" = "$named" ]

cd "$folder/project" || exit 3
cat > serverless.yml <<'YAML'
service: chat
provider: { name: aws, runtime: nodejs20.x }
functions:
  a:
    handler: a.b
    memorySizes: 128
    events:
      - websocket: $connect
      - websocket: { route: $disconnect, authorizer: { name: gone } }
YAML
GITHUB_ACTIONS=true SLSWS_SARIF=out.sarif "$root/tools/action.sh" > out 2> err
expect 'findings fail' [ $? = 1 ]
expect 'annotations' grep -q '^::error file=serverless.yml,line=9' out
expect 'text for the log' grep -q 'W103' err
expect 'a SARIF report' grep -q '"version":[[:space:]]*"2.1.0"' out.sarif
GITHUB_ACTIONS=true SLSWS_FAIL_ON=none "$root/tools/action.sh" > out 2> err
expect 'nothing fails with none' [ $? = 0 ]
printf 'Resources:\n  A: { Type: AWS::SNS::Topic }\n' > a.yml
SLSWS_FILES='a.yml' "$root/tools/action.sh" > out 2> err
expect 'a good template' [ $? = 0 ]
SLSWS_FILES='--version $(touch x)' "$root/tools/action.sh" > out 2> err
expect 'inputs are no commands' [ ! -e x ]

if command -v pre-commit > /dev/null; then
	git init -q . && git add serverless.yml a.yml
	expect 'the manifest' pre-commit validate-manifest "$root/.pre-commit-hooks.yaml"
	cp -r "$root/.pre-commit-hooks.yaml" "$folder/bin" # a repository of hooks alone
	git -C "$folder/bin" init -q && git -C "$folder/bin" add .pre-commit-hooks.yaml
	git -C "$folder/bin" -c user.name=x -c user.email=x@x commit -qm hooks
	pre-commit try-repo "$folder/bin" slsws-validate --files serverless.yml > out 2>&1
	expect 'the hook finds' [ $? = 1 ]
	expect 'the hook shows' grep -q W103 out
	pre-commit try-repo "$folder/bin" slsws-validate --files a.yml > out 2>&1
	expect 'the hook passes over other files' [ $? = 0 ]
else
	echo 'skipped: no pre-commit'
fi
[ $failed = 0 ] && echo 'action: all good'
exit $failed
