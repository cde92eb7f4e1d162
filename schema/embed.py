#!/usr/bin/env python3
"""Writes the C file that holds the schemas: embed.py OUT FILE... (see src/schema_embedded.h).

Texts lose what only people and editors read; each definition becomes a text of its own, so that
a run parses no more than what its configuration meets.
"""
import json
import os
import sys

FOR_PEOPLE = ("$schema", "$id", "$comment", "description", "default", "examples")


def bare(schema, is_schema=True):
    """A schema without annotations; `is_schema` is false within maps whose keys are names."""
    if isinstance(schema, list):
        return [bare(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {}
    for key, value in schema.items():
        if is_schema and key in FOR_PEOPLE:
            continue
        if is_schema and key in ("enum", "const", "x-instead", "x-missing"):
            out[key] = value
        else:
            names = is_schema and key in ("properties", "patternProperties", "definitions", "dependencies")
            out[key] = bare(value, not names)
    return out


def literal(text):
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
    lines = [quoted[i:i + 100] for i in range(0, len(quoted), 100)]
    # a line may not end within an escape
    for i in range(len(lines) - 1):
        while (len(lines[i]) - len(lines[i].rstrip("\\"))) % 2:
            lines[i] += lines[i + 1][0]
            lines[i + 1] = lines[i + 1][1:]
    return "\n\t\t".join('"%s"' % line for line in lines)


def main(out, files):
    top = os.path.commonpath([os.path.dirname(os.path.abspath(f)) for f in files])
    rows = {}
    for name in files:
        with open(name, encoding="utf-8") as file:
            schema = bare(json.load(file))
        uri = os.path.relpath(os.path.abspath(name), top).replace(os.sep, "/")
        for key, definition in schema.pop("definitions", {}).items():
            rows["%s#/definitions/%s" % (uri, key)] = definition
        rows[uri] = schema
    with open(out, "w", encoding="utf-8") as file:
        file.write('#include "schema_embedded.h"\n\nconst struct schema_text schema_texts[] = {\n')
        for uri in sorted(rows):
            text = json.dumps(rows[uri], separators=(",", ":"), ensure_ascii=True)
            file.write('\t{ "%s",\n\t\t%s,\n\t\t%d },\n' % (uri, literal(text), len(text)))
        file.write("};\n\nconst size_t schema_text_count = sizeof(schema_texts) / sizeof(*schema_texts);\n")


main(sys.argv[1], sys.argv[2:])
