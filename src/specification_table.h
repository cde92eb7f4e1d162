/*
 * The rows that specification/embed.py makes of specification/cloudformation.txt. specification.c alone reads them.
 * A text is an offset into spec_texts, 0 the empty text. A run is an offset into spec_words, where texts follow one another
 * up to a 0; one of a rule is several runs, of which an empty one is the last. Whatever is looked up by a name is in the order
 * of strcmp().
 */
#ifndef SLSWS_SPECIFICATION_TABLE_H
#define SLSWS_SPECIFICATION_TABLE_H

#include "specification.h"

enum { SPEC_TYPE_STATEFUL = 1, SPEC_TYPE_SENSITIVE = 2, SPEC_TYPE_OPEN = 4 };

struct spec_type {
	uint32_t name, ref;
	uint32_t attributes;		/* a run; "Name.*" is what is in it as well */
	uint16_t attribute_count;
	uint16_t object;
	uint32_t flags;
};

struct spec_object {
	uint32_t properties;		/* the first of them */
	uint32_t rules;
	uint16_t property_count, rule_count;
};

struct spec_property {
	uint32_t name;
	uint16_t value, flags;		/* enum spec_flag */
};

struct spec_value {
	uint8_t kind;			/* enum spec_kind */
	uint8_t limit_count;
	uint16_t of;			/* the value of a list's or map's items, an object, the first in spec_choices */
	uint32_t limits;		/* the first of them */
};

struct spec_limit_row {
	uint8_t kind;			/* enum spec_limit_kind */
	uint16_t count;			/* texts of the run */
	uint32_t text;			/* a text, or a run */
	double number;
};

struct spec_rule_row {
	uint16_t kind;			/* enum spec_rule_kind */
	uint32_t words;			/* runs */
};

extern const char spec_texts[];
extern const uint32_t spec_words[];
extern const struct spec_type spec_types[];
extern const size_t spec_type_count;
extern const struct spec_object spec_objects[];
extern const struct spec_property spec_properties[];
extern const struct spec_value spec_values[];
extern const uint16_t spec_choices[];	/* of values; 0 ends them */
extern const struct spec_limit_row spec_limits[];
extern const struct spec_rule_row spec_rules[];
extern const size_t spec_patterns;
extern const char spec_day[];

#endif
