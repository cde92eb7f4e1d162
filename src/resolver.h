/*
 * What variables.c and the sources know of each other: the resolution under way.
 *
 * A site is a text of the configuration that has variables; its value is replaced in place. Sites are found by the
 * address of their value, so that a path through the configuration can stop at one and resolve it first. All that
 * variables yield is copied to the place of use, as later stages change trees in place.
 */
#ifndef SLSWS_RESOLVER_H
#define SLSWS_RESOLVER_H

#include "base/diag.h"
#include "base/value.h"
#include "host.h"
#include "options.h"
#include "variable_text.h"

/* Which sources are there: some properties are needed before others can work, so these cannot use all sources. */
enum phase { PHASE_NONE, PHASE_CORE, PHASE_INSTANCE, PHASE_ALL };

/* What a value hangs in: the variables of params of other stages are resolved only if something asks for them. */
enum zone { ZONE_PLAIN, ZONE_ROOT, ZONE_PARAMS, ZONE_STAGE, ZONE_IN_STAGE };

enum site_state { SITE_WAITING, SITE_RUNNING, SITE_DONE, SITE_FAILED };

struct site {
	struct site *next;		/* of the same slot in the index of sites */
	struct value *value;
	struct variable_text *text;
	const char *raw;		/* the text as it was written */
	size_t raw_length;
	const struct site *parent;	/* the site whose value brought this one, or NULL */
	unsigned nest, depth;		/* how many sites brought it; how deep it is in the tree */
	enum zone zone;
	const char *stage;		/* in ZONE_STAGE and ZONE_IN_STAGE: whose params these are */
	enum site_state state;
	enum site_state tree;		/* of all sites in its value: DONE or FAILED once that is known */
};

/* The variables that are being resolved, innermost first. */
struct frame {
	const struct frame *previous;
	struct site *site;			/* NULL: a text on the way to the value of the frame before */
	struct mark mark;			/* of the text as it was written, whose bytes are raw */
	const char *raw;
	size_t raw_length;
	const struct variable_text *text;	/* what of it is being resolved */
	const struct variable_part *part;
};

struct included;
struct javascript;

struct resolver {
	struct arena *arena;
	struct value *config;
	const struct options *options;
	const struct slsws_host *host;
	struct diag *diag;
	enum phase phase;
	const char *phase_property;	/* the property that is resolved in an early phase */

	struct site **sites, **slots;	/* in order; by the address of the value */
	size_t site_count, site_room, slot_count;
	const struct frame *frame;
	unsigned depth, levels;
	size_t parts_left, values_left, bytes_left;	/* budgets against values that double themselves */
	size_t failed_sites;
	bool too_many;			/* variables: reported */
	size_t errors, looked_through;	/* errors so far, and bytes that were looked through for their places */

	struct value *stubs;		/* of the command line and the file, by address */
	struct value *environment;	/* of .env files; NULL: none */
	struct value *missed;		/* environment variables that were not there before it was read, with marks */
	bool dotenv_done;
	struct included **files;	/* what source_file.c has read, and its number by path */
	struct value *file_numbers;
	size_t file_room;
	struct javascript *javascript;	/* the Node.js that runs files, or NULL */
};

/* Sets the budgets. */
void resolver_init(struct resolver *r);
/* Finds the sites of the configuration; those in the values of sites are found when these have been resolved. */
void resolver_find(struct resolver *r);
/* Resolves a site, if that was not done yet. False after an error, now or earlier. */
bool resolver_site(struct resolver *r, struct site *site);
/* Not after a very large number of errors. */
bool resolver_goes_on(const struct resolver *r);

/* FAILED: there was an error, and it was reported. */
enum outcome { FOUND, MISSING, FAILED };

/* A source with params and address resolved. */
struct call {
	const char *type;
	struct value **params;
	size_t param_count;
	bool called;
	struct value *address;		/* NULL: none; sources whose row says so get a text */
	/* What a source may leave for the message about a value that is missing: the reason, and a help. */
	const char *reason, *help;
};

/* The value at a path of the configuration, "a.b.0"; all variables in it are resolved. The path "" is everything. */
enum outcome resolver_property(struct resolver *r, struct call *call, const char *path, size_t length,
		struct value **value);
/* One step of it: a member of a value, resolved itself if it is a text with variables, but not what is in it. */
enum outcome resolver_member(struct resolver *r, const struct value *from, const char *key, size_t length,
		struct value **value);
/* Resolves all that is in a value of the configuration. */
bool resolver_tree(struct resolver *r, struct value *value);
/* The same step without resolving: a member of a map, of a list (items, length) or of a text (characters, length); or
   NULL. */
struct value *resolver_step(struct resolver *r, const struct value *from, const char *key, size_t length);
/* The value of a text (or anything else, as it is) with its variables resolved, and those in what they yield. NULL after
   an error. */
struct value *resolver_settle(struct resolver *r, struct value *value);
/* Whether a text is nothing but a variable or has one; reports if not. */
bool resolver_is_variable(struct resolver *r, const struct value *text);
/* What a value is inside of a text, as JavaScript's String(): NULL for null and maps. */
struct value *resolver_spell(struct resolver *r, struct value *value);
/* Explains a key that is not there: the nearest of the keys that are. */
void resolver_suggest(struct resolver *r, struct call *call, const struct value *map, const char *key, size_t length);

/* An error at the variable that is being resolved; notes say which variables brought it there. */
struct diagnostic *resolver_error(struct resolver *r, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The place of the variable that is being resolved. */
struct mark resolver_mark(struct resolver *r);
/* Notes that an error comes out of the variable that is being resolved. */
void resolver_note(struct resolver *r, struct diagnostic *d);

/* The stage that --stage or provider.stage tell, else "dev". */
enum outcome resolver_stage(struct resolver *r, struct call *call, struct value **stage);

#endif
