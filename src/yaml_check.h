/*
 * How a node is written: what libyaml reads and js-yaml refuses, or reads as something else.
 *
 * Each check looks at the text of one node, which starts at `at`; bytes[end] is never read. A check returns NULL or what is
 * wrong, as the rest of the sentence "invalid YAML: ...".
 */
#ifndef SLSWS_YAML_CHECK_H
#define SLSWS_YAML_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* Anchors and tags before a node, `count` of them. *content is where the node itself starts. */
const char *yaml_check_properties(const char *at, const char *end, int count, const char **content);
/* The '&' or '*' of a node whose properties start at `at`. */
const char *yaml_find_anchor(const char *at, const char *end);
/* An alias whose name libyaml read up to `length` bytes. */
const char *yaml_check_alias(const char *at, const char *end, size_t length);
/* A plain scalar in a flow collection. */
const char *yaml_check_flow_scalar(const char *at, const char *end);
/* A key in a flow collection. `start` is the start of the text, `before` that of the key with its properties, and `empty`
   says that nothing but them is there. */
const char *yaml_check_flow_key(const char *start, const char *before, const char *at, const char *end, bool empty);
/* A node on a line after its anchor or tag, where the line must be indented by more than `least`. */
const char *yaml_check_indent(long indent, long least);
/* Whether the further lines of a plain scalar, over `lines` line breaks, are indented. */
bool yaml_check_lines(const char *at, const char *end, size_t lines, size_t indent);
/* A literal or folded scalar that is the whole document, with a text that is empty or not. */
const char *yaml_check_whole_scalar(const char *at, const char *end, bool empty);
/* A literal or folded scalar in a collection that is indented by `indent`; `column` is where it starts. */
const char *yaml_check_block_scalar(const char *at, const char *end, size_t column, long indent);
/* What follows an empty item at the end of a block list that is indented by `indent`, at `column`. */
const char *yaml_check_empty_item(const char *at, const char *end, size_t column, long indent);
/* The first key of a block map that has an anchor or a tag before it. */
const char *yaml_check_first_key(const char *at, bool anchor, bool tag);
/* Whether there are no lines with text from the line behind `at` up to `end`. */
bool yaml_check_blank(const char *at, const char *end);
/* Whether nothing follows the '...' at the end of a document. */
bool yaml_check_end(const char *at, const char *end);
/* The spaces at the start of the line of `at`. */
size_t yaml_line_indent(const char *start, const char *at);
/* The first thing in a document that has no '---'. */
const char *yaml_check_start(const char *at, const char *end);

#endif
