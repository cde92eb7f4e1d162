#!/usr/bin/env python3
"""Writes the C file that holds the texts of the rules: embed.py OUT DEPFILE FOLDER (see src/rules.h)."""
import os
import sys

EXAMPLE_SUFFIXES = (".yml", ".json", "/serverless.yml", "/template.json", "/template.yml")


def literal(text):
    """A text as a C expression, a string a line."""
    if text is None:
        return "NULL"
    quoted = [line.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?").replace("\t", "\\t").replace("\r", "\\r")
              for line in text.split("\n")]
    lines = ['"%s\\n"' % line for line in quoted[:-1]] + (['"%s"' % quoted[-1]] if quoted[-1] else [])
    return "\n\t\t".join(lines) or '""'


def read(path, seen):
    seen.append(path)
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def example(folder, name, seen):
    for suffix in EXAMPLE_SUFFIXES:
        path = os.path.join(folder, name + suffix)
        if os.path.isfile(path):
            return read(path, seen)
    return None


def main(out, depfile, top):
    seen = [top]
    with open(out, "w", encoding="utf-8") as file:
        file.write('#include "rules.h"\n\nconst struct rule_text rule_texts[] = {\n')
        codes = sorted(code for code in os.listdir(top) if os.path.isdir(os.path.join(top, code)))
        for code in codes:
            folder = os.path.join(top, code)
            seen.append(folder)
            texts = [read(os.path.join(folder, "why.txt"), seen), example(folder, "fail", seen), example(folder, "pass", seen)]
            file.write('\t{ "%s",\n\t\t%s },\n' % (code, ",\n\t\t".join(map(literal, texts))))
        file.write("};\n\nconst size_t rule_text_count = sizeof(rule_texts) / sizeof(*rule_texts);\n")
    with open(depfile, "w", encoding="utf-8") as file:
        file.write("%s: %s\n" % (out, " ".join(path.replace(" ", "\\ ") for path in seen)))


main(*sys.argv[1:])
