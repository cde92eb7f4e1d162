#include "base/text.h"

#include "dev/mock.h"

#include "emit.h"

enum { MOST_TEXT = 256 * 1024 };

struct render {
	struct arena *arena;
	const struct value *context, *body;
	const char *text;
	size_t length;
	struct text out;
};

static void add_json(struct render *r, const struct value *value, bool bare) {
	const char *text = bare ? value_spell(r->arena, value) : NULL;

	if (text) {
		text_puts(&r->out, text);
	} else if (value) {
		emit_json(&r->out, value, 0);
	}
}

/* "('PATH')" at `at`: the path and what is behind it; NULL when it is none. */
static const char *parse_argument(struct render *r, const char *at, const char **path) {
	const char *quote = at[0] == '(' && (at[1] == '\'' || at[1] == '"') ? at + 1 : NULL;
	const char *end = quote ? strchr(quote + 1, *quote) : NULL;

	if (!end || end[1] != ')') {
		return NULL;
	}
	*path = arena_copy(r->arena, quote + 1, (size_t)(end - quote - 1));
	return end + 2;
}

static const char *render_input(struct render *r, const char *at, bool bare) {
	const char *path, *end = parse_argument(r, at, &path);

	if (end) {
		add_json(r, path_find(r->arena, path, r->body), bare);
	}
	return end;
}

static const char *render_context(struct render *r, const char *at) {
	size_t length = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.");

	length -= length && at[length - 1] == '.';
	add_json(r, path_find(r->arena, arena_copy(r->arena, at, length), r->context), true);
	return at + length;
}

/* What stands at a dollar; NULL when it is nothing of ours. */
static const char *render_variable(struct render *r, const char *at) {
	if (text_starts(at, "$context.")) {
		return render_context(r, at + strlen("$context."));
	}
	if (text_starts(at, "$input.json")) {
		return render_input(r, at + strlen("$input.json"), false);
	}
	if (text_starts(at, "$input.path")) {
		return render_input(r, at + strlen("$input.path"), true);
	}
	if (text_starts(at, "$input.body")) {
		text_add(&r->out, r->text, r->length);
		return at + strlen("$input.body");
	}
	return NULL;
}

static const char *render(struct render *r, const char *template) {
	while (*template && r->out.length < MOST_TEXT) {
		const char *end = *template == '$' ? render_variable(r, template) : NULL;
		if (!end) {
			text_putc(&r->out, *template);
			end = template + 1;
		}
		template = end;
	}
	const char *text = arena_copy(r->arena, r->out.bytes ? r->out.bytes : "", r->out.length);
	text_free(&r->out);
	return text;
}

/* The template that the expression names, else $default, else the only one. */
static const char *choose(const struct value *templates, const char *expression) {
	const char *key = expression && *expression == '\\' ? expression + 1 : expression ? expression : "$default";
	const struct value *found = map_get_text(templates, key, strlen(key));

	found = found ? found : map_get(templates, "$default");
	found = found || !templates || templates->length != 1 ? found : map_first(templates)->value;
	return is_string(found) ? found->text : NULL;
}

static const struct integration_response *response_of(struct arena *a, const struct integration *integration, int status) {
	const char *key = arena_printf(a, "/%d/", status);
	const struct integration_response *fallback = NULL;

	for (const struct integration_response *r = integration->responses; r; r = r->next) {
		if (strcmp(r->key, key) == 0) {
			return r;
		}
		fallback = strcmp(r->key, "$default") == 0 ? r : fallback;
	}
	return fallback;
}

bool mock_answer(struct arena *a, const struct integration *integration, const struct value *context, const char *body,
		size_t length, struct answer *answer) {
	struct render r = {
		.arena = a, .context = context, .text = body ? body : "", .length = body ? length : 0,
		.body = body ? parse_json(a, body, length) : NULL,
	};
	const char *template = choose(integration->request_templates, integration->template_selection);
	const char *request = template ? render(&r, template) : "{\"statusCode\":200}";
	const struct value *status = map_get(parse_json(a, request, strlen(request)), "statusCode");

	*answer = (struct answer){ .status = is_number(status) ? (int)status->number : 0 };
	if (answer->status < 100 || answer->status > 599) {
		return false;
	}
	const struct integration_response *response = response_of(a, integration, answer->status);
	template = response ? choose(response->templates, response->template_selection) : NULL;
	if (template) {
		answer->body = render(&r, template);
		answer->body_length = strlen(answer->body);
	}
	return true;
}
