/*
 * One cause, one finding: what the schema of configurations says of a value, what the specification of resources says of
 * it where it is used, and what a rule about it says that knows more.
 */
#include "once.h"

#include <string.h>

#include "base/text.h"

enum { MOST_RIVALS = 5 };

/* Of the first family nothing is told where one of the others has something to say. */
struct rivalry {
	const char *family;
	const char *stronger[MOST_RIVALS];
};

static const struct rivalry rivalries[] = {
	{ "C2", { "D1", "W2", "R2", "R5" } },	/* checks that know what follows */
	{ "R3", { "C2", "W2", "T02" } },	/* the schema's words are those of the configuration */
};

enum { RIVALRIES = sizeof(rivalries) / sizeof(*rivalries) };

static bool same_place(const struct diagnostic *a, const struct diagnostic *b) {
	return a->mark.source && a->mark.source == b->mark.source && a->mark.line == b->mark.line &&
		a->mark.column == b->mark.column;
}

static bool is_stronger(const struct rivalry *r, const struct diagnostic *d) {
	for (size_t i = 0; i < MOST_RIVALS && r->stronger[i]; i++) {
		if (text_starts(d->code, r->stronger[i])) {
			return true;
		}
	}
	return false;
}

/* Which families are told of the place of `first`; *end is the first finding of another place. */
static void look(const struct diagnostic *first, const struct diagnostic **end, bool told[RIVALRIES]) {
	const struct diagnostic *d = first;

	for (; d && (d == first || same_place(first, d)); d = d->next) {
		for (size_t i = 0; i < RIVALRIES; i++) {
			told[i] = told[i] || is_stronger(&rivalries[i], d);
		}
	}
	*end = d;
}

static bool is_told(const struct diagnostic *d, const bool told[RIVALRIES]) {
	for (size_t i = 0; i < RIVALRIES; i++) {
		if (told[i] && d->severity == SEVERITY_WARNING && text_starts(d->code, rivalries[i].family)) {
			return true;
		}
	}
	return false;
}

void findings_once(struct diag *diag) {
	struct diagnostic **at = &diag->first;

	while (*at) {
		const struct diagnostic *end;
		bool told[RIVALRIES] = { false };
		look(*at, &end, told);
		while (*at != end) {
			if (is_told(*at, told)) {
				diag->warnings--;
				*at = (*at)->next;
			} else {
				at = &(*at)->next;
			}
		}
	}
	diag->end = at;
}
