#include "rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/codes.h"

struct row {
	const char *code;
	enum severity severity;
	const char *title;
};

#define ROW(code, severity, title) { #code, SEVERITY_##severity, title },
static const struct row rows[] = { CODES(ROW) };
enum { ROWS = sizeof(rows) / sizeof(*rows) };

static int compare(const void *code, const void *text) {
	return strcmp(code, ((const struct rule_text *)text)->code);
}

size_t rules_count(void) {
	return ROWS;
}

struct rule_info rules_get(size_t index) {
	return (struct rule_info){
		.code = rows[index].code,
		.severity = rows[index].severity,
		.title = rows[index].title,
		.text = bsearch(rows[index].code, rule_texts, rule_text_count, sizeof(*rule_texts), compare),
	};
}

bool rules_find(const char *code, struct rule_info *rule) {
	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].code, code) == 0) {
			*rule = rules_get(i);
			return true;
		}
	}
	return false;
}
