/*
 * frameworkVersion: a range of versions as npm writes them. It is about the reference, not about slsws, so one that
 * leaves out both versions whose templates these are is worth a warning, not an end.
 */
#include <stdlib.h>
#include <string.h>

#include "service_parts.h"

/* One number for the three of a version, so that ranges can be compared. */
typedef unsigned long long version;

enum { PART = 1000000, PARTS = 3 };

static const version references[] = { 3ull * PART * PART + 40ull * PART, 4ull * PART * PART + 3ull * PART + 1 };
static const version endless = ~0ull;

struct range {
	version from, to;		/* to is not in it */
};

/* A version of which only the first parts may be there: "3", "3.x", "v3.40.0-beta+5". */
struct partial {
	unsigned parts[PARTS];
	int count;
};

static const version steps[] = { (version)PART * PART, PART, 1 };

static version value_of(const struct partial *p) {
	return p->parts[0] * steps[0] + p->parts[1] * steps[1] + p->parts[2];
}

/* The first version behind all that agree with the first `count` parts. */
static version after(const struct partial *p, int count) {
	version floor = 0;

	for (int i = 0; i < count; i++) {
		floor += p->parts[i] * steps[i];
	}
	return count ? floor + steps[count - 1] : endless;
}

static const char *read_partial(const char *c, struct partial *p) {
	*p = (struct partial){ 0 };
	c += *c == 'v' || *c == 'V' || *c == '=';
	for (int i = 0; i < PARTS; i++) {
		size_t digits = strspn(c, "0123456789");
		if (*c && strchr("xX*", *c)) {
			c++;
			for (; *c == '.'; c += 2) {
				if (!c[1] || !strchr("xX*0123456789", c[1])) {
					return NULL;
				}
			}
			return c;
		}
		if (!digits || digits > 6) {
			return NULL;
		}
		p->parts[p->count++] = (unsigned)strtoul(c, NULL, 10);
		c += digits;
		if (*c != '.') {
			break;
		}
		if (i + 1 == PARTS) {
			return NULL;
		}
		c++;
	}
	return c + strcspn(c, " \t|<>=~^");
}

static struct range caret(const struct partial *p) {
	int significant = 1;

	while (significant < p->count && p->parts[significant - 1] == 0) {
		significant++;
	}
	return (struct range){ value_of(p), after(p, p->count ? significant : 0) };
}

static struct range compare(const char *operator, const struct partial *p) {
	version floor = value_of(p), end = after(p, p->count);

	switch (*operator) {
	case '^':
		return caret(p);
	case '~':
		return (struct range){ floor, after(p, p->count < 2 ? p->count : 2) };
	case '>':
		return (struct range){ operator[1] == '=' ? floor : end, endless };
	case '<':
		return (struct range){ 0, operator[1] == '=' ? end : floor };
	default:
		return (struct range){ floor, end };
	}
}

/* One comparator, or two versions with a hyphen between spaces; NULL when it is none. */
static const char *read_range(const char *c, struct range *range) {
	const char *operator = c;
	struct partial p, last;

	c += strspn(c, "^~<>=");
	c += strspn(c, " \t");
	c = read_partial(c, &p);
	if (!c) {
		return NULL;
	}
	*range = compare(operator, &p);
	if (strncmp(c, " - ", 3) == 0) {
		c = read_partial(c + 3 + strspn(c + 3, " \t"), &last);
		*range = (struct range){ value_of(&p), c ? after(&last, last.count) : 0 };
	}
	return c;
}

static bool is_in(const struct range *range, version v) {
	return v >= range->from && v < range->to;
}

/* Alternatives between "||", each of comparators that must all hold. False when it is no range. */
static bool read_ranges(const char *c, bool *satisfied) {
	bool good[2] = { true, true };

	*satisfied = false;
	for (;;) {
		c += strspn(c, " \t");
		if (!*c || strncmp(c, "||", 2) == 0) {
			*satisfied = *satisfied || good[0] || good[1];
			good[0] = good[1] = true;
			if (!*c) {
				return true;
			}
			c += 2;
			continue;
		}
		struct range range;
		c = read_range(c, &range);
		if (!c) {
			return false;
		}
		for (int i = 0; i < 2; i++) {
			good[i] = good[i] && is_in(&range, references[i]);
		}
	}
}

void check_framework_version(const struct value *config, struct diag *diag) {
	const struct value *v = map_get(config, "frameworkVersion");
	bool satisfied;

	if (!is_truthy(v)) {
		return;
	}
	if (!is_string(v)) {
		struct diagnostic *d = diag_warning(diag, "C306", v->mark, "frameworkVersion is a %s, expected a range of versions",
			value_kind_name(v));
		if (is_number(v)) {
			diag_help(d, "put it in quotes");
		}
	} else if (!read_ranges(v->text, &satisfied)) {
		diag_warning(diag, "C306", v->mark, "frameworkVersion '%s' is no range of versions", v->text);
	} else if (!satisfied) {
		struct diagnostic *d = diag_warning(diag, "C306", v->mark,
			"frameworkVersion '%s' leaves out both 3.40.0 and 4.3.1, whose templates these are", v->text);
		diag_help(d, "the template is made all the same");
	}
}
