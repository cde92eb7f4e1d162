#!/bin/sh
# The command line where it meets the machine: streams, files, colour, names. What it says is in fixtures/cli-*.
#	tests/test_cli.sh SLSWS ROOT
set -u
slsws=$1 root=$2
scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 3
unset NO_COLOR FORCE_COLOR CLICOLOR_FORCE
export TERM=dumb
failed=0

fail() {
	echo "FAILED: $1"
	failed=1
}

# run STATUS ARGUMENT...: leaves what it says in out and err
run() {
	expected=$1
	shift
	"$slsws" "$@" > out 2> err < /dev/null
	status=$?
	[ "$status" = "$expected" ] || fail "slsws $*: exit status $status, expected $expected: $(cat err)"
}

# same FILE TEXT: the whole of a file
same() {
	printf '%s\n' "$2" > wanted
	cmp -s "$1" wanted || fail "$1 is '$(cat "$1")', expected '$2'"
}

empty() {
	[ ! -s "$1" ] || fail "$1 is '$(cat "$1")', expected nothing"
}

has() {
	grep -qF -- "$2" "$1" || fail "$1 is '$(cat "$1")', expected '$2' in it"
}

has_not() {
	! grep -qF -- "$2" "$1" || fail "$1 has '$2' in it"
}

cat > serverless.yml <<'END'
service: cli
provider:
  name: aws
END
cat > warns.yml <<'END'
service: cli
provider:
  name: aws
plugins:
  - ./local
  - serverless-offline
END

# --- what goes where
run 0 package
empty err
has out '"AWSTemplateFormatVersion"'
cp out template.json
run 0 --stage dev package --region us-east-1
cmp -s out template.json || fail 'options before the command change the template'
run 0 package -- serverless.yml
run 0 package --config serverless.yml
run 0 package --minify-template
[ "$(wc -l < out)" = 1 ] || fail '--minify-template gives more than a line'
run 0 package warns.yml
has err 'warning[C404]'
has_not err 'debug['
has out '"AWSTemplateFormatVersion"'
run 0 package warns.yml --verbose
has err 'debug[C401]'
run 0 package warns.yml --debug
has err 'debug[C401]'
run 0 package --org o --use-local-credentials --aws-profile p --debug '*'
has err "debug[U012]: '--org' has no effect"
has err "debug[U012]: '--use-local-credentials' has no effect"
has err "debug[U012]: '--aws-profile' has no effect"
run 0 package warns.yml -q
empty err
run 1 package warns.yml -q --strict
has err 'error[C404]'
empty out
run 0 package warns.yml --strict --no-strict
run 0 --version
same out "slsws $(sed -n "s/.*version: '\([0-9.]*\)', license.*/\1/p" "$root/meson.build")"
run 0 -v
run 0 version
run 0 package --help
has out 'Usage: slsws package [FILE]'
cp out help
run 0 help package
cmp -s out help || fail '"help package" and "package --help" differ'
run 0 help
has out 'Usage: slsws COMMAND'
run 0 help help

# --- several configurations
cp serverless.yml serverless.json
cp serverless.yml serverless.ts
run 1 package serverless.json --verbose
mv serverless.yml kept.yml
run 1 package --verbose
has err "debug[U011]: 'serverless.ts' is left aside, 'serverless.json' comes first"
rm serverless.json
run 1 package
has err 'error[C002]'
rm serverless.ts
run 2 package
has err 'error[U009]'
mv kept.yml serverless.yml

# --- -o FILE
run 0 package -o made.json
empty out
cmp -s made.json template.json || fail '-o writes another template'
run 0 package -o -
cmp -s out template.json || fail '-o - is not standard output'
chmod 600 made.json
run 0 package --output=made.json
[ "$(stat -c %a made.json)" = 600 ] || fail '-o changes the rights of a file'
(umask 077 && "$slsws" package -o private.json)
[ "$(stat -c %a private.json)" = 600 ] || fail '-o does not respect the umask'
echo old > target.json
ln -s target.json link.json
run 0 package -o link.json
[ -L link.json ] && cmp -s target.json template.json || fail '-o replaces a link, not what it leads to'
echo kept > made.json
run 1 package warns.yml --strict -o made.json
same made.json kept
run 3 package -o missing/made.json
same err "error[U020]: cannot write 'missing/made.json': No such file or directory"
mkdir folder
run 3 package -o folder
same err "error[U020]: cannot write 'folder': Is a directory"
run 0 package -o /dev/null
(ulimit -f 0 && "$slsws" package -o made.json) > out 2> err
[ $? = 3 ] || fail 'a file that cannot grow is no error'
has_not err 'signal'
same made.json kept
ls | grep -q '\.part$' && fail 'a temporary file was left'
cp serverless.yml copy.yml
ln -s serverless.yml alias.yml
run 2 package -o alias.yml
cmp -s serverless.yml copy.yml || fail 'the configuration was overwritten'

# --- streams that fail
if [ -w /dev/full ]; then
	"$slsws" package > /dev/full 2> err
	[ $? = 3 ] || fail 'a full disk is no error'
	same err 'error[U020]: cannot write to standard output: No space left on device'
fi
"$slsws" package >&- 2> err
[ $? = 3 ] || fail 'a closed standard output is no error'
"$slsws" package warns.yml > out 2>&-
[ $? = 0 ] || fail 'a closed standard error is an error'
{ sleep 0.1; "$slsws" package 2> err; echo $? > status; } | true
same status 0
empty err

# --- colour
escape=$(printf '\033')
run 2 nothing
has_not err "$escape"
run 2 nothing --color=always
has err "$escape"
run 0 package warns.yml --color always
has err "$escape"
has_not out "$escape"
FORCE_COLOR=1 run 2 nothing
has err "$escape"
FORCE_COLOR=1 run 2 nothing --no-color
has_not err "$escape"
FORCE_COLOR=1 NO_COLOR=1 run 2 nothing
has_not err "$escape"
FORCE_COLOR=0 CLICOLOR_FORCE=1 run 2 nothing
has_not err "$escape"
CLICOLOR_FORCE=1 run 2 nothing --color auto
has err "$escape"

# --- the rules, as text and as JSON
run 0 rules
has out 'T001  error    a reference to what is not there'
lines=$(wc -l < out)
run 0 rules --format json
[ "$(grep -c '"code":' out)" = "$lines" ] || fail 'rules: the lists differ in length'
run 0 validate --output report.json --format json warns.yml
empty out
has report.json '"C404"'

# --- under the names of the reference the status is 0 or 1
for name in serverless sls osls; do
	ln -s "$slsws" "$name"
	"./$name" package --stage > out 2> err
	[ $? = 1 ] || fail "$name: a wrong use is not 1"
	"./$name" package > out 2> err || fail "$name: cannot package"
done

# --- the manual has every option, and no other
"$slsws" help package | sed -n 's/^  .* --\([a-z][a-z-]*\).*/\1/p' | sort > options
sed -n 's/^\.It Fl \([a-z] , \)\{0,1\}-\([a-z][a-z-]*\).*/\2/p' "$root/man/slsws.1" | sort > manual
diff options manual > difference || fail "options (<) and manual (>) differ: $(cat difference)"
sed -n 's/^\.Dl //p' "$root/man/slsws.1" > examples
[ -s examples ] || fail 'the manual has no examples'
while read -r example; do
	(PATH=$(dirname "$slsws"):$PATH && eval "$example") > out 2> err || fail "an example of the manual: $example: $(cat err)"
done < examples
mkdir mistake
cat > mistake/serverless.yml <<'END'
service: chat
provider:
  name: aws
functions:
  message:
    handler: src/message.handler
    events:
      - websocket:
          rout: message
END
sed -n '/^\.Bd -literal/,/^\.Ed/{/^\./!p;}' "$root/man/slsws.1" > diagnostic
(cd mistake && "$slsws" package > /dev/null 2> ../err)
cmp -s err diagnostic || fail "the manual shows another diagnostic than this: $(cat err)"
if command -v mandoc > /dev/null; then
	mandoc -Tlint -Wwarning "$root"/man/*.[1-8] || fail 'mandoc complains'
fi
exit $failed
