#include "yaml_text.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "read_text.h"

static const uint32_t specials[YAML_SPECIALS] = { 0x85, 0x2028, 0x2029, 0xfeff };
enum { FIRST_STAND_IN = 0x10ff00, CANDIDATES = 64 };	/* private characters of the last plane */

static int special_index(uint32_t code, const uint32_t list[YAML_SPECIALS]) {
	for (int i = 0; i < YAML_SPECIALS; i++) {
		if (list[i] == code) {
			return i;
		}
	}
	return -1;
}

/* How many special characters there are; *taken gets the candidates that the text itself has. */
static size_t count_specials(const char *at, const char *end, uint64_t *taken) {
	size_t count = 0;
	uint32_t code;

	for (; (at += skip_ascii(at, (size_t)(end - at), 0)) < end;) {
		at += utf8_decode(at, (size_t)(end - at), &code);
		count += special_index(code, specials) >= 0;
		if (code >= FIRST_STAND_IN && code < FIRST_STAND_IN + CANDIDATES) {
			*taken |= (uint64_t)1 << (code - FIRST_STAND_IN);
		}
	}
	return count;
}

static bool choose_stand_ins(struct yaml_text *text, uint64_t taken) {
	int chosen = 0;

	for (uint32_t i = 0; i < CANDIDATES && chosen < YAML_SPECIALS; i++) {
		if (!(taken >> i & 1)) {
			text->stand_ins[chosen++] = FIRST_STAND_IN + i;
		}
	}
	return chosen == YAML_SPECIALS;
}

/* Writes a text with each character of `from` replaced by that of `to`; returns the end. May work in place if the
   new characters are not longer. */
static char *replace(char *out, const char *at, const char *end, const uint32_t from[YAML_SPECIALS],
		const uint32_t to[YAML_SPECIALS]) {
	while (at < end) {
		const char *next = at + skip_ascii(at, (size_t)(end - at), 0);
		uint32_t code = 0;
		memmove(out, at, (size_t)(next - at));
		out += next - at;
		at = next;
		size_t size = utf8_decode(at, (size_t)(end - at), &code);
		int index = size ? special_index(code, from) : -1;
		if (index >= 0) {
			out += utf8_encode(to[index], out);
		} else {
			memmove(out, at, size);
			out += size;
		}
		at += size;
	}
	return out;
}

bool yaml_text_init(struct yaml_text *text, struct arena *a, const struct source *source) {
	const char *start = source->text + text_bom(source), *end = source->text + source->length;
	uint64_t taken = 0;
	size_t count = count_specials(start, end, &taken);
	bool ended = end > start && (end[-1] == '\n' || end[-1] == '\r');

	*text = (struct yaml_text){ .source = source, .replaced = count > 0 };
	if (count && !choose_stand_ins(text, taken)) {
		return false;
	}
	if (count || !ended) {
		char *copy = arena_alloc(a, (size_t)(end - start) + count * 2 + 2);
		char *copy_end = replace(copy, start, end, specials, text->stand_ins);
		if (!ended) {
			*copy_end++ = '\n';
		}
		text->copy = copy;
		start = copy;
		end = copy_end;
	}
	text->bytes = text->at = start;
	text->end = end;
	return true;
}

const char *yaml_next_line(const char *at, const char *end) {
	while (at < end && !yaml_is_break(*at)) {
		at++;
	}
	at += at + 1 < end && at[0] == '\r' && at[1] == '\n';
	return at < end ? at + 1 : end;
}

static bool continues(char c) {
	return ((unsigned char)c & 0xc0) == 0x80;
}

const char *yaml_text_at(struct yaml_text *text, size_t line, size_t column) {
	if (line < text->line) {
		text->at = text->bytes;
		text->line = text->column = 0;
	}
	for (; text->line < line && text->at < text->end; text->line++) {
		text->at = yaml_next_line(text->at, text->end);
		text->column = 0;
	}
	for (; text->column > column; text->column--) {
		do {
			text->at--;
		} while (continues(*text->at));
	}
	for (; text->column < column && text->at < text->end; text->column++) {
		do {
			text->at++;
		} while (text->at < text->end && continues(*text->at));
	}
	return text->at;
}

/* The text as a copy that may be changed, at the place of a byte of it. */
static char *own(struct yaml_text *text, struct arena *a, const char *at) {
	size_t length = (size_t)(text->end - text->bytes), offset = (size_t)(at - text->bytes);

	if (!text->copy) {
		text->copy = arena_copy(a, text->bytes, length);
		text->bytes = text->copy;
		text->end = text->copy + length;
	}
	text->at = text->bytes;
	text->line = text->column = 0;
	return text->copy + offset;
}

bool yaml_text_mend_tab(struct yaml_text *text, struct arena *a, size_t line, size_t column, bool in_text) {
	const char *at = yaml_text_at(text, line, column), *start = at, *rest = at;

	while (start > text->bytes && (start[-1] == ' ' || start[-1] == '\t')) {
		start--;
	}
	while (rest < text->end && (*rest == ' ' || *rest == '\t')) {
		rest++;
	}
	bool alone = start == text->bytes || yaml_is_break(start[-1]);
	if (!alone || at == rest || *at != '\t' || (rest < text->end && !yaml_is_break(*rest) && *rest != '#')) {
		return false;
	}
	size_t length = (size_t)(rest - at);
	memset(own(text, a, at), in_text ? '#' : ' ', length);
	return true;
}

/* What follows a flow collection that starts at `at` and ends in this line; else `at`. */
static const char *skip_flow(const char *at, const char *end) {
	int depth = 0;

	for (const char *p = at; p < end && !yaml_is_break(*p); p++) {
		depth += *p == '[' || *p == '{';
		depth -= *p == ']' || *p == '}';
		if (depth <= 0) {
			return depth == 0 && p > at ? p : at;
		}
	}
	return at;
}

/* Whether a line goes on with what js-yaml does not take behind a tab: a key or another list. */
static bool has_block(const char *at, const char *end) {
	at = skip_flow(at, end);
	if (end - at > 1 && (*at == '-' || *at == '?') && (yaml_is_break(at[1]) || at[1] == ' ' || at[1] == '\t')) {
		return true;
	}
	for (; at < end && !yaml_is_break(*at); at++) {
		if (*at == ':' && (at + 1 == end || yaml_is_break(at[1]) || at[1] == ' ' || at[1] == '\t')) {
			return true;
		}
	}
	return false;
}

bool yaml_text_mend_dash(struct yaml_text *text, struct arena *a, size_t line, size_t column) {
	const char *at = yaml_text_at(text, line, column), *before = at, *rest = at;

	while (before > text->bytes && before[-1] == ' ') {
		before--;
	}
	while (rest < text->end && (*rest == ' ' || *rest == '\t')) {
		rest++;
	}
	if (before == text->bytes || (before[-1] != '-' && before[-1] != '?') || *at != '\t' || has_block(rest, text->end)) {
		return false;
	}
	size_t length = (size_t)(rest - at);
	memset(own(text, a, at), ' ', length);
	return true;
}

/* The code of an escape such as \ud83d that is a half from `least` on; 0: it is none. */
static uint32_t half_of_pair(const char *at, const char *end, uint32_t least) {
	uint32_t code = 0;

	if (end - at < 6 || at[0] != '\\' || at[1] != 'u') {
		return 0;
	}
	for (int i = 2; i < 6; i++) {
		const char *digits = "0123456789abcdef", *digit = at[i] ? strchr(digits, at[i] | 0x20) : NULL;
		if (!digit) {
			return 0;
		}
		code = code * 16 + (uint32_t)(digit - digits);
	}
	return code >= least && code < least + 0x400 ? code : 0;
}

bool yaml_text_mend_escape(struct yaml_text *text, struct arena *a, size_t line, size_t column) {
	const char *at = yaml_text_at(text, line, column) - 2;		/* libyaml says where the digits are */
	uint32_t high = half_of_pair(at, text->end, 0xd800), low = high ? half_of_pair(at + 6, text->end, 0xdc00) : 0;
	char escape[11];

	if (!low) {
		return false;
	}
	snprintf(escape, sizeof(escape), "\\U%08x", 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
	char *pair = own(text, a, at);
	memcpy(pair, escape, 10);
	memmove(pair + 10, pair + 12, (size_t)(text->end - (pair + 12)));
	text->end -= 2;
	text->moved = true;
	return true;
}

static bool ends_name(char c) {
	return yaml_is_break(c) || (c && strchr(" \t,[]{}", c));
}

static bool is_plain_name(char c) {
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

bool yaml_text_mend_name(struct yaml_text *text, struct arena *a, size_t line, size_t column) {
	const char *name = yaml_text_at(text, line, column) + 1, *end = name;
	bool plain = true;

	for (; end < text->end && !ends_name(*end); end++) {
		if ((unsigned char)*end <= ' ' || (unsigned char)*end >= 0x7f) {
			return false;
		}
		plain &= is_plain_name(*end);
	}
	if (text->replaced || text->moved || plain) {
		return false;
	}
	size_t length = (size_t)(end - name);
	memset(own(text, a, name), 'x', length);
	return true;
}

void yaml_text_restore(const struct yaml_text *text, char *scalar, size_t *length) {
	char *end = replace(scalar, scalar, scalar + *length, text->stand_ins, specials);

	*length = (size_t)(end - scalar);
	*end = '\0';
}
