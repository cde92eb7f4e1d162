#include "findings.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "read_project.h"
#include "rules.h"

enum {
	MOST_DIRECTIVES = 1000,		/* of a file: each finding looks at all of them */
	MOST_CODES = 100,		/* of a comment */
	FARTHEST = 100,			/* lines between a comment and what it is about */
};

bool findings_is_code(const char *text, size_t length) {
	for (size_t i = 0; i < rules_count() && length; i++) {
		if (strncmp(rules_get(i).code, text, length) == 0) {
			return true;
		}
	}
	return false;
}

/* --- lists of codes --------------------------------------------------------------------------------------------- */

static bool is_separator(char c) {
	return c == ',' || c == ' ' || c == '\t';
}

/* The next word of a list; NULL when there is none. *at moves behind it. */
static const char *next_word(const char **at, const char *end, size_t *length) {
	while (*at < end && is_separator(**at)) {
		(*at)++;
	}
	const char *word = *at;
	while (*at < end && !is_separator(**at)) {
		(*at)++;
	}
	*length = (size_t)(*at - word);
	return *length ? word : NULL;
}

static bool is_listed(const char *list, const char *code) {
	const char *end = list ? list + strlen(list) : NULL, *word;
	size_t length;

	while (list && (word = next_word(&list, end, &length)) != NULL) {
		if (strncmp(code, word, length) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_asked_for(const struct options *options, const char *code) {
	return (!options->select || is_listed(options->select, code)) && !is_listed(options->ignore, code);
}

/* --- comments --------------------------------------------------------------------------------------------------- */

struct directive {
	const char *code;
	struct mark mark;		/* of the code */
	uint32_t line;			/* what it is about; 0: the whole file */
	bool used;
};

struct comments {
	struct comments *next;
	const struct source *source;
	struct directive *list;		/* in the order of the lines they are about, but for those of the whole file */
	size_t count;
};

struct line_scan {
	const char *at, *next, *end;	/* of the line, of the next one, of the text */
	uint32_t number;
};

/* The end of the line at `at`. */
static const char *line_end(const char *at, const char *end) {
	while (at < end && *at != '\n' && *at != '\r') {
		at++;
	}
	return at;
}

static bool next_line(struct line_scan *s) {
	if (s->next >= s->end) {
		return false;
	}
	s->at = s->next;
	s->next = line_end(s->at, s->end);
	s->next += s->next < s->end ? 1 + (s->end - s->next > 1 && s->next[0] == '\r' && s->next[1] == '\n') : 0;
	s->number++;
	return true;
}

static const char *skip_blanks(const char *at, const char *end) {
	while (at < end && (*at == ' ' || *at == '\t')) {
		at++;
	}
	return at;
}

/* Nothing, or a comment alone. */
static bool is_empty_line(const char *at, const char *end) {
	at = skip_blanks(at, end);
	return at == end || *at == '#' || *at == '\n' || *at == '\r';
}

/* The number of the line that a comment on a line of its own is about. */
static uint32_t line_below(struct line_scan s) {
	uint32_t number = s.number;

	for (int lines = 0; lines < FARTHEST && next_line(&s) && is_empty_line(s.at, s.end); lines++) {
		continue;
	}
	return is_empty_line(s.at, s.end) ? number : s.number;
}

static uint32_t column_of(const char *line, const char *at) {
	uint32_t column = 1;

	for (; line < at; line++) {
		column += ((unsigned char)*line & 0xc0) != 0x80;
	}
	return column;
}

static bool looks_like_code(const char *word, size_t length) {
	if (!length || length > 4 || word[0] < 'A' || word[0] > 'Z') {
		return false;
	}
	for (size_t i = 1; i < length; i++) {
		if (word[i] < '0' || word[i] > '9') {
			return false;
		}
	}
	return true;
}

/* "S: a reason" */
static bool is_marked_off(const char *word, size_t length) {
	return length > 1 && strchr(":;.", word[length - 1]);
}

static void add_directive(struct arena *a, struct comments *comments, struct directive directive) {
	if (!comments->list) {
		comments->list = arena_array(a, struct directive, MOST_DIRECTIVES);
	}
	if (comments->count < MOST_DIRECTIVES) {
		comments->list[comments->count++] = directive;
	}
}

/* What stands behind "# slsws: ignore": codes, then whatever reason. */
static void read_codes(struct arena *a, struct comments *comments, const struct line_scan *s, const char *at,
		uint32_t line, struct diag *diag) {
	const char *end = line_end(at, s->end), *word;
	struct mark mark = { comments->source, s->number, column_of(s->at, at) };
	size_t length, count = 0;

	while (count < MOST_CODES && (word = next_word(&at, end, &length)) != NULL &&
			looks_like_code(word, length -= is_marked_off(word, length))) {
		struct mark place = { comments->source, s->number, column_of(s->at, word) };
		count++;
		if (!findings_is_code(word, length)) {
			diag_warning(diag, "U053", place, "unknown code '%.*s'", (int)length, word);
			continue;
		}
		add_directive(a, comments, (struct directive){ .code = arena_copy(a, word, length), .mark = place, .line = line });
	}
	if (!count) {
		struct diagnostic *d = diag_warning(diag, "U053", mark, "the comment names no code to ignore");
		diag_help(d, "name codes or families: # slsws: ignore W104, S");
	}
}

/* What follows "# slsws:" may be anything, but a slip is told: the comment would do nothing. */
static void warn_slip(struct arena *a, const struct comments *comments, const struct line_scan *s, const char *at,
		struct diag *diag) {
	static const char *const words[] = { "ignore", "ignore-file" };
	size_t length;
	const char *end = line_end(at, s->end), *start = next_word(&at, end, &length);
	const char *word = start ? arena_copy(a, start, length) : NULL;
	const char *closest = word ? text_closest(word, words, sizeof(words) / sizeof(*words)) : NULL;

	if (closest) {
		struct mark mark = { comments->source, s->number, column_of(s->at, start) };
		diag_help(diag_warning(diag, "U053", mark, "the comment has the unknown word '%s'", word),
			"did you mean '%s'?", closest);
	}
}

/* A comment begins a line or follows a blank. */
static void read_comment(struct arena *a, struct comments *comments, const struct line_scan *s, const char *hash,
		struct diag *diag) {
	static const char name[] = "slsws:", ignore[] = "ignore", file[] = "-file";
	const char *end = line_end(hash, s->end), *at = skip_blanks(hash + 1, end);

	if (hash > s->at && hash[-1] != ' ' && hash[-1] != '\t') {
		return;
	}
	if ((size_t)(end - at) < sizeof(name) - 1 || memcmp(at, name, sizeof(name) - 1) != 0) {
		return;
	}
	at = skip_blanks(at + sizeof(name) - 1, end);
	if ((size_t)(end - at) < sizeof(ignore) - 1 || memcmp(at, ignore, sizeof(ignore) - 1) != 0) {
		warn_slip(a, comments, s, at, diag);
		return;
	}
	at += sizeof(ignore) - 1;
	bool whole = (size_t)(end - at) >= sizeof(file) - 1 && memcmp(at, file, sizeof(file) - 1) == 0;
	at += whole ? sizeof(file) - 1 : 0;
	bool own_line = skip_blanks(s->at, hash) == hash;
	read_codes(a, comments, s, at, whole ? 0 : own_line ? line_below(*s) : s->number, diag);
}

static struct comments *read_comments(struct arena *a, const struct source *source, struct diag *diag) {
	struct comments *comments = arena_new(a, struct comments);

	comments->source = source;
	if (!source->text || text_ends(source->name, ".json") || !memmem(source->text, source->length, "slsws:", 6)) {
		return comments;
	}
	struct line_scan s = { .next = source->text, .end = source->text + source->length };
	for (int seen = 0; seen < MOST_DIRECTIVES && next_line(&s);) {
		const char *end = line_end(s.at, s.end), *name = memmem(s.at, (size_t)(end - s.at), "slsws:", 6);
		const char *hash = name ? memrchr(s.at, '#', (size_t)(name - s.at)) : NULL;
		if (hash) {
			read_comment(a, comments, &s, hash, diag);
			seen++;
		}
	}
	return comments;
}

/* Those of one file; files are few, and findings come sorted by file. */
static struct comments *comments_of(struct arena *a, struct comments **all, const struct source *source,
		struct diag *diag) {
	for (struct comments **c = all; *c; c = &(*c)->next) {
		if ((*c)->source == source) {
			return *c;
		}
	}
	struct comments *comments = read_comments(a, source, diag);
	comments->next = *all;
	*all = comments;
	return comments;
}

static bool takes_back(struct comments *comments, const struct diagnostic *d) {
	bool found = false;

	for (size_t i = 0; i < comments->count; i++) {
		struct directive *directive = &comments->list[i];
		if ((directive->line && directive->line != d->mark.line) || !text_starts(d->code, directive->code)) {
			continue;
		}
		directive->used = found = true;
	}
	return found;
}

static void report_useless(const struct comments *comments, const struct options *options, struct diag *diag) {
	for (; comments; comments = comments->next) {
		for (size_t i = 0; i < comments->count; i++) {
			const struct directive *directive = &comments->list[i];
			if (!directive->used && is_asked_for(options, directive->code)) {
				diag_warning(diag, "U054", directive->mark, "nothing of %s is found here, so there is nothing to ignore",
					directive->code);
			}
		}
	}
}

/* --- fingerprints and baseline ---------------------------------------------------------------------------------- */

static const char *base_name(const char *path) {
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void findings_fingerprint(struct arena *a, struct diag *diag) {
	struct value *counts = value_map(a);

	for (struct diagnostic *d = diag->first; d; d = d->next) {
		struct text all = { 0 };
		size_t length;
		const char *line = diag_line(a, &d->mark, &length);
		text_trim(&line, &length);
		text_printf(&all, "%s\n%s\n%s\n", d->code, d->mark.source ? base_name(d->mark.source->name) : "", d->text);
		text_add(&all, line, length);
		const char *hash = xxh128_hex(a, all.bytes, all.length);
		const struct value *before = map_get(counts, hash);
		double count = before ? before->number + 1 : 0;
		map_set(a, counts, hash, value_number(a, count));
		d->fingerprint = count > 0 ? arena_printf(a, "%s-%d", hash, (int)count) : hash;
		text_free(&all);
	}
}

/* A set of fingerprints: a map whose values do not matter. NULL after an error. */
static struct value *read_baseline(struct arena *a, const char *path, const struct slsws_host *host,
		struct diag *diag) {
	const struct source *source;
	enum slsws_read status = host_read(host, a, path, path, &source);

	if (status != SLSWS_READ_OK) {
		diag_error(diag, "U055", (struct mark){ 0 }, "the baseline '%s' %s", path, host_read_problem(status));
		return NULL;
	}
	const struct value *document = read_document(a, source, diag), *findings = map_get(document, "findings");
	if (document && !is_list(findings)) {
		diag_error(diag, "U055", document->mark.source ? document->mark : (struct mark){ .source = source },
			"the baseline has no list 'findings', expected what --write-baseline writes");
	}
	struct value *set = value_map(a);
	for (size_t i = 0; i < list_length(findings); i++) {
		const struct value *fingerprint = map_get(list_get(findings, i), "fingerprint");
		if (is_string(fingerprint)) {
			map_set(a, set, fingerprint->text, (struct value *)fingerprint);
		}
	}
	return set;
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

static void drop(struct diag *diag, struct diagnostic **d) {
	diag->errors -= (*d)->severity == SEVERITY_ERROR;
	diag->warnings -= (*d)->severity == SEVERITY_WARNING;
	*d = (*d)->next;
}

/* What is not asked for or taken back by a comment goes, but for what stops a compilation. */
static void drop_unwanted(struct arena *a, struct diag *diag, struct comments **comments, const struct options *options,
		struct diag *about_comments) {
	for (struct diagnostic **d = &diag->first; *d;) {
		const struct source *source = (*d)->mark.source;
		bool commented = source && takes_back(comments_of(a, comments, source, about_comments), *d);
		bool asked_for = is_asked_for(options, (*d)->code);
		if ((!commented && asked_for) || strcmp((*d)->code, "U051") == 0) {
			d = &(*d)->next;
		} else if ((*d)->stops) {
			diag_note(*d, (struct mark){ 0 }, "this cannot be ignored: with it there is no template");
			d = &(*d)->next;
		} else {
			drop(diag, d);
		}
	}
}

static void drop_known(struct diag *diag, const struct value *baseline) {
	for (struct diagnostic **d = &diag->first; *d;) {
		const char *fingerprint = (*d)->fingerprint;	/* NULL: it is about the baseline itself */
		if (!(*d)->stops && fingerprint && map_has(baseline, fingerprint)) {
			drop(diag, d);
		} else {
			d = &(*d)->next;
		}
	}
}

static void append(struct diag *diag, struct diag *more, const struct options *options) {
	struct diagnostic **d = &more->first;

	while (*d) {
		if (is_asked_for(options, (*d)->code)) {
			d = &(*d)->next;
		} else {
			drop(more, d);
		}
	}
	more->end = d;
	diag->end = &diag->first;
	while (*diag->end) {
		diag->end = &(*diag->end)->next;
	}
	*diag->end = more->first;
	diag->end = more->first ? more->end : diag->end;
	diag->errors += more->errors;
	diag->warnings += more->warnings;
}

void findings_filter(struct arena *a, struct diag *diag, const struct source *source, const struct options *options,
		const struct slsws_host *host, bool complete) {
	struct comments *comments = NULL;
	struct diag more;

	diag_init(&more, a, false);
	if (source) {
		comments_of(a, &comments, source, &more);
	}
	drop_unwanted(a, diag, &comments, options, &more);
	if (complete) {
		report_useless(comments, options, &more);
	}
	append(diag, &more, options);
	if (options->baseline) {
		findings_fingerprint(a, diag);
		drop_known(diag, read_baseline(a, options->baseline, host, diag));
	}
	diag_sort(diag);
}
