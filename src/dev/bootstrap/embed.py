#!/usr/bin/env python3
"""Writes the C file that holds the bootstraps: embed.py OUT FILE... (see src/dev/bootstrap.h)."""
import os
import sys


def literal(text):
    lines = text.splitlines(keepends=True)
    quoted = [l.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?").replace("\n", "\\n") for l in lines]
    return "\n".join('\t"%s"' % l for l in quoted)


def main(out, files):
    with open(out, "w", encoding="utf-8") as file:
        file.write('#include "dev/bootstrap.h"\n\nconst struct bootstrap bootstraps[] = {\n')
        for name in files:
            with open(name, encoding="utf-8") as source:
                file.write('\t{ "%s",\n%s },\n' % (os.path.basename(name), literal(source.read())))
        file.write("};\n\nconst size_t bootstrap_count = sizeof(bootstraps) / sizeof(*bootstraps);\n")


main(sys.argv[1], sys.argv[2:])
