#include "yaml_types.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { LARGEST_BYTES = 64 * 1024, MOST_SPELT = 16 * 1024 * 1024 };

static const char core_prefix[] = "tag:yaml.org,2002:";
enum { CORE_PREFIX = sizeof(core_prefix) - 1 };

/* A value that is odd has its kind in `origin` until it is settled: nothing else uses that while a text is read. */
static const struct mark odd_marks[3];

static struct value *make_odd(struct yaml_types *types, struct value *value, enum yaml_odd kind) {
	struct odd_value *odd = arena_new(types->arena, struct odd_value);

	value->origin = &odd_marks[kind];
	*odd = (struct odd_value){ types->odd, value, kind };
	types->odd = odd;
	return value;
}

static bool is_odd(const struct value *value, enum yaml_odd kind) {
	return value->origin == &odd_marks[kind];
}

/* --- plain scalars ------------------------------------------------------------------------------------------ */

static bool is_digit(char c) {
	return c >= '0' && c <= '9';
}

static bool one_of(const char *text, size_t length, const char *const words[3]) {
	for (int i = 0; i < 3; i++) {
		if (strlen(words[i]) == length && memcmp(text, words[i], length) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_null_text(const char *text, size_t length) {
	static const char *const nulls[] = { "null", "Null", "NULL" };

	return (length == 1 && *text == '~') || one_of(text, length, nulls);
}

static bool read_bool(const char *text, size_t length, bool *result) {
	static const char *const trues[] = { "true", "True", "TRUE" }, *const falses[] = { "false", "False", "FALSE" };

	*result = one_of(text, length, trues);
	return *result || one_of(text, length, falses);
}

static int digit_value(char c) {
	if (is_digit(c)) {
		return c - '0';
	}
	char lower = (char)(c | 0x20);
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

/* Digits of base 2, 8 or 16, rounded once, to even: 64 bits are kept, and whether any bit behind them is set. */
static bool read_power(const char *text, size_t length, int bits, double *result) {
	uint64_t kept = 0, rest = 0;
	int exponent = 0;

	for (size_t i = 0; i < length; i++) {
		int digit = digit_value(text[i]);
		if (digit >= 1 << bits) {
			return false;
		}
		if (kept >> (64 - bits)) {
			exponent = exponent < 100000 ? exponent + bits : exponent;
			rest |= (uint64_t)digit;
		} else {
			kept = kept << bits | (uint64_t)digit;
		}
	}
	/* Below 2^11 the lowest bit cannot decide a rounding alone, so it may stand for all that was cut off. */
	*result = ldexp((double)(kept | (rest != 0)), exponent);
	return length > 0 && !isinf(*result);
}

/* strtod() of a text that need not end with a NUL. Never called with what strtod() reads beyond decimals. */
static double read_decimal(struct arena *a, const char *text, size_t length) {
	char few[64];

	if (length < sizeof(few)) {
		memcpy(few, text, length);
		few[length] = '\0';
		return strtod(few, NULL);
	}
	return strtod(arena_copy(a, text, length), NULL);
}

static size_t count_digits(const char *text, size_t length) {
	size_t n = 0;

	while (n < length && is_digit(text[n])) {
		n++;
	}
	return n;
}

static bool read_integer(struct arena *a, const char *text, size_t length, double *result) {
	static const struct { char letter; int bits; } bases[] = { { 'b', 1 }, { 'x', 4 }, { 'o', 3 } };
	bool negative = length && *text == '-';
	size_t sign = length && (*text == '-' || *text == '+');
	const char *digits = text + sign;
	size_t count = length - sign;

	if (!count || !is_digit(*digits)) {
		return false;
	}
	if (count > 1 && *digits == '0' && !is_digit(digits[1])) {
		for (int i = 0; i < 3; i++) {
			if (digits[1] == bases[i].letter && read_power(digits + 2, count - 2, bases[i].bits, result)) {
				*result = negative ? -*result : *result;
				return true;
			}
		}
		return false;
	}
	if (count_digits(digits, count) != count) {
		return false;
	}
	if (count <= 15) {
		int64_t n = 0;
		for (size_t i = 0; i < count; i++) {
			n = n * 10 + (digits[i] - '0');
		}
		*result = (double)(negative ? -n : n);
		return true;
	}
	*result = read_decimal(a, digits, count);
	*result = negative ? -*result : *result;
	return !isinf(*result);
}

/* [-+]?digits[.digits][exponent] or .digits[exponent]: without a sign before the point, as in js-yaml. */
static bool is_decimal(const char *text, size_t length) {
	size_t at = length && (*text == '-' || *text == '+');
	size_t whole = count_digits(text + at, length - at);

	if (!whole && at) {
		return false;
	}
	at += whole;
	if (at < length && text[at] == '.') {
		size_t fraction = count_digits(text + at + 1, length - at - 1);
		if (!whole && !fraction) {
			return false;
		}
		at += 1 + fraction;
	} else if (!whole) {
		return false;
	}
	if (at < length && (text[at] | 0x20) == 'e') {
		at++;
		at += at < length && (text[at] == '-' || text[at] == '+');
		size_t exponent = count_digits(text + at, length - at);
		at += exponent;
		return exponent && at == length;
	}
	return at == length;
}

static bool read_float(struct arena *a, const char *text, size_t length, double *result) {
	static const char *const infinities[] = { ".inf", ".Inf", ".INF" }, *const nans[] = { ".nan", ".NaN", ".NAN" };
	size_t sign = length && (*text == '-' || *text == '+');

	if (one_of(text + sign, length - sign, infinities)) {
		*result = *text == '-' ? -INFINITY : INFINITY;
		return true;
	}
	if (one_of(text, length, nans)) {
		*result = NAN;
		return true;
	}
	if (!is_decimal(text, length)) {
		return false;
	}
	*result = read_decimal(a, text, length);
	return !isinf(*result);
}

static struct value *make_number(struct yaml_types *types, double number) {
	struct value *v = value_number(types->arena, number == 0 ? 0 : number);

	return isnan(number) || isinf(number) ? make_odd(types, v, YAML_ODD_NUMBER) : v;
}

/* Value and text in one piece of memory. */
static struct value *make_string(struct arena *a, const char *text, size_t length) {
	struct value *v = arena_alloc(a, sizeof(*v) + length + 1);
	char *copy = (char *)(v + 1);

	memcpy(copy, text, length);
	v->kind = VALUE_STRING;
	v->length = (uint32_t)length;
	v->text = copy;
	return v;
}

/* What a plain scalar with this first character can be other than a string. */
enum { STRING, WORD, NUMBER };
static const char meanings[256] = {
	['~'] = WORD, ['n'] = WORD, ['N'] = WORD, ['t'] = WORD, ['T'] = WORD, ['f'] = WORD, ['F'] = WORD,
	['+'] = NUMBER, ['-'] = NUMBER, ['.'] = NUMBER, ['0'] = NUMBER, ['1'] = NUMBER, ['2'] = NUMBER, ['3'] = NUMBER,
	['4'] = NUMBER, ['5'] = NUMBER, ['6'] = NUMBER, ['7'] = NUMBER, ['8'] = NUMBER, ['9'] = NUMBER,
};

struct value *yaml_plain(struct yaml_types *types, const char *text, size_t length) {
	bool boolean;
	double number;

	if (!length) {
		return value_null(types->arena);
	}
	switch (meanings[(unsigned char)*text]) {
	case WORD:
		if (length <= 4 && is_null_text(text, length)) {
			return value_null(types->arena);
		}
		if (length <= 5 && read_bool(text, length, &boolean)) {
			return value_bool(types->arena, boolean);
		}
		break;
	case NUMBER:
		if (read_integer(types->arena, text, length, &number) || read_float(types->arena, text, length, &number)) {
			return make_number(types, number);
		}
		break;
	}
	return make_string(types->arena, text, length);
}

bool yaml_is_merge(const char *text, size_t length) {
	return length == 2 && text[0] == '<' && text[1] == '<';
}

/* --- tags --------------------------------------------------------------------------------------------------- */

typedef struct value *make_fn(struct yaml_types *types, enum yaml_kind kind, struct value *node);

static struct value *make_str(struct yaml_types *types, enum yaml_kind kind, struct value *node) {
	return kind == YAML_KIND_EMPTY ? value_string(types->arena, "") : node;
}

static struct value *make_null(struct yaml_types *types, enum yaml_kind kind, struct value *node) {
	return kind == YAML_KIND_EMPTY || is_null_text(node->text, node->length) ? value_null(types->arena) : NULL;
}

static struct value *make_bool(struct yaml_types *types, enum yaml_kind kind, struct value *node) {
	bool boolean;

	return kind == YAML_KIND_SCALAR && read_bool(node->text, node->length, &boolean) ?
		value_bool(types->arena, boolean) : NULL;
}

static struct value *make_int(struct yaml_types *types, enum yaml_kind kind, struct value *node) {
	double number;

	return kind == YAML_KIND_SCALAR && read_integer(types->arena, node->text, node->length, &number) ?
		make_number(types, number) : NULL;
}

static struct value *make_float(struct yaml_types *types, enum yaml_kind kind, struct value *node) {
	double number;

	return kind == YAML_KIND_SCALAR && read_float(types->arena, node->text, node->length, &number) ?
		make_number(types, number) : NULL;
}

static struct value *make_merge(struct yaml_types *types, enum yaml_kind kind, struct value *node) {
	(void)types;
	return kind == YAML_KIND_EMPTY || yaml_is_merge(node->text, node->length) ? node : NULL;
}

static struct value *make_seq(struct yaml_types *types, enum yaml_kind kind, struct value *node) {
	return kind == YAML_KIND_EMPTY ? value_list(types->arena) : node;
}

static struct value *make_map(struct yaml_types *types, enum yaml_kind kind, struct value *node) {
	return kind == YAML_KIND_EMPTY ? value_map(types->arena) : node;
}

static struct value *make_set(struct yaml_types *types, enum yaml_kind kind, struct value *node) {
	for (const struct entry *e = map_first(node); e; e = map_next(node, e)) {
		if (!is_null(e->value)) {
			return NULL;
		}
	}
	return make_map(types, kind, node);
}

static struct value *make_omap(struct yaml_types *types, enum yaml_kind kind, struct value *node) {
	struct value *keys = value_map(types->arena);

	for (size_t i = 0; i < list_length(node); i++) {
		const struct entry *e = map_first(list_get(node, i));
		if (!e || list_get(node, i)->length != 1 || map_find_text(keys, e->key, e->key_length)) {
			return NULL;
		}
		map_set_entry(types->arena, keys, e->key, e->key_length, e->mark, e->value);
	}
	return make_seq(types, kind, node);
}

static struct value *make_pairs(struct yaml_types *types, enum yaml_kind kind, struct value *node) {
	struct value *pairs = value_list(types->arena);
	(void)kind;

	for (size_t i = 0; i < list_length(node); i++) {
		const struct entry *e = map_first(list_get(node, i));
		if (!e || list_get(node, i)->length != 1) {
			return NULL;
		}
		struct value *key = value_text(types->arena, e->key, e->key_length);
		key->mark = e->mark;
		struct value *pair = LIST(types->arena, key, e->value);
		pair->mark = e->mark;
		list_add(types->arena, pairs, pair);
	}
	return pairs;
}

static int base64_value(char c) {
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(letters, c) : NULL;

	return at ? (int)(at - letters) : -1;
}

/* As js-yaml decodes: '=' may stand anywhere and counts as a letter, and whole groups of letters end with three bytes
   even if there are none ("" is three zeros). */
static struct value *make_binary(struct yaml_types *types, enum yaml_kind kind, struct value *node) {
	if (kind != YAML_KIND_SCALAR || node->length > LARGEST_BYTES) {
		return NULL;
	}
	char *bytes = arena_alloc(types->arena, node->length + 4);
	size_t letters = 0, counted = 0, length = 0;
	uint32_t bits = 0;
	for (uint32_t i = 0; i < node->length; i++) {
		char c = node->text[i];
		if (c == '\n' || c == '\r') {
			continue;
		}
		counted++;
		if (c == '=') {
			continue;
		}
		int digit = base64_value(c);
		if (digit < 0) {
			return NULL;
		}
		if (letters && letters % 4 == 0) {
			bytes[length++] = (char)(bits >> 16);
			bytes[length++] = (char)(bits >> 8);
			bytes[length++] = (char)bits;
		}
		bits = bits << 6 | (uint32_t)digit;
		letters++;
	}
	if (counted * 6 % 8) {
		return NULL;
	}
	static const int ends[4][3] = { { 16, 8, 0 }, { -1, -1, -1 }, { 4, -1, -1 }, { 10, 2, -1 } };
	for (int i = 0; i < 3 && ends[letters % 4][i] >= 0; i++) {
		bytes[length++] = (char)(bits >> ends[letters % 4][i]);
	}
	return make_odd(types, value_text(types->arena, bytes, length), YAML_ODD_BYTES);
}

struct date {
	int year, month, day, hour, minute, second, millisecond, shift;
};

/* One or two digits (exactly `least` at the least) into *number. */
static const char *read_digits(const char *at, int least, int most, int *number) {
	int n = 0;

	for (*number = 0; at && n < most && is_digit(at[n]); n++) {
		*number = *number * 10 + (at[n] - '0');
	}
	return at && n >= least ? at + n : NULL;
}

static const char *read_char(const char *at, char c) {
	return at && *at == c ? at + 1 : NULL;
}

static const char *skip_blanks(const char *at) {
	while (at && (*at == ' ' || *at == '\t')) {
		at++;
	}
	return at;
}

static const char *read_fraction(const char *at, struct date *date) {
	if (!at || *at != '.') {
		return at;
	}
	int scale = 100;
	for (at++; is_digit(*at); at++) {
		date->millisecond += (*at - '0') * scale;
		scale /= 10;
	}
	return at;
}

static const char *read_zone(const char *at, struct date *date) {
	const char *zone = skip_blanks(at);
	int hours, minutes = 0;

	if (!zone || zone == at + strlen(at)) {
		return at;
	}
	if (*zone == 'Z') {
		return zone + 1;
	}
	if (*zone != '+' && *zone != '-') {
		return NULL;
	}
	const char *end = read_digits(zone + 1, 1, 2, &hours);
	if (end && *end == ':') {
		end = read_digits(end + 1, 2, 2, &minutes);
	}
	date->shift = (hours * 60 + minutes) * (*zone == '-' ? -1 : 1);
	return end;
}

static bool read_date(const char *text, size_t length, struct date *date) {
	const char *end = text + length;
	const char *at = read_char(read_digits(text, 4, 4, &date->year), '-');

	const char *day = read_digits(read_char(read_digits(at, 2, 2, &date->month), '-'), 2, 2, &date->day);
	if (day && day == end) {
		return true;
	}
	at = read_digits(read_char(read_digits(at, 1, 2, &date->month), '-'), 1, 2, &date->day);
	if (!at || !(*at == 'T' || *at == 't' || *at == ' ' || *at == '\t')) {
		return false;
	}
	at = *at == 'T' || *at == 't' ? at + 1 : skip_blanks(at);
	at = read_char(read_digits(at, 1, 2, &date->hour), ':');
	at = read_char(read_digits(at, 2, 2, &date->minute), ':');
	at = read_fraction(read_digits(at, 2, 2, &date->second), date);
	return at && read_zone(at, date) == end;
}

/* Days from 1970-01-01 to a day of the Gregorian calendar; the month from 1 to 12, the day any number. */
static int64_t days_from_civil(int64_t year, int month, int64_t day) {
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static const char *spell_date(struct arena *a, int64_t milliseconds) {
	int64_t days = milliseconds / 86400000, rest = milliseconds % 86400000;

	if (rest < 0) {
		rest += 86400000;
		days--;
	}
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t of_era = days - era * 146097;
	int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t moved = (5 * of_year + 2) / 153, day = of_year - (153 * moved + 2) / 5 + 1;
	int64_t month = moved < 10 ? moved + 3 : moved - 9, year = year_of_era + era * 400 + (month <= 2);
	const char *sign = year > 9999 ? "+" : year < 0 ? "-" : "";
	return arena_printf(a, "%s%0*d-%02d-%02dT%02d:%02d:%02d.%03dZ", sign, *sign ? 6 : 4, abs((int)year),
		(int)month, (int)day, (int)(rest / 3600000), (int)(rest / 60000 % 60), (int)(rest / 1000 % 60),
		(int)(rest % 1000));
}

/* JavaScript's Date.UTC() lets months and days run over, and takes years before 100 for the twentieth century's. */
static struct value *make_timestamp(struct yaml_types *types, enum yaml_kind kind, struct value *node) {
	struct date d = { 0 };

	if (kind != YAML_KIND_SCALAR || strlen(node->text) != node->length ||
			!read_date(node->text, node->length, &d)) {
		return NULL;
	}
	int months = d.month - 1;
	int64_t year = d.year < 100 ? d.year + 1900 : d.year;
	year += months < 0 ? -1 : months / 12;
	int month = months < 0 ? 12 : months % 12 + 1;
	int64_t minutes = (days_from_civil(year, month, 1) + d.day - 1) * 1440 + d.hour * 60 + d.minute - d.shift;
	const char *text = spell_date(types->arena, (minutes * 60 + d.second) * 1000 + d.millisecond);
	return make_odd(types, value_string(types->arena, text), YAML_ODD_DATE);
}

static const struct core_type {
	const char *name;
	enum yaml_kind kind;		/* of a node that is not empty */
	make_fn *make;
	const char *expects;
} core_types[] = {
	{ "str", YAML_KIND_SCALAR, make_str, "a scalar" },
	{ "seq", YAML_KIND_LIST, make_seq, "a list" },
	{ "map", YAML_KIND_MAP, make_map, "a map" },
	{ "null", YAML_KIND_SCALAR, make_null, "nothing, '~' or 'null'" },
	{ "bool", YAML_KIND_SCALAR, make_bool, "'true' or 'false'" },
	{ "int", YAML_KIND_SCALAR, make_int, "an integer" },
	{ "float", YAML_KIND_SCALAR, make_float, "a number" },
	{ "merge", YAML_KIND_SCALAR, make_merge, "'<<'" },
	{ "binary", YAML_KIND_SCALAR, make_binary, "base64 of at most 64 KiB" },
	{ "omap", YAML_KIND_LIST, make_omap, "a list of maps with one key each, no key twice" },
	{ "pairs", YAML_KIND_LIST, make_pairs, "a list of maps with one key each" },
	{ "set", YAML_KIND_MAP, make_set, "a map whose values are null" },
	{ "timestamp", YAML_KIND_SCALAR, make_timestamp, "a date such as 2001-12-31 or 2001-12-31T23:59:59Z" },
};
enum { CORE_TYPES = sizeof(core_types) / sizeof(*core_types) };

/* CloudFormation's short tags and the keys of the maps that they make. */
static const struct short_tag {
	const char *tag, *key;
} short_tags[] = {
	{ "!And", "Fn::And" }, { "!Base64", "Fn::Base64" }, { "!Cidr", "Fn::Cidr" }, { "!Condition", "Condition" },
	{ "!Equals", "Fn::Equals" }, { "!FindInMap", "Fn::FindInMap" }, { "!GetAtt", "Fn::GetAtt" },
	{ "!GetAZs", "Fn::GetAZs" }, { "!GetStackOutput", "Fn::GetStackOutput" }, { "!If", "Fn::If" },
	{ "!ImportValue", "Fn::ImportValue" }, { "!Join", "Fn::Join" }, { "!Not", "Fn::Not" }, { "!Or", "Fn::Or" },
	{ "!Ref", "Ref" }, { "!Select", "Fn::Select" }, { "!Split", "Fn::Split" }, { "!Sub", "Fn::Sub" },
	{ "!Transform", "Fn::Transform" },
};
enum { SHORT_TAGS = sizeof(short_tags) / sizeof(*short_tags) };

/* !GetAtt X.Y.Z is [X, "Y.Z"], and [X, ""] without a dot. */
static struct value *split_attribute(struct arena *a, struct value *node) {
	const char *dot = memchr(node->text, '.', node->length);
	size_t first = dot ? (size_t)(dot - node->text) : node->length;
	size_t rest = dot ? node->length - first - 1 : 0;
	struct value *name = value_text(a, arena_copy(a, node->text, first), first);
	struct value *attribute = value_text(a, rest ? dot + 1 : "", rest);

	name->mark = node->mark;
	attribute->mark = node->mark;
	struct value *list = LIST(a, name, attribute);
	list->mark = node->mark;
	return list;
}

static struct value *make_function(struct arena *a, const struct short_tag *tag, struct mark mark,
		enum yaml_kind kind, struct value *node) {
	struct value *map = value_map(a);

	if (kind == YAML_KIND_SCALAR && strcmp(tag->key, "Fn::GetAtt") == 0) {
		node = split_attribute(a, node);
	}
	map_set_entry(a, map, tag->key, strlen(tag->key), mark, node);
	map->mark = mark;
	return map;
}

static struct value *make_core(struct yaml_types *types, const char *name, enum yaml_kind kind, struct value *node,
		const char **reason) {
	for (size_t i = 0; i < CORE_TYPES; i++) {
		if (strcmp(core_types[i].name, name) == 0) {
			*reason = core_types[i].expects;
			return kind == YAML_KIND_EMPTY || kind == core_types[i].kind ?
				core_types[i].make(types, kind, node) : NULL;
		}
	}
	return NULL;
}

struct value *yaml_tagged(struct yaml_types *types, const char *tag, struct mark mark, enum yaml_kind kind,
		struct value *node, const char **reason) {
	struct value *value = NULL;

	*reason = NULL;
	if (strcmp(tag, "!") == 0) {
		return node;
	}
	if (*tag == '!') {
		for (size_t i = 0; i < SHORT_TAGS; i++) {
			if (strcmp(short_tags[i].tag, tag) == 0) {
				return make_function(types->arena, &short_tags[i], mark, kind, node);
			}
		}
		return NULL;
	}
	if (strcmp(tag, "?") == 0) {
		*reason = "a scalar";
		value = kind == YAML_KIND_EMPTY ? node : kind == YAML_KIND_SCALAR ?
			(node->length ? yaml_plain(types, node->text, node->length) : node) : NULL;
	} else if (strncmp(tag, core_prefix, CORE_PREFIX) == 0) {
		value = make_core(types, tag + CORE_PREFIX, kind, node, reason);
	}
	if (value) {
		value->mark = mark;
	}
	return value;
}

bool yaml_tag_is_merge(const char *tag) {
	return strncmp(tag, core_prefix, CORE_PREFIX) == 0 && strcmp(tag + CORE_PREFIX, "merge") == 0;
}

const char *yaml_tag_name(struct arena *a, const char *tag) {
	if (strncmp(tag, core_prefix, CORE_PREFIX) == 0) {
		return arena_printf(a, "!!%s", tag + CORE_PREFIX);
	}
	return *tag == '!' ? tag : arena_printf(a, "!<%s>", tag);
}

const char *yaml_tag_closest(const char *tag) {
	const char *names[SHORT_TAGS];

	if (*tag != '!') {
		return NULL;
	}
	for (size_t i = 0; i < SHORT_TAGS; i++) {
		names[i] = short_tags[i].tag + 1;
		if (strcasecmp(names[i], tag + 1) == 0) {
			return short_tags[i].tag;
		}
	}
	const char *closest = text_closest(tag + 1, names, SHORT_TAGS);
	return closest ? closest - 1 : NULL;
}

/* --- keys --------------------------------------------------------------------------------------------------- */

static void spell_bytes(struct text *out, const struct value *bytes) {
	for (uint32_t i = 0; i < bytes->length; i++) {
		text_printf(out, i ? ",%u" : "%u", (unsigned char)bytes->text[i]);
	}
}

/* What JavaScript's String() makes of a scalar or a map; NULL if it can. */
static const char *spell(struct arena *a, struct text *out, const struct value *v) {
	if (is_odd(v, YAML_ODD_DATE)) {
		return "a date";
	}
	if (is_odd(v, YAML_ODD_BYTES)) {
		spell_bytes(out, v);
	} else if (v->kind == VALUE_MAP) {
		text_puts(out, "[object Object]");
	} else if (v->kind == VALUE_STRING) {
		text_add(out, v->text, v->length);
	} else {
		text_puts(out, value_spell(a, v));
	}
	return NULL;
}

/* A list's items with commas between them, nulls as nothing. */
static const char *spell_list(struct yaml_types *types, struct text *out, const struct value *list) {
	const char *reason = NULL;

	for (uint32_t i = 0; i < list->length && !reason; i++) {
		const struct value *item = list->items[i];
		if (i) {
			text_putc(out, ',');
		}
		if (is_list(item)) {
			reason = "a list in a list";
		} else if (!is_null(item)) {
			reason = spell(types->arena, out, item);
		}
		if (types->spelt + out->length > MOST_SPELT) {
			reason = "so long a list";
		}
	}
	return reason;
}

const char *yaml_key(struct yaml_types *types, const struct value *key, size_t *length, const char **reason) {
	if (key->kind == VALUE_STRING && !key->origin) {
		*length = key->length;
		return key->text;
	}
	struct text out = { 0 };
	*reason = is_list(key) ? spell_list(types, &out, key) : spell(types->arena, &out, key);
	const char *text = *reason ? NULL : arena_copy(types->arena, out.bytes ? out.bytes : "", out.length);
	*length = out.length;
	types->spelt += out.length;
	text_free(&out);
	return text;
}

/* --- settling ----------------------------------------------------------------------------------------------- */

static void settle_bytes(struct arena *a, struct value *v) {
	const unsigned char *bytes = (const unsigned char *)v->text;
	uint32_t length = v->length;

	v->kind = VALUE_MAP;
	v->map = NULL;
	v->length = 0;
	for (uint32_t i = 0; i < length; i++) {
		struct value *byte = value_number(a, bytes[i]);
		byte->mark = v->mark;
		char *key = arena_printf(a, "%u", i);
		map_set_entry(a, v, key, strlen(key), v->mark, byte);
	}
}

void yaml_settle(struct yaml_types *types) {
	for (struct odd_value *odd = types->odd; odd; odd = odd->next) {
		odd->value->origin = NULL;
		if (odd->kind == YAML_ODD_NUMBER) {
			odd->value->kind = VALUE_NULL;
		} else if (odd->kind == YAML_ODD_BYTES) {
			settle_bytes(types->arena, odd->value);
		}
	}
	types->odd = NULL;
}
