#include "dev/answer.h"

#include <math.h>
#include <strings.h>

#include "read_json.h"

enum { LARGEST_AUTHORIZATION = 8 * 1024, MOST_PATTERN_STEPS = 1000000 };

struct value *parse_json(struct arena *a, const char *bytes, size_t length) {
	struct source *source = arena_new(a, struct source);
	struct diag diag;

	diag_init(&diag, a, false);
	*source = (struct source){ .name = "message", .text = bytes, .length = length };
	struct value *value = read_json(a, source, &diag);
	return diag.errors ? NULL : value;
}

/* --- results of proxy integrations ------------------------------------------------------------------------------ */

static bool has_only_known_keys(const struct value *map) {
	static const char *const known[] = { "statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded" };

	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		size_t i = 0;
		while (i < 5 && strcmp(known[i], e->key) != 0) {
			i++;
		}
		if (i == 5) {
			return false;
		}
	}
	return true;
}

/* 0: it is none. A text will do. */
static int read_status(const struct value *value) {
	double number;

	if (is_string(value) ? !number_read(value->text, value->length, &number) : !is_number(value)) {
		return 0;
	}
	number = is_number(value) ? value->number : number;
	return number >= 100 && number <= 599 && number == floor(number) ? (int)number : 0;
}

static int base64_digit(char c) {
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

static bool decode_base64(struct arena *a, struct answer *answer) {
	char *out = arena_alloc(a, answer->body_length + 1);
	size_t length = 0;
	unsigned bits = 0, count = 0;

	for (size_t i = 0; i < answer->body_length && answer->body[i] != '='; i++) {
		int digit = base64_digit(answer->body[i]);
		if (digit < 0) {
			return false;
		}
		bits = bits << 6 | (unsigned)digit;
		count += 6;
		if (count >= 8) {
			count -= 8;
			out[length++] = (char)(bits >> count);
		}
	}
	answer->body = out;
	answer->body_length = length;
	return true;
}

static bool is_map_or_nothing(const struct value *value) {
	return is_missing(value) || is_map(value);
}

bool answer_read(struct arena *a, const char *bytes, size_t length, struct answer *answer) {
	const struct value *result = parse_json(a, bytes, length), *body = map_get(result, "body");

	*answer = (struct answer){ .headers = map_get(result, "headers"), .multi_headers = map_get(result, "multiValueHeaders") };
	if (!is_map(result) || !has_only_known_keys(result) || !is_map_or_nothing(answer->headers) ||
			!is_map_or_nothing(answer->multi_headers) || !(is_missing(body) || is_string(body))) {
		return false;
	}
	answer->status = read_status(map_get(result, "statusCode"));
	if (is_string(body)) {
		answer->body = body->text;
		answer->body_length = body->length;
	}
	bool encoded = is_truthy(map_get(result, "isBase64Encoded"));
	return answer->status && (!encoded || !answer->body || decode_base64(a, answer));
}

static const char *find_header(struct arena *a, const struct value *map, const char *name) {
	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		const struct value *value = is_list(e->value) ? list_get(e->value, 0) : e->value;
		if (strcasecmp(e->key, name) == 0 && !is_missing(value)) {
			return value_spell(a, value);
		}
	}
	return NULL;
}

const char *answer_header(struct arena *a, const struct answer *answer, const char *name) {
	const char *value = find_header(a, answer->headers, name);

	return value ? value : find_header(a, answer->multi_headers, name);
}

/* Nothing that could end the line, or the head. */
static bool is_line(const char *text, bool name) {
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < 0x20 || c == 0x7f || (name && (c == ':' || c == ' ' || c > 0x7f))) {
			return false;
		}
	}
	return true;
}

static void add_line(struct arena *a, const char *name, const struct value *value, const char *except, struct text *out) {
	static const char *const of_connection[] = {
		"Connection", "Upgrade", "Content-Length", "Transfer-Encoding", "Keep-Alive", "TE", "Trailer", "Proxy-Connection",
		"Sec-WebSocket-Accept", "Sec-WebSocket-Extensions", "Sec-WebSocket-Version",
	};
	const char *text = is_missing(value) ? NULL : value_spell(a, value);

	for (size_t i = 0; i < sizeof(of_connection) / sizeof(*of_connection); i++) {
		if (strcasecmp(name, of_connection[i]) == 0) {
			return;
		}
	}
	if (text && *name && strcasecmp(name, except) != 0 && is_line(name, true) && is_line(text, false)) {
		text_printf(out, "%s: %s\r\n", name, text);
	}
}

void answer_add_headers(struct arena *a, const struct answer *answer, const char *except, struct text *out) {
	for (const struct entry *e = map_first(answer->headers); e; e = map_next(answer->headers, e)) {
		if (!find_header(a, answer->multi_headers, e->key)) {
			add_line(a, e->key, e->value, except, out);
		}
	}
	for (const struct entry *e = map_first(answer->multi_headers); e; e = map_next(answer->multi_headers, e)) {
		for (size_t i = 0; i < list_length(e->value); i++) {
			add_line(a, e->key, list_get(e->value, i), except, out);
		}
	}
}

/* --- policies --------------------------------------------------------------------------------------------------- */

/* '*' is any text, with slashes too, '?' one character. A pattern of many stars must not take for ever. */
static bool matches(const char *pattern, const char *text) {
	const char *star = NULL, *back = NULL;

	for (unsigned steps = 0; *text && steps < MOST_PATTERN_STEPS; steps++) {
		if (*pattern == '*') {
			star = pattern++;
			back = text;
		} else if (*pattern == *text || *pattern == '?') {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++back;
		} else {
			return false;
		}
	}
	pattern += strspn(pattern, "*");
	return !*text && !*pattern;
}

/* One pattern or a list of them. */
static bool any_matches(const struct value *patterns, const char *text) {
	for (size_t i = 0; i < list_length(patterns); i++) {
		if (any_matches(list_get(patterns, i), text)) {
			return true;
		}
	}
	return is_string(patterns) && matches(patterns->text, text);
}

static bool applies(const struct value *statement, const char *arn) {
	return (any_matches(map_get(statement, "Action"), "execute-api:Invoke") ||
		any_matches(map_get(statement, "Action"), "execute-api:invoke")) && any_matches(map_get(statement, "Resource"), arn);
}

/* Whoever is denied is denied; else one has to allow. */
static bool allows(struct arena *a, const struct value *statements, const char *arn) {
	bool allowed = false;

	statements = is_list(statements) ? statements : LIST(a, (struct value *)statements);
	for (size_t i = 0; i < list_length(statements); i++) {
		const struct value *statement = list_get(statements, i);
		if (applies(statement, arn) && is_text(map_get(statement, "Effect"), "Deny")) {
			return false;
		}
		allowed = allowed || (applies(statement, arn) && is_text(map_get(statement, "Effect"), "Allow"));
	}
	return allowed;
}

/* Its entries as texts; false if one is none. */
static bool read_context(struct arena *a, const struct value *answer, struct value *context) {
	const struct value *given = map_get(answer, "context");

	if (!is_map_or_nothing(given)) {
		return false;
	}
	for (const struct entry *e = map_first(given); e; e = map_next(given, e)) {
		const char *text = is_null(e->value) ? NULL : value_spell(a, e->value);
		if (!text && !is_null(e->value)) {
			return false;
		}
		map_set(a, context, e->key, text ? value_string(a, text) : value_null(a));
	}
	map_set(a, context, "principalId", map_get(answer, "principalId"));
	return true;
}

enum verdict policy_read(struct arena *a, const char *bytes, size_t length, const char *arn, struct value **context) {
	const struct value *answer = length <= LARGEST_AUTHORIZATION ? parse_json(a, bytes, length) : NULL;
	const struct value *statements = map_get(map_get(answer, "policyDocument"), "Statement");

	*context = value_map(a);
	if (is_missing(map_get(answer, "principalId")) || is_missing(statements) || !read_context(a, answer, *context)) {
		return VERDICT_MALFORMED;
	}
	return allows(a, statements, arn) ? VERDICT_ALLOW : VERDICT_DENY;
}
