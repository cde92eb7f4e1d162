#!/usr/bin/env python3
"""Writes the C file that holds the schemas: embed.py OUT FILE... (see src/schema_embedded.h).

Texts lose what only people and editors read. Each definition and each property becomes a text of its own, and so does what
explains failures, so that a run parses no more than what its configuration meets.
"""
import json
import os
import posixpath
import sys

FOR_PEOPLE = ("$schema", "$id", "$comment", "description", "default", "examples")
EXPLANATIONS = ("x-instead", "x-missing")
DATA = ("enum", "const") + EXPLANATIONS
NAMES = ("properties", "patternProperties", "definitions", "dependencies")


def bare(schema, is_schema=True):
    """A schema without annotations; `is_schema` is false for maps whose keys are names."""
    if isinstance(schema, list):
        return [bare(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {}
    for key, value in schema.items():
        if is_schema and key in DATA:
            out[key] = value
        elif not is_schema or key not in FOR_PEOPLE:
            out[key] = bare(value, not (is_schema and key in NAMES))
    return out


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def add_rows(rows, uri, schema):
    """One row for a schema and, in place of its properties, one for each of them: uri to a dictionary."""
    pointer = uri if "#" in uri else uri + "#"
    members = {}
    properties = schema.pop("properties", None)
    for keyword in EXPLANATIONS:
        if keyword in schema:
            rows["%s/%s" % (pointer, keyword)] = {"text": compact(schema.pop(keyword)), "is_data": True}
    choices = schema.get("enum", [])
    if choices and all(isinstance(choice, str) for choice in choices):
        del schema["enum"]
    else:
        choices = []
    for name, child in (properties or {}).items():
        members[name] = "%s/properties/%s" % (pointer, name)
        add_rows(rows, members[name], child)
    rows[uri] = {"text": compact(schema), "members": members, "choices": choices}


def references(value, file):
    """The uris that a file's schemas refer to."""
    if isinstance(value, list):
        for item in value:
            yield from references(item, file)
    elif isinstance(value, dict):
        target = value.get("$ref")
        if isinstance(target, str):
            path, _, fragment = target.partition("#")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file
            yield path + ("#" + fragment if fragment else "")
        for item in value.values():
            yield from references(item, file)


def literal(text):
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
    lines = [quoted[i:i + 100] for i in range(0, len(quoted), 100)]
    # a line may not end within an escape
    for i in range(len(lines) - 1):
        while (len(lines[i]) - len(lines[i].rstrip("\\"))) % 2:
            lines[i] += lines[i + 1][0]
            lines[i + 1] = lines[i + 1][1:]
    return "\n\t\t".join('"%s"' % line for line in lines)


def write(file, rows):
    uris = sorted(rows)
    number = {uri: i for i, uri in enumerate(uris)}
    file.write('#include "schema_embedded.h"\n')
    for uri in uris:
        if rows[uri].get("members"):
            entries = ", ".join("{ %s, %d }" % (literal(name), number[at]) for name, at in rows[uri]["members"].items())
            file.write("\nstatic const struct schema_member members_%d[] = {\n\t%s\n};\n" % (number[uri], entries))
        if rows[uri].get("choices"):
            entries = ",\n\t".join(literal(choice) for choice in rows[uri]["choices"])
            file.write("\nstatic const char *const choices_%d[] = {\n\t%s\n};\n" % (number[uri], entries))
    file.write("\nconst struct schema_text schema_texts[] = {\n")
    for uri in uris:
        row = rows[uri]
        file.write("\t{ %s,\n\t\t%s,\n\t\t%d" % (literal(uri), literal(row["text"]), len(row["text"])))
        for table, count in (("members", "member_count"), ("choices", "choice_count")):
            if row.get(table):
                file.write(", .%s = %s_%d, .%s = %d" % (table, table, number[uri], count, len(row[table])))
        file.write(", .is_data = true },\n" if row.get("is_data") else " },\n")
    file.write("};\n\nconst size_t schema_text_count = sizeof(schema_texts) / sizeof(*schema_texts);\n")


def main(out, files):
    top = os.path.commonpath([os.path.dirname(os.path.abspath(f)) for f in files])
    rows, wanted = {}, set()
    for name in files:
        with open(name, encoding="utf-8") as file:
            schema = bare(json.load(file))
        uri = os.path.relpath(os.path.abspath(name), top).replace(os.sep, "/")
        wanted.update(references(schema, uri))
        for key, definition in schema.pop("definitions", {}).items():
            add_rows(rows, "%s#/definitions/%s" % (uri, key), definition)
        add_rows(rows, uri, schema)
    lost = sorted(wanted - set(rows))
    if lost:
        sys.exit("no schema for $ref: " + ", ".join(lost))
    with open(out, "w", encoding="utf-8") as file:
        write(file, rows)


main(sys.argv[1], sys.argv[2:])
