#!/bin/sh
# A service of N functions, each with one route, on standard output:	bench/generate.sh N
[ "$#" -eq 1 ] || { echo 'usage: generate.sh N' >&2; exit 2; }
awk -v count="$1" 'BEGIN {
	print "service: bench\n\nprovider:\n  name: aws\n  runtime: nodejs20.x\n  stage: dev\n  region: us-east-1\n\nfunctions:"
	for (i = 1; i <= count; i++) {
		printf "  message%d:\n    handler: src/message%d.handler\n    events:\n      - websocket:\n          route: message%d\n", i, i, i
	}
}'
