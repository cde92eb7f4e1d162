#!/usr/bin/env python3
"""Writes the one schema for editors (slsws schema), as JSON or, for a name that ends in .c, as C: bundle.py OUT VERSION FILE...

An editor sees a configuration before its variables are resolved, before lists are merged and before texts become numbers.
So a variable or null may stand for any value, a number or a boolean for a text, and lists of maps for `functions` and
`resources`. What only slsws understands (x-...) is left out.
"""
import json
import os
import posixpath
import sys

HERE_ONLY = ("$schema", "$id", "$comment")
DATA = ("enum", "const", "default", "examples")
MAPS = ("properties", "patternProperties")
WORDS = ("title", "description", "default", "examples")
VARIABLE = {"$ref": "#/definitions/variable"}
TAG = {"$ref": "#/definitions/tag"}


def name_of(uri):
    """The name of a definition: definitions.json#/definitions/arn is "shared.arn", events/websocket.json "events.websocket"."""
    path, _, fragment = uri.partition("#")
    stem = path[:-len(".json")].replace("/", ".")
    inner = fragment.rsplit("/", 1)[-1] if fragment else ""
    stem = "shared" if stem == "definitions" else stem
    return stem + "." + inner if inner else stem


def absolute(reference, file):
    path, _, fragment = reference.partition("#")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file
    return path + ("#" + fragment if fragment else "")


def is_free(schema):
    return not isinstance(schema, dict) or all(key in WORDS for key in schema)


def is_plain_text(schema):
    return isinstance(schema.get("type"), list) and all(key in WORDS + ("type",) for key in schema)


def coerced(schema):
    """What becomes a text or a list of one text is as good as that."""
    if schema.get("type") == "string" and not any(key in schema for key in ("enum", "const")):
        return {**schema, "type": ["string", "number", "boolean"]}
    items = schema.get("items") if schema.get("type") == "array" else None
    if isinstance(items, dict) and items.get("type") != "object":
        words = {key: value for key, value in schema.items() if key in WORDS}
        rest = {key: value for key, value in schema.items() if key not in words}
        scalar = items if is_plain_text(items) else {"allOf": [{"type": ["string", "number", "boolean"]}, items]}
        return {**words, "anyOf": [rest, scalar]}
    return schema


def as_written(schema):
    """A schema for a value that may be a variable, or not there yet."""
    if is_free(schema):
        return schema
    if is_plain_text(schema):
        return {**schema, "type": schema["type"] + ["null"] * ("null" not in schema["type"])}
    words = {key: schema[key] for key in ("description",) if key in schema}
    rest = {key: value for key, value in schema.items() if key not in words}
    return {**words, "anyOf": [rest, VARIABLE]}


def bundled(schema, file):
    if isinstance(schema, list):
        return [bundled(item, file) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {}
    for key, value in schema.items():
        if key in DATA:
            out[key] = value
        elif key in HERE_ONLY or key.startswith("x-"):
            continue
        elif key == "$ref":
            target = absolute(value, file)
            out[key] = "#/definitions/" + name_of(target)
            if target.startswith("intrinsics.json") and file != "intrinsics.json":
                return {"anyOf": [out, TAG]}
        elif key in MAPS:
            out[key] = {name: as_written(bundled(child, file)) for name, child in value.items()}
        elif key in ("additionalProperties", "items"):
            child = bundled(value, file)
            out[key] = [as_written(item) for item in child] if isinstance(child, list) else as_written(child)
        elif key == "dependencies":
            out[key] = {name: bundled(child, file) for name, child in value.items()}
        else:
            out[key] = bundled(value, file)
    return coerced(out)


def add_list(properties, name, item):
    """The map itself, or a list of maps that are merged."""
    schema = properties[name]
    words = {key: schema.pop(key) for key in ("description",) if key in schema}
    properties[name] = {**words, "anyOf": schema["anyOf"] + [{"type": "array", "items": {"anyOf": schema["anyOf"]} if item is None else item}]}


def bundle(files, version):
    top = os.path.commonpath([os.path.dirname(os.path.abspath(f)) for f in files])
    definitions = {"variable": {
        "title": "a variable",
        "description": "A value that is not written here: ${self:custom.x}, ${param:x}, ${file(x.yml)} ...; or null.",
        "type": ["string", "null"],
        "pattern": "\\$\\{",
    }}
    # editors know of !Ref and the like only that they may stand before a text, a list or another function
    definitions["tag"] = {
        "title": "!Ref, !GetAtt, !Sub ...",
        "description": "A function of CloudFormation in its short form.",
        "type": ["string", "array", "object"],
        "pattern": "^[A-Za-z0-9.:_-]+$",
        "propertyNames": {"pattern": "^(Ref|Condition|Fn::.*)$"},
        "minProperties": 1,
    }
    service = None
    for path in files:
        uri = os.path.relpath(os.path.abspath(path), top).replace(os.sep, "/")
        with open(path, encoding="utf-8") as file:
            schema = json.load(file)
        inner = {name_of("%s#/definitions/%s" % (uri, key)): bundled(child, uri)
                 for key, child in schema.pop("definitions", {}).items()}
        if uri == "service.json":
            service = bundled(schema, uri)
        elif set(schema) - set(HERE_ONLY) - set(WORDS):
            inner[name_of(uri)] = bundled(schema, uri)
        for name, child in inner.items():
            if name in definitions:
                sys.exit("two definitions would be called " + name)
            definitions[name] = child
    properties = service["properties"]
    properties["provider"]["anyOf"].append({"const": "aws"})
    add_list(properties, "functions", None)
    add_list(properties, "resources", {})
    head = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "urn:slsws:serverless.yml:" + version,
        "title": "serverless.yml",
        "$comment": "for editors, written by 'slsws schema'",
    }
    return {**head, **{key: value for key, value in service.items() if key not in head}, "definitions": definitions}


def literals(text):
    for line in text.splitlines(True):
        quoted = line.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?").replace("\n", "\\n")
        yield '\t"%s"' % quoted


def main(out, version, files):
    text = json.dumps(bundle(files, version), indent=2, ensure_ascii=True) + "\n"
    with open(out, "w", encoding="utf-8") as file:
        if out.endswith(".c"):
            file.write('#include "schema_bundle.h"\n\nconst char schema_bundle[] =\n%s;\n' % "\n".join(literals(text)))
        else:
            file.write(text)


main(sys.argv[1], sys.argv[2], sys.argv[3:])
