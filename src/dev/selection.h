/*
 * Selection expressions: which route a message takes.
 *
 * Text and variables in any order: "$request.body.action", "${request.body.service}/${request.body.action}", "\$default".
 * After request.body there may be a JSONPath: names, ['names'], [numbers], wildcards. Rules: API Gateway's guide on WebSocket
 * selection expressions. A variable that finds nothing is an empty text; what is found is spelt as a text, lists as
 * "[item1, item2]".
 */
#ifndef SLSWS_DEV_SELECTION_H
#define SLSWS_DEV_SELECTION_H

#include "base/arena.h"
#include "base/value.h"

struct selection;

/* NULL when the expression is malformed; then *why says in which way. */
const struct selection *selection_parse(struct arena *a, const char *expression, const char **why);

/* The key of the route. `body` is NULL when the message is no JSON. */
const char *selection_evaluate(struct arena *a, const struct selection *selection, const struct value *body);

/* What a JSONPath ("$.a.b[0]", "a.b") finds; NULL when it finds nothing or is malformed. */
const struct value *path_find(struct arena *a, const char *path, const struct value *body);

#endif
