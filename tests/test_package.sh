#!/bin/bash
# The folder that `slsws package --package` writes: what is in it, what it may replace, and that it is whole or not there.
#	tests/test_package.sh SLSWS ROOT
slsws=$1 root=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
export SOURCE_DATE_EPOCH=1700000000

fail() {
	echo "line ${BASH_LINENO[${2:-0}]}: $1"
	failed=1
}

# run STATUS ARGUMENTS...: leaves out and err
run() {
	local expected=$1 status
	shift
	"$slsws" "$@" > ../out 2> ../err
	status=$?
	[ "$status" = "$expected" ] || fail "status $status instead of $expected: slsws $*: $(cat ../err)" 1
}

has() {
	grep -qF -- "$1" ../err || fail "not in its messages: $1: $(cat ../err)" 1
}

files() {
	(cd "$1" && find . -mindepth 1 | sort | tr '\n' ' ')
}

mkdir chat
cd chat || exit 1
mkdir src common
echo 'exports.handler = 1' > src/message.js
echo 'a layer' > common/file
cat > serverless.yml <<'END'
service: chat
provider:
  name: aws
  runtime: nodejs20.x
  logs:
    websocket: true
layers:
  common:
    path: common
functions:
  message:
    handler: src/message.handler
    events:
      - websocket: message
  alone:
    handler: src/message.handler
    package:
      individually: true
END
all='./alone.zip ./chat.zip ./cloudformation-template-create-stack.json ./cloudformation-template-update-stack.json'
all="$all ./common.zip ./custom-resources.zip ./serverless-state.json "

# --- what is in it
run 0 package
mv ../out ../plain
run 0 package --package packed
[ -s ../out ] && fail 'something is on standard output'
[ "$(files packed)" = "$all" ] || fail "other files: $(files packed)"
run 0 package -p packed -o -
printf '%s\n' "$(cat packed/cloudformation-template-update-stack.json)" | cmp -s - ../out ||
	fail 'the template is another on standard output'
cmp -s ../plain ../out || fail 'the template is another without a package'
digest=$(openssl dgst -sha256 -binary packed/chat.zip 2> /dev/null | base64)
[ -z "$digest" ] || grep -qF "\"CodeSha256\": \"$digest\"" packed/cloudformation-template-update-stack.json ||
	fail 'the digest is not that of the zip'
[ -n "$(tail -c 1 packed/serverless-state.json)" ] || fail 'the state ends with a newline'
grep -qF "\"$(pwd -P)/.serverless/chat.zip\"" packed/serverless-state.json || fail 'no absolute path in the state'
python3 - "$root/custom-resources" packed/custom-resources.zip <<'END' || fail 'the code of custom resources is another'
import os, sys, zipfile
top, packed = sys.argv[1:]
names = [os.path.relpath(os.path.join(d, f), top) for d, _, files in os.walk(top) for f in files if f.endswith(".js")]
zip = zipfile.ZipFile(packed)
sys.exit(zip.namelist() != sorted(names) or any(zip.read(n) != open(os.path.join(top, n), "rb").read() for n in names))
END
run 0 package --minify-template -p small
[ "$(wc -l < small/cloudformation-template-update-stack.json)" = 0 ] || fail 'the template is not on one line'
run 0 package -p small -o template.json
[ -s template.json ] || fail '--output is forgotten'
rm template.json

# --- the same again, with the folder inside of what is packed
cp -r packed ../first
touch -d '2001-01-01' packed/chat.zip
run 0 package -p packed
rm -r small
run 0 package -p packed
diff -r packed ../first > ../difference || fail "another package: $(cat ../difference)"
[ "$(find . -name '.slsws-*')" = '' ] || fail 'something is left'
mkdir .slsws-999999999-packed .slsws-999999999-other
echo old > .slsws-999999999-packed/part
echo old > .slsws-999999999-other/part
run 0 package -p packed
[ ! -e .slsws-999999999-packed ] || fail 'what a process left that is no more is still there'
[ -e .slsws-999999999-other ] || fail 'what is not ours was removed'
diff -r packed ../first > ../difference || fail "what was left behind is packed: $(cat ../difference)"
rm -r .slsws-999999999-other

# --- without SOURCE_DATE_EPOCH it is named after the moment
(unset SOURCE_DATE_EPOCH; run 0 package -p now)
now=$(date +%s)
grep -qE "serverless/chat/dev/${now%???}[0-9]{6}-20[0-9-]{8}T[0-9:.]{12}Z/chat.zip" now/serverless-state.json ||
	fail 'the folder in S3 is not named after the moment'
rm -r now

# --- what may be replaced
chmod 750 packed
run 0 package -p packed/
[ "$(stat -c %a packed)" = 750 ] || fail 'the rights of the folder changed'
run 0 package -p new/and/deep
[ "$(files new/and/deep)" = "$all" ] || fail 'a new folder is not complete'
rm -r new
mkdir empty
run 0 package --package empty
[ "$(files empty)" = "$all" ] || fail 'an empty folder is not replaced'
mv empty ../real
ln -s ../real link
touch ../real/old.zip
run 0 package --package link
[ -L link ] || fail 'a link was replaced'
[ "$(files ../real)" = "$all" ] || fail 'what a link leads to was not replaced'
rm -r link ../real
mkdir -p .serverless/plugin
echo x > .serverless/plugin/file
run 0 package --package .serverless
[ "$(files .serverless)" = "$all" ] || fail '.serverless is not replaced'
rm -r .serverless

# --- what may not
mkdir notes
echo x > notes/notes.txt
run 2 package -p notes
has "error[U014]: the folder 'notes' has 'notes.txt', which is no part of a package"
cp ../first/*.zip notes
rm notes/notes.txt
run 2 package -p notes
has "error[U014]: the folder 'notes' has '"
cp ../first/serverless-state.json notes
mkdir notes/sub.zip
run 2 package -p notes
has "error[U014]: the folder 'notes' has 'sub.zip'"
rm -r notes
run 2 package -p .
has "error[U014]: the folder '.' has the service itself in it"
run 2 package -p ..
has "error[U014]: the folder '..' has the service itself in it"
run 2 package -p serverless.yml
has "error[U014]: 'serverless.yml' is no folder"
run 3 package -p serverless.yml/inside
has "error[U020]: cannot make the folder 'serverless.yml/inside': Not a directory"
run 3 package -p /proc/none
has "error[U020]: cannot make a folder beside '/proc/none': "
run 2 package -p packed --no-code
has "error[U008]: '--package' and '--no-code' were given"
run 2 package -p
has "error[U004]: missing value for '--package'"
[ -s serverless.yml ] && [ -s src/message.js ] || fail 'files of the service are gone'

# --- the old folder stays when something is wrong
sed 's/websocket: message/websocket: {rout: x}/' serverless.yml > broken.yml
run 1 package broken.yml -p packed
diff -r packed ../first > ../difference || fail "the old folder changed: $(cat ../difference)"
rm broken.yml
head -c 300000 /dev/urandom > src/large
for blocks in 0 8; do
	(ulimit -f $blocks && "$slsws" package -p packed 2>&1) | cat > ../err
	[ "${PIPESTATUS[0]}" = 3 ] || fail 'no space is no failure of the machine'
	has "cannot be written: File too large"
	diff -r packed ../first > ../difference || fail "the old folder changed: $(cat ../difference)"
	[ "$(find . -name '.slsws-*')" = '' ] || fail 'something is left'
done
rm -r src/large packed

# --- a name that is no UTF-8
echo x > src/$'\xff.js'
run 0 package -p packed
rm -r src/$'\xff.js' packed

# --- another folder's service; under the names of the reference
cd ..
"$slsws" package chat/serverless.yml -p elsewhere > out 2> err || fail "$(cat err)"
diff -r elsewhere first > difference || fail "another package from another folder: $(cat difference)"
ln -s "$slsws" serverless
./serverless package --config chat/serverless.yml > out 2> err || fail "$(cat err)"
[ -s out ] && fail 'serverless: something is on standard output'
diff -r chat/.serverless first > difference || fail "serverless: another package: $(cat difference)"
exit $failed
