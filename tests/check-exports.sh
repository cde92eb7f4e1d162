#!/bin/sh
# What the shared library exports is what the public header declares.	tests/check-exports.sh LIBRARY HEADER
exported=$(nm -D --defined-only "$1" | sed 's/.* //; s/@.*//' | sort -u)
declared=$(grep '^SLSWS_API' "$2" | sed 's/.*\(slsws_[a-z_]*\)(.*/\1/' | sort -u)
[ "$exported" = "$declared" ] && exit 0
printf 'exported:\n%s\ndeclared:\n%s\n' "$exported" "$declared"
exit 1
