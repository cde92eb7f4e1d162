/*
 * The source `file`: ${file(path):a.b}. Each file is read once; its value is copied to every place of use.
 */
#include <string.h>

#include "base/text.h"
#include "javascript.h"
#include "read_json.h"
#include "read_yaml.h"
#include "sources.h"

/* A file that was read. */
struct included {
	const char *path;		/* as given to the host */
	enum outcome outcome;
	struct value *value;		/* NULL unless FOUND */
	bool empty;			/* a YAML file with nothing in it: not even null */
};

typedef struct value *reader_function(struct resolver *r, const struct source *source);

static struct value *read_as_yaml(struct resolver *r, const struct source *source) {
	return read_yaml(r->arena, source, r->diag);
}

static struct value *read_as_json(struct resolver *r, const struct source *source) {
	return read_json(r->arena, source, r->diag);
}

static struct value *read_as_text(struct resolver *r, const struct source *source) {
	size_t at;

	if (!utf8_valid(source->text, source->length, &at)) {
		resolver_error(r, "C106", "'%s' cannot be read as a text: byte %zu is no valid UTF-8", source->name, at + 1);
		return NULL;
	}
	struct value *value = value_text(r->arena, source->text, source->length);
	value->mark = (struct mark){ .source = source };
	return value;
}

/* By extension; others are texts. */
static const struct format {
	const char *extension;
	reader_function *read;		/* NULL: it is a program */
	bool may_be_empty;
} formats[] = {
	{ ".yml", read_as_yaml, true },
	{ ".yaml", read_as_yaml, true },
	{ ".json", read_as_json, false },
	{ ".tfstate", read_as_json, false },
	{ ".js", NULL, false },
	{ ".cjs", NULL, false },
};
static const struct format text_format = { "", read_as_text, false };

static const struct format *format_of(const char *path) {
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');

	for (size_t i = 0; dot && dot != name && i < sizeof(formats) / sizeof(*formats); i++) {
		if (strcmp(formats[i].extension, dot) == 0) {
			return &formats[i];
		}
	}
	return &text_format;
}

/* Adds a component of a path behind a slash. */
static size_t add_component(char *out, size_t length, const char *part, size_t size) {
	if (length && out[length - 1] != '/') {
		out[length++] = '/';
	}
	memcpy(out + length, part, size);
	return length + size;
}

/* The path in the service's folder; "." and ".." are taken away as they are written, links notwithstanding. */
static const char *join_path(struct arena *a, const char *folder, const char *path) {
	const char *all = *path == '/' ? path : arena_printf(a, "%s%s", folder, path);
	char *out = arena_alloc(a, strlen(all) + 2);
	size_t root = *all == '/', length = root, names = 0;

	out[0] = '/';
	for (const char *part = all; *part; part += *part == '/') {
		size_t size = strcspn(part, "/");
		bool up = size == 2 && memcmp(part, "..", 2) == 0;
		if (up && names) {
			while (length > root && out[--length] != '/') {
			}
			names--;
		} else if (size && !(size == 1 && *part == '.') && !(up && root)) {
			length = add_component(out, length, part, size);
			names += !up;
		}
		part += size;
	}
	out[length] = '\0';
	return length ? out : ".";
}

static void read_included(struct resolver *r, const struct format *format, struct included *file) {
	const struct source *source = NULL;
	enum slsws_read status = host_read(r->host, r->arena, file->path, file->path, &source);
	struct diagnostic **end = r->diag->end;

	if (status == SLSWS_READ_OK) {
		file->value = format->read(r, source);
		file->outcome = file->value ? FOUND : FAILED;
		file->empty = format->may_be_empty && yaml_is_empty(source);
		for (struct diagnostic *d = *end; d; d = d->next) {
			resolver_note(r, d);
		}
	} else if (status == SLSWS_READ_MISSING) {
		file->outcome = MISSING;
	} else {
		file->outcome = FAILED;
		resolver_error(r, "C106", "the file '%s' %s", file->path, host_read_problem(status));
	}
}

static struct included *find_included(struct resolver *r, const char *path) {
	const struct value *number = map_get(r->file_numbers, path);

	if (number) {
		return r->files[(size_t)number->number];
	}
	struct included *file = arena_new(r->arena, struct included);
	file->path = path;
	if (!r->file_numbers) {
		r->file_numbers = value_map(r->arena);
	}
	uint32_t count = r->file_numbers->length;
	if (count == r->file_room) {
		size_t room = count ? count * 2 : 8;
		struct included **files = arena_array(r->arena, struct included *, room);
		if (count) {
			memcpy(files, r->files, sizeof(*files) * count);
		}
		r->files = files;
		r->file_room = room;
	}
	r->files[count] = file;
	map_set(r->arena, r->file_numbers, path, value_number(r->arena, count));
	read_included(r, format_of(path), file);
	return file;
}

/* A text on the way is resolved before the next step, but not the value at the end: that is for whoever asked. */
static enum outcome follow(struct resolver *r, struct call *call, struct value *from, struct value **value) {
	const char *key = call->address->text, *end = key + call->address->length;

	while (key <= end) {
		const char *dot = memchr(key, '.', (size_t)(end - key));
		size_t size = (size_t)((dot ? dot : end) - key);
		from = is_string(from) ? resolver_settle(r, from) : from;
		if (!from) {
			return FAILED;
		}
		struct value *member = resolver_step(r, from, key, size);
		if (is_missing(member)) {
			resolver_suggest(r, call, from, key, size);
			return MISSING;
		}
		from = member;
		key += size + 1;
	}
	*value = from;
	return FOUND;
}

enum outcome source_file(struct resolver *r, struct call *call, struct value **value) {
	struct value *given = call->param_count ? call->params[0] : NULL;
	struct value *path = is_truthy(given) ? resolver_spell(r, given) : NULL;

	if (!path || !path->length) {
		resolver_error(r, "C103", "the source 'file' has %s, expected 'file(PATH)'",
			is_map(given) ? "a map as its path" : "no path");
		return FAILED;
	}
	const char *full = join_path(r->arena, r->options->directory, path->text);
	if (!format_of(full)->read) {
		return javascript_value(r, call, full, join_path(r->arena, "", path->text), value);
	}
	struct included *file = find_included(r, full);
	bool steps = call->address && call->address->length;
	if (file->outcome == MISSING) {
		call->reason = arena_printf(r->arena, "the file '%s' does not exist", file->path);
	}
	if (file->outcome != FOUND) {
		return file->outcome;
	}
	if (file->empty && !steps) {
		resolver_error(r, "C106", "the file '%s' is empty", file->path);
		return FAILED;
	}
	*value = file->value;
	return steps ? follow(r, call, file->value, value) : FOUND;
}
