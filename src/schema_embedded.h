/*
 * The files of schema/ as they are built in: schema/embed.py writes the table. One row for each file, "iam.json", for
 * each of its definitions, "iam.json#/definitions/policy", and for each property of these, "iam.json#/properties/role" and
 * so on; sorted by uri. A row's text is its schema without `properties`, which are the rows of its members, without an
 * `enum` of texts, which are its choices, and without x-instead and x-missing, which have rows of data: "iam.json#/x-instead".
 */
#ifndef SLSWS_SCHEMA_EMBEDDED_H
#define SLSWS_SCHEMA_EMBEDDED_H

#include <stdbool.h>
#include <stddef.h>

struct schema_member {
	const char *name;
	size_t row;
};

struct schema_text {
	const char *uri, *text;
	size_t length;
	const struct schema_member *members;	/* NULL: no `properties` */
	size_t member_count;
	const char *const *choices;		/* NULL: no `enum` of texts */
	size_t choice_count;
	bool is_data;				/* the value of a keyword, no schema */
};

extern const struct schema_text schema_texts[];
extern const size_t schema_text_count;

#endif
