/*
 * Checks: what is looked for in a service that compiles, and in a template, whoever made it.
 *
 * A check is one function and one row of the table in checks.c. What it may find are rules: a rule is a code with its
 * severity and title (a row of base/codes.h), and a folder rules/CODE/ that explains it and has an example which fails
 * and one which passes. A check may know many rules, as one walk may find many faults; each finding names its rule.
 *
 * Everything here is const: a check changes nothing, and reports through check_report(). Nothing may take more than
 * linear time in the size of the template (look-ups by id and by type are in constant time); values are nested no deeper than
 * their readers allow, so recursion over them is bounded. Other tools' templates can hold anything anywhere:
 * the functions of value.h take what is of a wrong kind for what is not there.
 */
#ifndef SLSWS_CHECK_H
#define SLSWS_CHECK_H

#include "base/diag.h"
#include "base/value.h"
#include "service.h"

/* An entry of Resources that is a map. */
struct resource {
	const char *id;
	struct mark mark;			/* of its id, or of what slsws made it for */
	const char *type;			/* "" when it has none */
	const struct value *value;		/* the whole resource */
	const struct value *properties;		/* NULL: none, or no map */
	size_t number;				/* its place in `resources` */
	const struct resource *next_of_type;
};

enum reference_kind {
	REFERENCE_REF, REFERENCE_GET_ATT, REFERENCE_SUB, REFERENCE_DEPENDS_ON,
	REFERENCE_CONDITION,		/* Condition: of a resource or an output, {Condition: x}, Fn::If */
	REFERENCE_MAPPING,		/* Fn::FindInMap */
};

/* What names something else by a text, wherever it stands in the template. */
struct reference {
	enum reference_kind kind;
	const char *target;		/* the name; of Fn::GetAtt and ${A.B} what is before the first dot */
	const char *attribute;		/* what is behind that dot; NULL: no attribute, or one that is no text */
	const struct value *at;		/* the text that has the name */
	const struct resource *from;	/* the resource in which it stands; NULL: elsewhere in the template */
	const struct resource *to;	/* the resource that it names; NULL: something else, or nothing */
	bool sure;			/* `from` waits for `to` whatever the conditions are: in Properties and no Fn::If, or DependsOn */
};

struct check {
	struct arena *arena;
	struct diag *diag;
	const struct source *source;		/* the file that was asked for */
	const struct service *service;		/* NULL: the file is a template */
	const struct value *template;		/* NULL: the service has errors, so that there is none */

	/* Of the template; all empty without one. */
	const struct resource *resources;	/* in the template's order */
	size_t resource_count;
	const struct reference *references;	/* in the template's order: those of a resource stand together */
	size_t reference_count;
	bool transformed;			/* a macro may add and change anything before it is deployed: what is missing may come */
	bool plugins;				/* plugins, or events that are not compiled yet, may add resources: findings about these are warnings */
	bool serverless;			/* AWS::Serverless alone: it adds resources, whose ids begin with those of its own */
	bool extensions;			/* AWS::LanguageExtensions: functions may stand where only texts could */

	const struct index *index;		/* context.c's */
};

typedef void check_fn(const struct check *c);

/* The resource of an id, or NULL. */
const struct resource *check_resource(const struct check *c, const char *id);
/* The first resource of a type, or NULL; the others by ->next_of_type. */
const struct resource *check_first(const struct check *c, const char *type);
/* Whether a section ("Parameters", "Conditions" ...) of the template is a map that has a key. */
bool check_has(const struct check *c, const char *section, const char *key);

/* Whether a name may be that of a resource which a macro or a module makes. */
bool check_may_come(const struct check *c, const char *name);

/* Helps with the key of either map that is most like a word. Looks at no more keys in all than is reasonable. */
void check_suggest(const struct check *c, struct diagnostic *d, const char *word, const struct value *first,
		const struct value *second);

/* The only key of a map if it is that of an intrinsic function (Ref, Condition, Fn::*), else NULL: what a value like
   that will be is known to CloudFormation alone. A Condition counts everywhere but where `Condition` is an ordinary key. */
const char *intrinsic_name(const struct value *v);
/* A property of a resource; NULL when it is not there or is AWS::NoValue. Of what a transform may give, an empty map. */
const struct value *check_property(const struct resource *r, const char *name);

/*
 * Reports a finding about a value. It is placed where the value was written; where slsws made it, at what it was made
 * for in the configuration. `in` is the resource that the value is part of, NULL: none. A value that came through a
 * variable gets a note that shows its definition. The code's row in codes.h gives the severity. Texts are as diag.h wants them;
 * text that names the thing at fault makes the finding clear even where its place is only near.
 */
struct diagnostic *check_report(const struct check *c, const char *code, const struct resource *in,
		const struct value *at, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The same about a key: unknown properties and the like. */
struct diagnostic *check_report_key(const struct check *c, const char *code, const struct resource *in,
		const struct entry *key, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The same about a place. */
struct diagnostic *check_report_at(const struct check *c, const char *code, const struct resource *in, struct mark mark,
		const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The place of a resource: where it is written, or what slsws made it for. */
struct mark check_resource_mark(const struct check *c, const struct resource *r);

/* Runs all checks. `service` may be NULL (a template), or `template` (a service with errors). */
void check_all(struct arena *a, const struct source *source, const struct service *service,
		const struct value *template, struct diag *diag);

#endif
