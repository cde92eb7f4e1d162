#include "read_text.h"

#include <string.h>

#include "base/text.h"

size_t text_bom(const struct source *source) {
	return source->length >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

struct mark text_mark(const struct source *source, size_t offset) {
	struct mark mark = { source, 1, 1 };
	const char *text = source->text;

	for (size_t i = text_bom(source); i < offset; i++) {
		if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == source->length || text[i + 1] != '\n'))) {
			mark.line++;
			mark.column = 1;
		} else {
			mark.column += ((unsigned char)text[i] & 0xc0) != 0x80;
		}
	}
	return mark;
}

bool text_check(const struct source *source, struct diag *diag) {
	size_t at;

	if (utf8_valid(source->text, source->length, &at)) {
		return true;
	}
	struct diagnostic *d = diag_error(diag, "C006", text_mark(source, at), "the byte 0x%02x is not UTF-8",
		(unsigned char)source->text[at]);
	diag_help(d, "save the file as UTF-8");
	return false;
}
