#include "yaml_check.h"

#include "yaml_text.h"

static bool is_space(char c) {
	return c == ' ' || c == '\t' || yaml_is_break(c);
}

static bool is_flow_indicator(char c) {
	return c == ',' || c == '[' || c == ']' || c == '{' || c == '}';
}

/* --- anchors, aliases, tags --------------------------------------------------------------------------------- */

static const char *name_end(const char *at, const char *end) {
	while (at < end && !is_space(*at) && !is_flow_indicator(*at)) {
		at++;
	}
	return at;
}

static bool is_anchor_character(char c) {
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

static const char *skip_anchor(const char **at, const char *end) {
	const char *stop = name_end(*at + 1, end);

	for ((*at)++; *at < stop; (*at)++) {
		if (!is_anchor_character(**at)) {
			return "an anchor must be followed by a space";
		}
	}
	return NULL;
}

static const char *skip_tag(const char **at, const char *end) {
	bool verbatim = *at + 1 < end && (*at)[1] == '<';

	while (*at < end && !is_space(**at) && !(verbatim && **at == '>')) {
		if (!verbatim && is_flow_indicator(**at)) {
			return "a tag must be followed by a space";
		}
		(*at)++;
	}
	*at += verbatim && *at < end;
	return NULL;
}

static const char *skip_space(const char *at, const char *end) {
	while (at < end && (is_space(*at) || *at == '#')) {
		if (*at == '#') {
			while (at < end && !yaml_is_break(*at)) {
				at++;
			}
		} else {
			at++;
		}
	}
	return at;
}

const char *yaml_check_properties(const char *at, const char *end, int count, const char **content) {
	const char *problem = NULL;

	for (; count && !problem && at < end; count--) {
		problem = *at == '!' ? skip_tag(&at, end) : skip_anchor(&at, end);
		at = skip_space(at, end);
	}
	*content = at;
	return problem;
}

const char *yaml_find_anchor(const char *at, const char *end) {
	if (at < end && *at == '!' && !skip_tag(&at, end)) {
		at = skip_space(at, end);
	}
	return at;
}

const char *yaml_check_alias(const char *at, const char *end, size_t length) {
	return name_end(at + 1, end) == at + 1 + length ? NULL : "an alias must be followed by a space";
}

/* --- flow collections --------------------------------------------------------------------------------------- */

const char *yaml_check_flow_scalar(const char *at, const char *end) {
	return at + 1 < end && *at == '-' && is_flow_indicator(at[1]) ? "a '-' alone in a flow collection" : NULL;
}

const char *yaml_check_flow_key(const char *start, const char *before, const char *at, const char *end, bool empty) {
	if (before > start && before[-1] == '?') {
		return "a '?' in a flow collection must be followed by a space";
	}
	if (empty && at + 1 < end && *at == ':' && !is_space(at[1]) && !is_flow_indicator(at[1])) {
		return "a ':' before a text in a flow collection must be followed by a space, or the text be quoted";
	}
	return NULL;
}

/* --- lines -------------------------------------------------------------------------------------------------- */

const char *yaml_check_indent(long indent, long least) {
	return indent > least ? NULL : "a value on a line after its anchor or tag needs more indentation";
}

bool yaml_check_lines(const char *at, const char *end, size_t lines, size_t indent) {
	for (; lines; lines--) {
		size_t spaces = 0;
		at = yaml_next_line(at, end);
		while (at < end && *at == ' ') {
			at++;
			spaces++;
		}
		const char *text = at;
		while (text < end && *text == '\t') {
			text++;
		}
		if (spaces < indent && text < end && !yaml_is_break(*text)) {
			return false;
		}
	}
	return true;
}

static const char *skip_header(const char *at, const char *end, bool *indented) {
	*indented = false;
	for (at++; at < end && ((*at >= '0' && *at <= '9') || *at == '+' || *at == '-'); at++) {
		*indented |= *at >= '0' && *at <= '9';
	}
	return at;
}

const char *yaml_check_block_scalar(const char *at, const char *end, size_t column, long indent) {
	bool indented;
	const char *after = skip_header(at, end, &indented);

	if (after < end && *after == '#') {
		return "a comment must have a space before it";
	}
	/* Right of the collection it can only stand behind something. */
	return (long)column <= indent ? "a text needs more indentation" : NULL;
}

const char *yaml_check_whole_scalar(const char *at, const char *end, bool empty) {
	bool indented;

	skip_header(at, end, &indented);
	if (indented) {
		return "a text that is the whole document cannot say its indentation";
	}
	return empty ? "a text that is the whole document is empty" : NULL;
}

const char *yaml_check_empty_item(const char *at, const char *end, size_t column, long indent) {
	return (long)column < indent && at + 1 < end && *at == '-' && is_space(at[1]) ?
		"an empty item before an item of an outer list: write '- null'" : NULL;
}

const char *yaml_check_first_key(const char *at, bool anchor, bool tag) {
	if ((anchor && !tag && *at == '!') || (tag && !anchor && *at == '&')) {
		return "a map with an anchor or a tag whose first key has the other";
	}
	return NULL;
}

size_t yaml_line_indent(const char *start, const char *at) {
	size_t spaces = 0;

	while (at > start && !yaml_is_break(at[-1])) {
		at--;
	}
	while (at[spaces] == ' ') {
		spaces++;
	}
	return spaces;
}

const char *yaml_check_start(const char *at, const char *end) {
	return end - at > 3 && at[0] == '-' && at[1] == '-' && at[2] == '-' && !is_space(at[3]) ?
		"'---' must be followed by a space or a line break" : NULL;
}

bool yaml_check_end(const char *at, const char *end) {
	return skip_space(at, end) == end;
}

bool yaml_check_blank(const char *at, const char *end) {
	at = yaml_next_line(at, end);
	while (at < end && is_space(*at)) {
		at++;
	}
	return at == end;
}
