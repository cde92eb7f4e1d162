/*
 * slsws dev: a WebSocket API on this machine, as API Gateway would run it.
 *
 * What runs is a CloudFormation template: the one that the compiler makes of a serverless.yml, or one of another tool.
 *
 *	source.c	the file of the command line to a template, through the compiler where it is a service
 *	model.c		the template to struct api: stages, routes, integrations, functions; const from then on
 *	  intrinsics.c	  Ref, Fn::GetAtt and the like, worked out locally
 *	  selection.c	  which route a message takes
 *	gateway.c	the API on its port: handshakes, @connections, who may ask
 *	  connection.c	  one connection: its states, its messages, its end
 *	  events.c	  what handlers are given
 *	  answer.c	  what handlers may answer: proxy results, policies
 *	  mock.c	  integrations that need no handler
 *	runtime.c	invocations: a pool of workers for each function, a queue before it
 *	  worker.c	  one worker: a process, and the Lambda Runtime API that it talks to
 *	  bootstrap/	  what runs in the worker: Node.js, Python
 *	  invoker.c	  Lambda's Invoke API: functions that call functions
 *	watch.c		whether files have changed: then dev.c reads them again, and connections stay
 *	peer.c		a client's bytes, TLS or not, as HTTP requests until it becomes something else
 *
 * Foreign libraries are behind a door each: loop.c (libuv), tls.c (OpenSSL), frames.c (wslay), http.c (http-parser).
 * Messages are values like everything else (value.h), read by read_json.c and printed by emit.c.
 *
 * One thread, one loop. Nothing waits: who needs an answer leaves a function and a pointer behind. State is kept simple by
 * three laws:
 *	- A thing has one owner, who alone ends it. Others hold its number (connections: a serial, looked up when the answer
 *	  comes; gone means drop it), never its address.
 *	- Whatever can wait has a limit of time, whatever can grow a limit of size; both are in struct limits.
 *	- A callback that says something has ended is the last one. Ending something oneself calls nobody back.
 * Memory: the model is one arena; an invocation, a request, an event is an arena or a text of its own that its owner frees.
 *
 * slsws-dev is a program of its own, which `slsws dev` runs in its place: the compiler starts in a millisecond and does not
 * load a server for it. The two share the command line's files; serve.c is the main() of this one.
 */
#ifndef SLSWS_DEV_DEV_H
#define SLSWS_DEV_DEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long and how much; times in milliseconds. What AWS documents unless the command line says otherwise. */
struct limits {
	uint64_t idle, age;		/* of a connection: without a message, and altogether */
	uint64_t integration;		/* what an answer may take */
	size_t message, frame;		/* bytes */
};

enum {
	MOST_BACKLOG = 4 * 1024 * 1024,	/* bytes that wait to be sent to a client */
	MOST_CONNECTIONS = 20000,
	HANDSHAKE_MS = 10000,		/* for a client to say what it wants */
	CLOSE_MS = 3000,		/* for a client to answer a close frame */
};

#endif
