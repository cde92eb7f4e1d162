/*
 * A template, and with the same text what handlers, authorizers and clients say: there is a model or an error, and an answer.
 */
#include "fuzz.h"

#include <assert.h>
#include <string.h>

#include "dev/answer.h"
#include "dev/mock.h"
#include "dev/model.h"
#include "read_json.h"
#include "read_yaml.h"

static void read_template(struct arena *a, const struct source *source) {
	static const struct locality local = {
		.account = "123456789012", .region = "us-east-1", .stack = "local", .domain = "localhost:3001",
	};
	struct diag diag;

	diag_init(&diag, a, false);
	const struct value *template = source->length && *source->text == '{' ? read_json(a, source, &diag) :
		read_yaml(a, source, &diag);
	if (template) {
		const struct model *model = model_read(a, template, &local, "", ".", &diag);
		assert((model != NULL) == (diag.errors == 0));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct arena *a = arena_create();
	const char *text = arena_copy(a, (const char *)data, size), *why = NULL;
	struct source source = { .name = "template", .text = text, .length = size };
	struct integration mock = { .kind = INTEGRATION_MOCK, .template_selection = "200" };
	struct text headers = { 0 };
	struct answer answer;
	struct value *context;

	read_template(a, &source);
	if (answer_read(a, text, size, &answer)) {
		answer_add_headers(a, &answer, "", &headers);
	}
	text_free(&headers);
	policy_read(a, text, size, "arn:aws:execute-api:us-east-1:123456789012:abcd/dev/$connect", &context);
	const struct value *body = parse_json(a, text, size);
	const struct selection *selection = selection_parse(a, text, &why);
	assert(selection || why);
	if (selection) {
		selection_evaluate(a, selection, body);
	}
	mock.request_templates = MAP(a, { "200", value_text(a, text, size) });
	mock_answer(a, &mock, body, text, size, &answer);
	arena_destroy(a);
	return 0;
}
