#!/usr/bin/env python3
"""Writes the C file that holds the specification: embed.py OUT cloudformation.txt (see src/specification_table.h).

Texts, lists of properties, values and limits that are the same are one row.
"""
import json
import re
import sys

FLAGS = {"!": "SPEC_REQUIRED", "*": "SPEC_REPLACES", "~": "SPEC_MAY_REPLACE", "=": "SPEC_READ_ONLY",
    "-": "SPEC_DEPRECATED", "$": "SPEC_SENSITIVE"}
TYPE_FLAGS = {"+": "SPEC_TYPE_STATEFUL", "$": "SPEC_TYPE_SENSITIVE", "&": "SPEC_TYPE_OPEN"}
KINDS = {"string": "SPEC_STRING", "integer": "SPEC_INTEGER", "number": "SPEC_NUMBER", "boolean": "SPEC_BOOLEAN",
    "time": "SPEC_TIME", "json": "SPEC_JSON"}
# limit to its kind; those of NUMBERS have a number, those of WORDS a list of texts, the others a text
NUMBERS = {"minLength": "SPEC_MIN_LENGTH", "maxLength": "SPEC_MAX_LENGTH", "minimum": "SPEC_MINIMUM",
    "maximum": "SPEC_MAXIMUM", "minItems": "SPEC_MIN_ITEMS", "maxItems": "SPEC_MAX_ITEMS",
    "minProperties": "SPEC_MIN_ITEMS", "maxProperties": "SPEC_MAX_ITEMS", "uniqueItems": "SPEC_UNIQUE"}
WORDS = {"enum": "SPEC_ENUM", "enumOfAnyCase": "SPEC_ENUM_ANY_CASE", "to": "SPEC_TO", "uniqueKeys": "SPEC_UNIQUE_KEY"}
TEXTS = {"pattern": "SPEC_PATTERN", "keys": "SPEC_KEYS"}
RULES = {"one": "SPEC_ONE_OF", "some": "SPEC_SOME_OF", "needs": "SPEC_NEEDS", "excludes": "SPEC_EXCLUDES",
    "least": "SPEC_LEAST"}


class Pool:
    """Rows, each once; `add` gives the number of a row."""

    def __init__(self, *first):
        self.rows, self.numbers = [], {}
        for row in first:
            self.add(row)

    def add(self, row):
        if row not in self.numbers:
            self.numbers[row] = len(self.rows)
            self.rows.append(row)
        return self.numbers[row]


class Runs:
    """Sequences of rows, one behind the other, each once; `add` gives where it starts."""

    def __init__(self, *first):
        self.rows, self.starts = list(first), {}

    def add(self, rows):
        rows = tuple(rows)
        if not rows:
            return 0
        if rows not in self.starts:
            self.starts[rows] = len(self.rows)
            self.rows += rows
        return self.starts[rows]


class Table:
    def __init__(self):
        self.bytes, self.offsets = b"\0", {"": 0}
        self.words, self.properties, self.rules = Runs(0, 0), Runs(), Runs()
        self.choices, self.limits = Runs(0), Runs()
        self.values = Pool((KINDS["json"], 0, 0xffff, 0))	# not used: a 0 ends choices
        self.objects, self.types = Pool(), []
        self.named, self.waiting = {}, {}
        self.patterns = Pool()

    def text(self, text):
        if text not in self.offsets:
            if not text.isascii() or "\0" in text:
                sys.exit("no plain text: " + text)
            self.offsets[text] = len(self.bytes)
            self.bytes += text.encode() + b"\0"
        return self.offsets[text]

    def run(self, texts):
        return self.words.add([self.text(t) for t in texts] + [0])

    def limit(self, name, value):
        if name in NUMBERS:
            return (NUMBERS[name], 0, 0, repr(float(value)))
        if name in WORDS:
            value = sorted(str(v) for v in value)
            return (WORDS[name], len(value), self.run(value), "0")
        return (TEXTS[name], 0, self.text(value), str(self.patterns.add(value)))

    def value(self, text, at, service):
        """The number of the value that is spelt at an offset, and the offset behind it."""
        of, kind = 0, None
        if text[at] in "[<":
            kind = "SPEC_LIST" if text[at] == "[" else "SPEC_MAP"
            of, at = self.value(text, at + 1, service)
            at += 1
        elif text[at] == "(":
            kind, choices = "SPEC_CHOICE", []
            while text[at] != ")":
                choice, at = self.value(text, at + 1, service)
                choices.append(choice)
            of, at = self.choices.add(choices + [0]), at + 1
        else:
            word = re.compile(r"\.?[\w-]+").match(text, at).group()
            at += len(word)
            if word[0] == ".":
                kind, of = "SPEC_OBJECT", self.object(service, word)
            else:
                kind = KINDS[word]
        limits = {}
        if at < len(text) and text[at] == "{":
            limits, at = json.JSONDecoder().raw_decode(text, at)
        rows = [self.limit(name, value) for name, value in limits.items()]
        return self.values.add((kind, len(rows), of, self.limits.add(rows))), at

    def object(self, service, name):
        """The number of an object; it may be one that refers to itself, so it has its number before its rows."""
        key = (service, name)
        if key not in self.named:
            self.named[key] = self.objects.add(key)
            self.rows_of(self.named[key], service, self.waiting[key])
        return self.named[key]

    def rows_of(self, number, service, lines):
        properties, rules = [], []
        for line in lines:
            if line[0] == "?":
                rules.append(self.rule(*line[1:].split(" ", 1)))
            elif line[0] != "@":
                name, rest = line.split(" ", 1)
                flags = re.search(r"\W*$", name).group()
                value, end = self.value(rest, 0, service)
                if end != len(rest):
                    sys.exit("not understood: " + line)
                properties.append((self.text(name[:len(name) - len(flags)]), name[:len(name) - len(flags)], value,
                    " | ".join(FLAGS[f] for f in flags) or "0"))
        properties.sort(key=lambda p: p[1])
        self.objects.rows[number] = (self.properties.add((p[0], p[2], p[3]) for p in properties), self.rules.add(rules),
            len(properties), len(rules))

    def rule(self, kind, value):
        value = json.loads(value)
        if isinstance(value, int):
            return (RULES[kind], value)
        words = [w for s in value for w in [self.text(t) for t in s] + [0]]
        return (RULES[kind], self.words.add(words + [0]))

    def type(self, name, flags, ref, lines):
        attributes = sorted(line[1:] for line in lines if line[0] == "@")
        number = self.objects.add(("", name))
        self.rows_of(number, service_of(name), lines)
        self.types.append((name, self.text(name), self.text(ref), self.run(attributes), len(attributes), number,
            " | ".join(TYPE_FLAGS[f] for f in flags) or "0"))


def service_of(name):
    return "::".join(name.split("::")[:2])


def blocks(file):
    """The lines that are no comment, as (first line, the lines below it)."""
    found = []
    for line in file.read().split("\n"):
        if line.startswith("\t"):
            found[-1][1].append(line[1:])
        elif line and not line.startswith("#"):
            found.append((line, []))
    return found


def read(file):
    table, day, pending, types = Table(), None, [], []
    for first, lines in blocks(file):
        if first.startswith("date "):
            day = first[5:]
        elif first.startswith("."):
            pending.append((first, lines))	# of the service whose types follow
        else:
            name, ref = (first.split(" ") + [""])[:2]
            flags = re.search(r"[+$&]*$", name).group()
            name = name[:len(name) - len(flags)]
            for object_name, object_lines in pending:
                table.waiting[(service_of(name), object_name)] = object_lines
            pending = []
            types.append((name, flags, ref, lines))
    for row in types:
        table.type(*row)
    table.types.sort()
    return table, day


def literal(data):
    """Lines of a C string; each ends where a text does, or at a length."""
    spelt = {0: "\\0", 34: '\\"', 92: "\\\\", 63: "\\?"}
    line, size = [], 0
    for byte, following in zip(data, data[1:] + b"\0"):
        plain = spelt.get(byte) or (chr(byte) if 32 <= byte < 127 else "\\%03o" % byte)
        if byte == 0 and 48 <= following <= 57:
            plain = "\\000"
        line.append(plain)
        size += len(plain)
        if size > 100:
            yield '\t"%s"' % "".join(line)
            line, size = [], 0
    yield '\t"%s"' % "".join(line)


def rows(file, declaration, rows_):
    per_line = 12
    file.write("\nconst %s[] = {\n" % declaration)
    spelt = ["{ %s }" % ", ".join(str(cell) for cell in row) if isinstance(row, tuple) else str(row) for row in rows_]
    for i in range(0, len(spelt), per_line):
        file.write("\t" + ", ".join(spelt[i:i + per_line]) + ",\n")
    file.write("};\n")


def write(file, table, day):
    for name, count in (("values", len(table.values.rows)), ("objects", len(table.objects.rows))):
        if count > 0xffff:
            sys.exit("too many " + name)
    file.write('#include "specification_table.h"\n\nconst char spec_day[] = "%s";\n' % day)
    file.write("\nconst char spec_texts[] =\n%s;\n" % "\n".join(literal(table.bytes)))
    rows(file, "uint32_t spec_words", table.words.rows)
    rows(file, "struct spec_type spec_types", [t[1:] for t in table.types])
    file.write("const size_t spec_type_count = sizeof(spec_types) / sizeof(*spec_types);\n")
    rows(file, "struct spec_object spec_objects", table.objects.rows)
    rows(file, "struct spec_property spec_properties", table.properties.rows)
    rows(file, "struct spec_value spec_values", [(k, c, o, l) for k, c, o, l in table.values.rows])
    rows(file, "uint16_t spec_choices", table.choices.rows)
    file.write("\nconst size_t spec_patterns = %d;\n" % len(table.patterns.rows))
    rows(file, "struct spec_limit_row spec_limits", table.limits.rows or [(0, 0, 0, 0)])
    rows(file, "struct spec_rule_row spec_rules", table.rules.rows or [(0, 0)])


def main(out, source):
    with open(source, encoding="utf-8") as file:
        table, day = read(file)
    with open(out, "w", encoding="utf-8") as file:
        write(file, table, day)


main(*sys.argv[1:])
