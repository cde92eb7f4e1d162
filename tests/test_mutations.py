#!/usr/bin/env python3
"""Puts single faults into services and templates that have none, and holds that slsws validate finds each of them, by its
code and at its line; and that the bases have no error.

	test_mutations.py SLSWS [--show] [WORD...]	only the faults in whose title or code a WORD stands

The faults are in mutation/mutations.txt, whose head describes their form. --show prints what slsws says of each.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mutation")
FINDING = re.compile(r"^(error|warning|info)\[([A-Z]\d+)\]: (.*)\n *--> (.*?)(?::(\d+):(\d+))?$", re.M)
LEAST = 120		# what there has to be


class Fault:
    def __init__(self, base, code, title, number):
        self.base, self.code, self.title, self.number = base, code, title, number
        self.old, self.new, self.copies, self.at, self.nth, self.at_nth = [], [], 1, None, 1, 1


def read_table(path):
    faults, base = [], None
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if line.startswith("== "):
            base = line[3:]
        elif re.match(r"[A-Z]\d{3}  ", line):
            faults.append(Fault(base, line[:4], line[6:], number))
        elif re.match(r"-\d* ", line):
            mark, text = line.split(" ", 1)
            faults[-1].old.append(text)
            faults[-1].nth = int(mark[1:] or faults[-1].nth)
        elif line.startswith("+ "):
            faults[-1].new.append(line[2:])
        elif line.startswith("x "):
            faults[-1].copies = int(line[2:])
        elif re.match(r"@\d* ", line):
            mark, faults[-1].at = line.split(" ", 1)
            faults[-1].at_nth = int(mark[1:] or 1)
        elif line and not line.startswith("#"):
            raise SystemExit("%s:%d: what is this? %s" % (path, number, line))
    return faults


def find_lines(lines, wanted, nth, fault):
    """The number of the line from which on the wanted ones stand, and their indent."""
    found = []
    for i in range(len(lines) - len(wanted) + 1):
        own = len(wanted[0]) - len(wanted[0].lstrip())
        indent = len(lines[i]) - len(lines[i].lstrip()) - own
        if indent >= 0 and all(lines[i + j] == (" " * indent + text).rstrip() for j, text in enumerate(wanted)):
            found.append((i, indent))
    if len(found) < nth or (nth == 1 and len(found) > 1):
        raise SystemExit("mutations.txt:%d: '%s' is %d times in %s" % (fault.number, wanted[0], len(found), fault.base))
    return found[nth - 1]


def expand(text, n):
    text = text.replace("{n}", str(n))
    return re.sub(r"\{(\d+)\*(.)\}", lambda m: m.group(2) * int(m.group(1)), text)


def mutate(text, fault):
    """The text with the fault, and the number of the line where it has to be found."""
    lines = text.split("\n")
    at, indent = find_lines(lines, fault.old, fault.nth, fault)
    counted = [i for i, line in enumerate(fault.new) if "{n}" in line] or [0]
    first, last = counted[0], counted[-1] + 1
    new = [expand(line, 0) for line in fault.new[:first]] + \
        [expand(line, n) for n in range(fault.copies) for line in fault.new[first:last]] + \
        [expand(line, 0) for line in fault.new[last:]]
    new = [(" " * indent + line).rstrip() for line in new]
    mutant = lines[:at] + new + lines[at + len(fault.old):]
    if fault.at == "-":
        return "\n".join(mutant), 0
    if fault.at:
        places = [i for i, line in enumerate(mutant) if line.strip().startswith(fault.at)]
        if len(places) < fault.at_nth:
            raise SystemExit("mutations.txt:%d: no line '%s'" % (fault.number, fault.at))
        return "\n".join(mutant), places[fault.at_nth - 1] + 1
    same = 0
    while same < min(len(mutant), len(lines)) and mutant[same] == lines[same]:
        same += 1
    return "\n".join(mutant), same + 1


def validate(slsws, path):
    run = subprocess.run([slsws, "validate", "--no-color", "--verbose", path], capture_output=True, text=True, errors="replace",
                         stdin=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]}, timeout=60)
    if run.returncode not in (0, 1):
        raise SystemExit("exit status %d: %s" % (run.returncode, run.stderr[:300]))
    said = run.stdout + run.stderr
    return said, [(m.group(2), int(m.group(5) or 0), m.group(1)) for m in FINDING.finditer(said)]


def main():
    words = [word for word in sys.argv[2:] if not word.startswith("--")]
    slsws = os.path.abspath(sys.argv[1])
    faults = read_table(os.path.join(FOLDER, "mutations.txt"))
    chosen = [f for f in faults if not words or any(word in f.code + "  " + f.title for word in words)]
    scratch = tempfile.mkdtemp(prefix="mutation-")
    failed, covered = 0, set()
    try:
        folder = os.path.join(scratch, "m")
        shutil.copytree(FOLDER, folder)
        for base in sorted({f.base for f in chosen}):
            said, findings = validate(slsws, os.path.join(folder, base))
            if any(severity == "error" for _, _, severity in findings):
                failed += 1
                print("FAILED %s has errors:\n%s" % (base, said))
        for fault in chosen:
            path = os.path.join(folder, fault.base)
            good = open(path, encoding="utf-8").read()
            text, line = mutate(good, fault)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            said, findings = validate(slsws, path)
            with open(path, "w", encoding="utf-8") as file:
                file.write(good)
            covered.update(re.findall(r"\bV(\d+)\b", fault.title))
            if (fault.code, line) not in [f[:2] for f in findings]:
                failed += 1
                others = ["%s at %d" % f[:2] for f in findings if f[2] == "error" or f[0] == fault.code]
                print("FAILED %s at line %d: %s\n    found: %s" % (fault.code, line, fault.title,
                                                                ", ".join(others[:9]) or "nothing"))
            if "--show" in sys.argv:
                print("---- %s %s\n%s" % (fault.code, fault.title, said))
    finally:
        shutil.rmtree(scratch)
    print("%d faults, %d failed" % (len(chosen), failed))
    missing = [n for n in range(1, 34) if str(n) not in covered]
    if not words and (len(faults) < LEAST or missing):
        print("FAILED fewer than %d faults, or without V%s" % (LEAST, ", V".join(map(str, missing))))
        failed += 1
    sys.exit(failed > 0)


main()
