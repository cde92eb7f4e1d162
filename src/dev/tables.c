#include "dev/tables.h"

#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/text.h"
#include "emit.h"

enum { PATIENCE_SECONDS = 5, LARGEST_ANSWER = 64 * 1024 };

struct address {
	const char *host, *port;
};

/* Of http://host:port or http://host:port/ ; host NULL: it is none. */
static struct address parse_url(struct arena *a, const char *url) {
	static const char scheme[] = "http://";
	struct address address = { NULL, "80" };

	if (!text_starts(url, scheme)) {
		return address;
	}
	url += strlen(scheme);
	size_t length = *url == '[' ? strcspn(url, "]") + 1 : strcspn(url, ":/");
	if (*url && length <= strlen(url)) {
		address.host = *url == '[' ? arena_copy(a, url + 1, length - 2) : arena_copy(a, url, length);
		address.port = url[length] == ':' ? arena_copy(a, url + length + 1, strcspn(url + length + 1, "/")) : address.port;
	}
	return address;
}

/* -1: it cannot be reached. */
static int open_socket(const struct address *address) {
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	const struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
	struct addrinfo *found = NULL;
	int fd = -1;

	if (getaddrinfo(address->host, address->port, &hints, &found) != 0) {
		return -1;
	}
	for (const struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
		fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
		if (fd < 0) {
			continue;
		}
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		if (connect(fd, at->ai_addr, at->ai_addrlen) != 0) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(found);
	return fd;
}

static bool send_all(int fd, const struct text *out) {
	for (size_t sent = 0; sent < out->length;) {
		ssize_t count = send(fd, out->bytes + sent, out->length - sent, MSG_NOSIGNAL);
		if (count < 0 && errno != EINTR) {
			return false;
		}
		sent += count > 0 ? (size_t)count : 0;
	}
	return true;
}

/* All that comes until the other side closes. */
static const char *receive_all(struct arena *a, int fd) {
	struct text in = { 0 };
	ssize_t count = 1;

	while (count > 0 && in.length < LARGEST_ANSWER) {
		char *room = text_room(&in, 4096);
		count = recv(fd, room, 4096, 0);
		text_wrote(&in, count > 0 ? (size_t)count : 0);
	}
	const char *answer = arena_copy(a, in.bytes, in.length);
	text_free(&in);
	return answer;
}

/* A DynamoDB on this machine looks at the form of a signature only, and at the region in it. */
static void add_request(struct text *out, const struct locality *local, const struct address *address, const char *body,
		size_t length) {
	text_printf(out, "POST / HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.0\r\n"
		"X-Amz-Target: DynamoDB_20120810.CreateTable\r\nX-Amz-Date: 20200101T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 "
		"Credential=local/20200101/%s/dynamodb/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, "
		"Signature=0000000000000000000000000000000000000000000000000000000000000000\r\nContent-Length: %zu\r\n\r\n",
		address->host, address->port, local->region, length);
	text_add(out, body, length);
}

/* NULL: it cannot be reached. */
static const char *ask(struct arena *a, const struct locality *local, const struct address *address,
		const struct value *table) {
	struct text out = { 0 }, body = { 0 };
	int fd = open_socket(address);
	const char *answer = NULL;

	if (fd < 0) {
		return NULL;
	}
	emit_json(&body, table, 0);
	add_request(&out, local, address, body.bytes, body.length);
	answer = send_all(fd, &out) ? receive_all(a, fd) : NULL;
	close(fd);
	text_free(&out);
	text_free(&body);
	return answer;
}

/* What CreateTable takes of a table's properties; in a template a table without a mode of billing is provisioned. */
static struct value *request_of(struct arena *a, struct intrinsics *in, const char *id, const struct value *properties) {
	static const char *const taken[] = {
		"AttributeDefinitions", "KeySchema", "BillingMode", "ProvisionedThroughput", "GlobalSecondaryIndexes",
		"LocalSecondaryIndexes", "StreamSpecification",
	};
	struct value *table = MAP(a, { "TableName", value_string(a, intrinsics_ref(in, id)) });

	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++) {
		map_set(a, table, taken[i], intrinsics_resolve(in, map_get_text(properties, taken[i], strlen(taken[i]))));
	}
	struct value *stream = map_get(table, "StreamSpecification");
	if (is_map(stream)) {
		map_set(a, stream, "StreamEnabled", value_bool(a, true));
	}
	return table;
}

static bool report(struct arena *a, const char *name, const char *url, const char *answer,
		void (*say)(void *data, const char *line), void *data) {
	const char *body = answer ? strstr(answer, "\r\n\r\n") : NULL;

	if (!body) {
		say(data, arena_printf(a, "cannot reach DynamoDB at '%s' for the table '%s'", url, name));
		return false;
	}
	if (strncmp(answer, "HTTP/1.1 200", 12) == 0) {
		say(data, arena_printf(a, "created the table '%s'", name));
		return true;
	}
	if (strstr(body, "ResourceInUseException")) {
		return true;
	}
	say(data, arena_printf(a, "cannot create the table '%s': %.300s", name, body + 4));
	return false;
}

bool tables_create(struct arena *a, const struct value *template, const struct locality *local, const char *url,
		void (*say)(void *data, const char *line), void *data) {
	const struct value *resources = map_get(template, "Resources");
	struct address address = parse_url(a, url);
	struct diag diag;
	bool fine = true;

	if (!address.host) {
		say(data, arena_printf(a, "'%s' is no address of a DynamoDB, expected http://host:port", url));
		return false;
	}
	diag_init(&diag, a, false);
	struct intrinsics *in = intrinsics_create(a, template, local, &diag);
	for (const struct entry *e = map_first(resources); e && fine; e = map_next(resources, e)) {
		if (!is_text(map_get(e->value, "Type"), "AWS::DynamoDB::Table") || !intrinsics_exists(in, e->value)) {
			continue;
		}
		const struct value *table = request_of(a, in, e->key, map_get(e->value, "Properties"));
		fine = report(a, map_get(table, "TableName")->text, url, ask(a, local, &address, table), say, data);
	}
	return fine;
}
