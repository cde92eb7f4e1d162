#!/bin/sh
# Who includes whom: a foreign library is behind one door, arrows go down only, and only the command line prints.
#	tests/check-doors.sh ROOT
cd "$1" || exit 3
failed=0

# door PATTERN WHERE ALLOWED: no line of a file in WHERE may match PATTERN, but in the files (a pattern) of ALLOWED
door() {
	found=$(grep -rnE --include='*.[ch]' "$1" $2 | grep -vE "^($3):")
	[ -z "$found" ] || { printf "%s: not here, only in '%s'\n%s\n" "$1" "$3" "$found"; failed=1; }
}
include='^# *include'

door "$include <yaml\.h>" 'src compilers' src/read_yaml.c
door "$include <(cjson/)?cJSON\.h>" 'src compilers' 'src/read_json.c|src/cli/json.h'
door "$include <jansson\.h>" 'src compilers' src/schema.c
door "$include <pcre2\.h>" 'src compilers' src/pattern.c
door "$include <openssl/" 'src compilers' 'src/base/hash.c|src/dev/tls.c'
door "$include <uv\.h>" 'src compilers' src/dev/loop.c
door "$include <wslay/" 'src compilers' src/dev/frames.c
door "$include <http_parser\.h>" 'src compilers' src/dev/http.c
door "$include <xxhash\.h>" 'src compilers' src/base/hash.c
door "$include <libdeflate\.h>" 'src compilers' src/artifact/deflate.c
door "$include <(minizip/|zlib\.h)" 'src compilers' src/artifact/zip.c
door "$include <pthread\.h>" 'src compilers' src/artifact/pack.c
door '[(, ]stdout[),;]|[^a-z_](printf|puts|putchar)\(' 'src compilers' 'src/main.c|src/cli/.*|src/slsws.h'
door '[(, ]stderr[),;]' 'src compilers' 'src/main.c|src/cli/.*|src/base/(diag.h|arena.c|text.c)'
door '[^a-z_](system|popen|strcat|gets|strtok)\(' 'src compilers' none
door "$include \"(read_|variables|sources|schema|pattern|host|compile\.)" compilers none
door "$include \"emit" compilers 'compilers/(harden|websocket/deployment|core/layer|core/version)\.c'
door "$include \"(\.\./|base/|compile|service|template|host|options|emit|read_|variables|schema|slsws)" src/base none
door "$include \"(\.\./)?(base/|compile|service|template|host|options|emit|read_|variables|schema)" 'src/cli src/main.c' none
door "$include \"(service|template|compilers)" 'src/schema*.c src/read_*.c src/yaml_*.c src/variable*.c src/source*.c src/emit.c' none
exit $failed
