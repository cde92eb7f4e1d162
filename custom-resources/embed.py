#!/usr/bin/env python3
"""Writes the C file that holds the code of custom resources: embed.py OUT FILE... (see src/artifact/custom_code.h)."""
import os
import sys


def literal(text):
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
    return "\n".join('\t\t"%s\\n"' % line for line in quoted.removesuffix("\n").split("\n"))


def main(out, files):
    top = os.path.dirname(os.path.abspath(__file__))
    texts = {}
    for name in files:
        with open(name, encoding="utf-8") as file:
            texts[os.path.relpath(os.path.abspath(name), top).replace(os.sep, "/")] = file.read()
    with open(out, "w", encoding="utf-8") as file:
        file.write('#include "artifact/custom_code.h"\n\nconst struct custom_file custom_files[] = {\n')
        for name in sorted(texts):
            file.write('\t{ "%s",\n%s,\n\t\t%d },\n' % (name, literal(texts[name]), len(texts[name].encode())))
        file.write("};\n\nconst size_t custom_file_count = sizeof(custom_files) / sizeof(*custom_files);\n")


main(sys.argv[1], sys.argv[2:])
