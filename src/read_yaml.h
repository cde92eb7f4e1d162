/*
 * YAML text to a value tree with marks, through libyaml's events.
 *
 * Scalars, merge keys, duplicate keys, tags and anchors mean what they mean to js-yaml 4 with the schema of the reference:
 * the default schema without timestamps, and CloudFormation's short tags (!Ref, !Sub, !GetAtt ...), which become
 * Ref, Condition and Fn::* maps.
 */
#ifndef SLSWS_READ_YAML_H
#define SLSWS_READ_YAML_H

#include "base/diag.h"
#include "base/value.h"

/* The first document of a source; NULL after an error, a null value for an empty text. */
struct value *read_yaml(struct arena *a, const struct source *source, struct diag *diag);

/* Whether a text holds nothing at all, not even a comment: what js-yaml loads as undefined instead of null. */
bool yaml_is_empty(const struct source *source);

/* What a plain scalar means: the number, boolean, null or string that js-yaml resolves it to. For ${...} results. */
struct value *yaml_scalar(struct arena *a, const char *text, size_t length);

#endif
