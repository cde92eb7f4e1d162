#include "text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_free(struct text *t) {
	free(t->bytes);
	*t = (struct text){ 0 };
}

char *text_room(struct text *t, size_t more) {
	if (t->capacity - t->length <= more) {
		size_t capacity = t->capacity ? t->capacity : 256;
		while (capacity - t->length <= more) {
			capacity *= 2;
		}
		t->bytes = realloc(t->bytes, capacity);
		if (!t->bytes) {
			fputs("slsws: out of memory\n", stderr);
			exit(3);
		}
		t->capacity = capacity;
	}
	return t->bytes + t->length;
}

void text_wrote(struct text *t, size_t count) {
	t->length += count;
	t->bytes[t->length] = '\0';
}

void text_add(struct text *t, const char *bytes, size_t length) {
	char *end = text_room(t, length);

	if (length) {
		memcpy(end, bytes, length);
	}
	text_wrote(t, length);
}

void text_puts(struct text *t, const char *string) {
	text_add(t, string, strlen(string));
}

void text_putc(struct text *t, char c) {
	*text_room(t, 1) = c;
	text_wrote(t, 1);
}

void text_vprintf(struct text *t, const char *format, va_list args) {
	va_list again;

	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	if (length > 0) {
		vsnprintf(text_room(t, (size_t)length), (size_t)length + 1, format, again);
		text_wrote(t, (size_t)length);
	}
	va_end(again);
}

void text_printf(struct text *t, const char *format, ...) {
	va_list args;

	va_start(args, format);
	text_vprintf(t, format, args);
	va_end(args);
}

/* --- numbers ------------------------------------------------------------------------------------------------ */

static size_t integer_spell(double number, char *out) {
	char digits[NUMBER_SIZE];
	size_t count = 0, length = 0;
	uint64_t n = (uint64_t)fabs(number);

	do {
		digits[count++] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	if (number < 0) {
		out[length++] = '-';
	}
	while (count) {
		out[length++] = digits[--count];
	}
	out[length] = '\0';
	return length;
}

/* Makes the last digit before the exponent greater by one; false where it is a 9. */
static bool count_up(char *text) {
	char *last = strchr(text, 'e') - 1;

	if (!isdigit((unsigned char)*last) || *last == '9') {
		return false;
	}
	++*last;
	return true;
}

/*
 * The shortest digits that read back as the same number, and the power of ten of the first. The gap above a power of
 * two is twice the one below: there, digits that are rounded up may do where the nearest ones do not.
 */
static int shortest_digits(double number, char digits[NUMBER_SIZE], int *count) {
	char text[NUMBER_SIZE];
	int exponent;
	bool lopsided = frexp(number, &exponent) == 0.5;

	for (int precision = 0; precision < 17; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, number);
		if (strtod(text, NULL) == number || (lopsided && count_up(text) && strtod(text, NULL) == number)) {
			break;
		}
	}
	char *e = strchr(text, 'e');
	*count = 0;
	for (char *c = text; c < e; c++) {
		if (isdigit((unsigned char)*c)) {
			digits[(*count)++] = *c;
		}
	}
	while (*count > 1 && digits[*count - 1] == '0') {
		(*count)--;
	}
	return atoi(e + 1);
}

/* ECMAScript, Number::toString: digits without an exponent from 1e-7 (not included) up to 1e21. */
size_t number_spell(double number, char out[NUMBER_SIZE]) {
	if (fabs(number) < 1e15 && number == (double)(int64_t)number) {
		return integer_spell(number, out);
	}
	if (isnan(number) || isinf(number)) {
		return (size_t)sprintf(out, "%s", isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity");
	}
	char digits[NUMBER_SIZE];
	char *p = out;
	int count, power = shortest_digits(fabs(number), digits, &count);
	if (number < 0) {
		*p++ = '-';
	}
	if (power >= 0 && power < 21) {
		for (int i = 0; i <= power || i < count; i++) {
			if (i == power + 1) {
				*p++ = '.';
			}
			*p++ = i < count ? digits[i] : '0';
		}
	} else if (power < 0 && power >= -6) {
		p += sprintf(p, "0.%.*s%.*s", -power - 1, "000000", count, digits);
	} else {
		*p++ = digits[0];
		if (count > 1) {
			p += sprintf(p, ".%.*s", count - 1, digits + 1);
		}
		p += sprintf(p, "e%c%d", power < 0 ? '-' : '+', abs(power));
	}
	*p = '\0';
	return (size_t)(p - out);
}

static bool is_digit(char c) {
	return c >= '0' && c <= '9';
}

static size_t digits_at(const char *text, size_t length, size_t at) {
	size_t n = 0;

	while (at + n < length && is_digit(text[at + n])) {
		n++;
	}
	return n;
}

static bool is_decimal(const char *text, size_t length) {
	size_t at = length && (text[0] == '-' || text[0] == '+');
	size_t digits = digits_at(text, length, at);

	at += digits;
	if (at < length && text[at] == '.') {
		size_t fraction = digits_at(text, length, ++at);
		digits += fraction;
		at += fraction;
	}
	if (digits && at < length && (text[at] == 'e' || text[at] == 'E')) {
		at++;
		at += at < length && (text[at] == '-' || text[at] == '+');
		digits = digits_at(text, length, at);
		at += digits;
	}
	return digits && at == length;
}

static bool read_radix(const char *text, size_t length, double *number) {
	static const char digits[] = "0123456789abcdef";
	char letter = length > 2 && text[0] == '0' ? (char)(text[1] | 0x20) : '0';
	int radix = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;

	*number = 0;
	for (size_t i = 2; radix && i < length; i++) {
		const char *digit = memchr(digits, is_digit(text[i]) ? text[i] : text[i] | 0x20, (size_t)radix);
		if (!digit || text[i] < '0') {
			return false;
		}
		*number = *number * radix + (double)(digit - digits);
	}
	return radix;
}

bool number_read(const char *text, size_t length, double *number) {
	char small[64];

	text_trim(&text, &length);
	if (!length || read_radix(text, length, number)) {
		*number = length ? *number : 0;
		return true;
	}
	size_t sign = text[0] == '-' || text[0] == '+';
	if (length - sign == 8 && memcmp(text + sign, "Infinity", 8) == 0) {
		*number = text[0] == '-' ? -HUGE_VAL : HUGE_VAL;
		return true;
	}
	if (!is_decimal(text, length)) {
		return false;
	}
	struct text long_text = { 0 };
	if (length < sizeof(small)) {
		memcpy(small, text, length);
		small[length] = '\0';
	} else {
		text_add(&long_text, text, length);
	}
	*number = strtod(long_text.bytes ? long_text.bytes : small, NULL);
	text_free(&long_text);
	return true;
}

/* --- UTF-8 -------------------------------------------------------------------------------------------------- */

size_t utf8_decode(const char *bytes, size_t length, uint32_t *code) {
	const unsigned char *b = (const unsigned char *)bytes;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (!length) {
		return 0;
	}
	if (b[0] < 0x80) {
		*code = b[0];
		return 1;
	}
	size_t size = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
	if (b[0] < 0xc2 || b[0] > 0xf4 || length < size) {
		return 0;
	}
	uint32_t c = b[0] & (0x7fu >> size);
	for (size_t i = 1; i < size; i++) {
		if ((b[i] & 0xc0) != 0x80) {
			return 0;
		}
		c = c << 6 | (b[i] & 0x3fu);
	}
	if (c < least[size] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
		return 0;
	}
	*code = c;
	return size;
}

size_t utf8_encode(uint32_t code, char out[4]) {
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = size - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	out[0] = (char)((0xf00u >> size) | code);
	return size;
}

/* The next byte that is not ASCII; eight at a time, for most texts have none. */
size_t skip_ascii(const char *bytes, size_t length, size_t at) {
	for (uint64_t word; length - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, bytes + at, sizeof(word));
		if (word & 0x8080808080808080u) {
			break;
		}
	}
	while (at < length && (unsigned char)bytes[at] < 0x80) {
		at++;
	}
	return at;
}

bool utf8_valid(const char *bytes, size_t length, size_t *at) {
	for (size_t i = skip_ascii(bytes, length, 0); i < length; i = skip_ascii(bytes, length, i)) {
		uint32_t code;
		size_t size = utf8_decode(bytes + i, length - i, &code);
		if (!size) {
			if (at) {
				*at = i;
			}
			return false;
		}
		i += size;
	}
	return true;
}

/* Ranges that terminals show in no column (combining marks) or in two (East Asian wide, emoji). */
int utf8_width(uint32_t c) {
	static const struct { uint32_t first, last; int width; } ranges[] = {
		{ 0x0300, 0x036f, 0 }, { 0x0483, 0x0489, 0 }, { 0x0591, 0x05bd, 0 }, { 0x0610, 0x061a, 0 },
		{ 0x064b, 0x065f, 0 }, { 0x1100, 0x115f, 2 }, { 0x1ab0, 0x1aff, 0 }, { 0x1dc0, 0x1dff, 0 },
		{ 0x200b, 0x200f, 0 }, { 0x20d0, 0x20ff, 0 }, { 0x2e80, 0x303e, 2 }, { 0x3041, 0xa4cf, 2 },
		{ 0xac00, 0xd7a3, 2 }, { 0xf900, 0xfaff, 2 }, { 0xfe00, 0xfe0f, 0 }, { 0xfe20, 0xfe2f, 0 },
		{ 0xfe30, 0xfe6f, 2 }, { 0xff00, 0xff60, 2 }, { 0xffe0, 0xffe6, 2 }, { 0x1f300, 0x1f64f, 2 },
		{ 0x1f680, 0x1f6ff, 2 }, { 0x1f900, 0x1f9ff, 2 }, { 0x20000, 0x3fffd, 2 },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges) && c >= ranges[i].first; i++) {
		if (c <= ranges[i].last) {
			return ranges[i].width;
		}
	}
	return 1;
}

/* --- words -------------------------------------------------------------------------------------------------- */

static int least_of(int a, int b, int c) {
	int least = a < b ? a : b;

	return least < c ? least : c;
}

/*
 * Damerau-Levenshtein distance (neighbours may swap) without regard to case, where it is at most FAR - 1: only the
 * places where the two words are less than FAR apart are looked at. Long words count as far apart.
 */
enum { FAR = 3, LONGEST_WORD = 64 };
static int distance(const char *a, const char *b) {
	int d[LONGEST_WORD + 1][LONGEST_WORD + 1];
	int n = (int)strnlen(a, LONGEST_WORD + 1), m = (int)strnlen(b, LONGEST_WORD + 1);

	if (n > LONGEST_WORD || m > LONGEST_WORD || abs(n - m) >= FAR) {
		return FAR;
	}
	for (int i = 0; i <= n; i++) {
		int first = i > FAR ? i - FAR : 0, last = i + FAR < m ? i + FAR : m, least = FAR;
		for (int j = first; j <= last; j++) {
			if (i == 0 || j == 0 || j == i - FAR || j == i + FAR) {
				d[i][j] = i == 0 || j == 0 ? i + j : FAR;
				least = d[i][j] < least ? d[i][j] : least;
				continue;
			}
			bool same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
			d[i][j] = least_of(d[i - 1][j - 1] + !same, d[i - 1][j] + 1, d[i][j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
				d[i][j] = least_of(d[i][j], d[i - 2][j - 2] + 1, FAR);
			}
			least = d[i][j] < least ? d[i][j] : least;
		}
		if (least >= FAR) {
			return FAR;
		}
	}
	return d[n][m];
}

const char *text_closest(const char *word, const char *const *candidates, size_t count) {
	const char *closest = NULL;
	int length = (int)strnlen(word, 65), least = length <= 1 ? 1 : length <= 3 ? 2 : 3;

	for (size_t i = 0; i < count; i++) {
		int d = strcmp(word, candidates[i]) == 0 ? FAR : distance(word, candidates[i]);
		if (d < least) {
			least = d;
			closest = candidates[i];
		}
	}
	return closest;
}

static bool is_space(uint32_t c) {
	return (c >= 9 && c <= 13) || c == ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
		c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

size_t text_space(const char *text, size_t length) {
	uint32_t code;
	size_t size = utf8_decode(text, length, &code);

	return size && is_space(code) ? size : 0;
}

void text_trim(const char **text, size_t *length) {
	size_t size;

	while ((size = text_space(*text, *length))) {
		*text += size;
		*length -= size;
	}
	while (*length) {
		size = 1;
		while (size < 4 && size < *length && ((*text)[*length - size] & 0xc0) == 0x80) {
			size++;
		}
		if (text_space(*text + *length - size, size) != size) {
			break;
		}
		*length -= size;
	}
}

bool text_starts(const char *text, const char *prefix) {
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix) {
	size_t n = strlen(text), m = strlen(suffix);

	return n >= m && strcmp(text + n - m, suffix) == 0;
}
