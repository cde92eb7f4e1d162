#include "read_json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "read_text.h"

/* cJSON reads numbers of up to 63 characters and has a limit of depth that is above ours. */
enum { MOST_DEPTH = 512, MOST_VALUES = 2000000, LONGEST_NUMBER = 63 };

/*
 * cJSON makes the values; a strict scanner walks the text beside its tree. The scanner gives each value its place, and
 * refuses what cJSON lets pass and JSON.parse does not. Where cJSON gave up there is no tree: then the scanner
 * walks alone, to find the place of the fault.
 */
struct scanner {
	struct arena *arena;
	struct diag *diag;
	const struct source *source;
	const char *at, *end;
	const char *marked;		/* up to here `mark` has counted */
	struct mark mark;
	int depth;
	bool failed;
};

static struct mark mark_here(struct scanner *s) {
	for (; s->marked < s->at; s->marked++) {
		char c = *s->marked;
		if (c == '\n' || (c == '\r' && (s->marked + 1 == s->end || s->marked[1] != '\n'))) {
			s->mark.line++;
			s->mark.column = 1;
		} else {
			s->mark.column += ((unsigned char)c & 0xc0) != 0x80;
		}
	}
	return s->mark;
}

/* --- complaints --------------------------------------------------------------------------------------------- */

/* What stands at the scanner, as a message names it: a character, a word, or the end. */
static const char *what_is_here(const struct scanner *s) {
	size_t length = 0;
	uint32_t code = 0;

	if (s->at == s->end) {
		return "end of the text";
	}
	while (s->at + length < s->end && length < 20 && ((s->at[length] | 0x20) >= 'a' && (s->at[length] | 0x20) <= 'z')) {
		length++;
	}
	length = length ? length : utf8_decode(s->at, (size_t)(s->end - s->at), &code);
	if (length == 1 && (unsigned char)*s->at < 0x20) {
		return *s->at == '\n' || *s->at == '\r' ? "end of the line" : *s->at == '\t' ? "tab" : "control character";
	}
	return arena_printf(s->arena, "'%.*s'", (int)length, s->at);
}

static struct diagnostic *complain(struct scanner *s, const char *expected) {
	s->failed = true;
	return diag_error(s->diag, "C019", mark_here(s), "invalid JSON: unexpected %s, expected %s", what_is_here(s), expected);
}

/* The habits of JavaScript and YAML that JSON does not have. */
static void complain_value(struct scanner *s, const char *expected, bool after_comma) {
	char c = s->at < s->end ? *s->at : '\0';
	struct diagnostic *d = complain(s, expected);

	if (c == '\'') {
		diag_help(d, "write texts in double quotes");
	} else if (c == '/' || c == '#') {
		diag_help(d, "JSON has no comments: remove it");
	} else if (after_comma && (c == '}' || c == ']')) {
		diag_help(d, "remove the comma before it");
	}
}

/* --- pieces ------------------------------------------------------------------------------------------------- */

static char peek(const struct scanner *s) {
	return s->at < s->end ? *s->at : '\0';
}

static void skip_space(struct scanner *s) {
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r')) {
		s->at++;
	}
}

static bool is_digit(char c) {
	return c >= '0' && c <= '9';
}

static bool skip_hex(struct scanner *s, uint32_t *code) {
	*code = 0;
	for (int i = 0; i < 4; i++) {
		char c = peek(s), lower = (char)(c | 0x20);
		if (!is_digit(c) && !(lower >= 'a' && lower <= 'f')) {
			complain(s, "four hexadecimal digits");
			return false;
		}
		*code = *code << 4 | (uint32_t)(is_digit(c) ? c - '0' : lower - 'a' + 10);
		s->at++;
	}
	return true;
}

/* \uXXXX, the scanner behind the u. Halves of a pair alone are JavaScript's, but no text in UTF-8 can hold them. */
static size_t skip_unicode(struct scanner *s) {
	const char *start = s->at - 2;
	uint32_t code, second = 0;

	if (!skip_hex(s, &code)) {
		return 0;
	}
	if (code < 0xd800 || code > 0xdfff) {
		return code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
	}
	bool pair = code < 0xdc00 && s->end - s->at >= 2 && s->at[0] == '\\' && s->at[1] == 'u';
	if (pair) {
		s->at += 2;
		if (!skip_hex(s, &second)) {
			return 0;
		}
		pair = second >= 0xdc00 && second <= 0xdfff;
	}
	if (!pair) {
		s->at = start;
		s->failed = true;
		diag_error(s->diag, "C019", mark_here(s), "'\\u%04x' is half of a character, expected a pair", code);
		return 0;
	}
	return 4;
}

static size_t skip_escape(struct scanner *s) {
	s->at++;
	char c = peek(s);
	if (c == 'u') {
		s->at++;
		return skip_unicode(s);
	}
	if (!c || !strchr("\"\\/bfnrt", c)) {
		complain(s, "one of \" \\ / b f n r t u after '\\'");
		return 0;
	}
	s->at++;
	return 1;
}

/* Goes behind a string; *length is that of its text. cJSON keeps a NUL in the middle, but not the length. */
static bool skip_string(struct scanner *s, size_t *length) {
	struct mark start = mark_here(s);

	*length = 0;
	for (s->at++; s->at < s->end && *s->at != '"';) {
		if ((unsigned char)*s->at < 0x20) {
			complain(s, "an escape such as '\\n' in a string");
			return false;
		}
		if (*s->at == '\\') {
			*length += skip_escape(s);
			if (s->failed) {
				return false;
			}
			continue;
		}
		s->at++;
		(*length)++;
	}
	if (s->at == s->end) {
		diag_note(complain(s, "'\"'"), start, "the string starts here");
		return false;
	}
	s->at++;
	return true;
}

static bool skip_digits(struct scanner *s) {
	if (!is_digit(peek(s))) {
		complain(s, "a digit");
		return false;
	}
	while (is_digit(peek(s))) {
		s->at++;
	}
	return true;
}

static bool skip_number(struct scanner *s) {
	const char *start = s->at;

	s->at += peek(s) == '-';
	if (peek(s) == '0') {
		s->at++;
		if (is_digit(peek(s))) {
			complain(s, "no digit after a leading zero");
			return false;
		}
	} else if (!skip_digits(s)) {
		return false;
	}
	if (peek(s) == '.') {
		s->at++;
		if (!skip_digits(s)) {
			return false;
		}
	}
	if ((peek(s) | 0x20) == 'e') {
		s->at++;
		s->at += peek(s) == '-' || peek(s) == '+';
		if (!skip_digits(s)) {
			return false;
		}
	}
	if (s->at - start > LONGEST_NUMBER) {
		s->at = start;
		s->failed = true;
		diag_error(s->diag, "C019", mark_here(s), "a number of more than %d characters", LONGEST_NUMBER);
		return false;
	}
	return true;
}

/* --- values ------------------------------------------------------------------------------------------------- */

static struct value *scan_value(struct scanner *s, const cJSON *node, bool after_comma);

static const char *copy_string(struct scanner *s, const char *text, size_t length) {
	return text ? arena_copy(s->arena, text, length) : "";
}

static struct value *scan_word(struct scanner *s) {
	static const char *const words[] = { "null", "true", "false" };

	for (int i = 0; i < 3; i++) {
		size_t length = strlen(words[i]);
		if ((size_t)(s->end - s->at) >= length && memcmp(s->at, words[i], length) == 0) {
			s->at += length;
			return i ? value_bool(s->arena, i == 1) : value_null(s->arena);
		}
	}
	complain_value(s, "a value", false);
	return NULL;
}

static struct value *make_number(struct scanner *s, const cJSON *node) {
	double number = node ? node->valuedouble : 0;

	return isinf(number) ? value_null(s->arena) : value_number(s->arena, number == 0 ? 0 : number);
}

/* Whether another item follows; the scanner is then at it. */
static bool scan_comma(struct scanner *s, char close, const char *expected, struct mark start) {
	skip_space(s);
	if (peek(s) == ',' && s->at < s->end) {
		s->at++;
		skip_space(s);
		return true;
	}
	if (s->at < s->end && *s->at == close) {
		s->at++;
		return false;
	}
	diag_note(complain(s, expected), start, "%s", close == ']' ? "the list starts here" : "the map starts here");
	return false;
}

static struct value *scan_list(struct scanner *s, const cJSON *node) {
	struct value *list = value_list(s->arena);
	struct mark start = mark_here(s);
	const cJSON *child = node ? node->child : NULL;
	bool more = true, after_comma = false;

	s->at++;
	skip_space(s);
	if (peek(s) == ']') {
		s->at++;
		return list;
	}
	for (; more && !s->failed; after_comma = true) {
		struct value *item = scan_value(s, child, after_comma);
		if (s->failed) {
			break;
		}
		list_add(s->arena, list, item);
		child = child ? child->next : NULL;
		more = scan_comma(s, ']', "',' or ']'", start);
	}
	return list;
}

/* A key that comes again replaces the value and keeps the place in the order, as in JavaScript. */
static void scan_member(struct scanner *s, struct value *map, const cJSON *child, bool after_comma) {
	struct mark mark = mark_here(s);
	size_t length;

	if (peek(s) != '"') {
		complain_value(s, "a key in double quotes", after_comma);
		return;
	}
	if (!skip_string(s, &length)) {
		return;
	}
	skip_space(s);
	if (peek(s) != ':') {
		complain(s, "':' after the key");
		return;
	}
	s->at++;
	skip_space(s);
	struct value *value = scan_value(s, child, false);
	if (!s->failed && child) {
		map_set_entry(s->arena, map, copy_string(s, child->string, length), length, mark, value)->mark = mark;
	}
}

static struct value *scan_map(struct scanner *s, const cJSON *node) {
	struct value *map = value_map(s->arena);
	struct mark start = mark_here(s);
	const cJSON *child = node ? node->child : NULL;
	bool more = true, after_comma = false;

	s->at++;
	skip_space(s);
	if (peek(s) == '}') {
		s->at++;
		return map;
	}
	for (; more && !s->failed; after_comma = true) {
		scan_member(s, map, child, after_comma);
		if (s->failed) {
			break;
		}
		child = child ? child->next : NULL;
		more = scan_comma(s, '}', "',' or '}'", start);
	}
	return map;
}

static struct value *scan_plain(struct scanner *s, const cJSON *node, bool after_comma) {
	char c = peek(s);
	size_t length;

	if (c == '"') {
		return skip_string(s, &length) ?
			value_text(s->arena, copy_string(s, node ? node->valuestring : NULL, length), length) : NULL;
	}
	if (is_digit(c) || c == '-') {
		return skip_number(s) ? make_number(s, node) : NULL;
	}
	if (c >= 'a' && c <= 'z') {
		return scan_word(s);
	}
	complain_value(s, "a value", after_comma);
	return NULL;
}

static struct value *scan_value(struct scanner *s, const cJSON *node, bool after_comma) {
	struct mark mark = mark_here(s);
	struct value *value = NULL;

	if (++s->depth > MOST_DEPTH) {
		s->failed = true;
		diag_error(s->diag, "C008", mark, "values are nested more than %d levels deep", MOST_DEPTH);
	} else if (peek(s) == '[') {
		value = scan_list(s, node);
	} else if (peek(s) == '{') {
		value = scan_map(s, node);
	} else {
		value = scan_plain(s, node, after_comma);
	}
	s->depth--;
	if (value) {
		value->mark = mark;
	}
	return value;
}

/* --- the text ----------------------------------------------------------------------------------------------- */

/* cJSON takes its memory from the heap, so the values are counted before it starts. */
static bool too_many_values(const struct source *source, size_t *at) {
	size_t count = 0;
	bool in_string = false;

	for (*at = 0; *at < source->length; (*at)++) {
		char c = source->text[*at];
		if (c == '"') {
			in_string = !in_string;
		} else if (in_string) {
			*at += c == '\\';
		} else {
			count += c == ',' || c == '[' || c == '{';
		}
		if (count > MOST_VALUES) {
			return true;
		}
	}
	return false;
}

static struct value *scan_text(struct scanner *s, const cJSON *tree) {
	skip_space(s);
	struct value *value = scan_value(s, tree, false);
	skip_space(s);
	if (!s->failed && s->at < s->end) {
		complain(s, "the end of the text");
	}
	if (!s->failed && !tree) {
		s->failed = true;
		diag_error(s->diag, "C019", (struct mark){ .source = s->source }, "the JSON text cannot be read");
	}
	return s->failed ? NULL : value;
}

struct value *read_json(struct arena *a, const struct source *source, struct diag *diag) {
	struct scanner s = {
		.arena = a, .diag = diag, .source = source, .at = source->text, .end = source->text + source->length,
		.marked = source->text, .mark = { source, 1, 1 },
	};
	size_t at;

	if (!text_check(source, diag)) {
		return NULL;
	}
	if (text_bom(source)) {
		struct diagnostic *d = diag_error(diag, "C019", s.mark, "invalid JSON: a byte order mark, expected a value");
		diag_help(d, "save the file as UTF-8 without a byte order mark");
		return NULL;
	}
	if (too_many_values(source, &at)) {
		diag_error(diag, "C014", text_mark(source, at), "there are more than %d values", MOST_VALUES);
		return NULL;
	}
	cJSON *tree = cJSON_ParseWithLength(source->text, source->length + 1);
	struct value *value = scan_text(&s, tree);
	cJSON_Delete(tree);
	return value;
}
