#!/usr/bin/env python3
"""Which files are packed: the zips of slsws and of the reference, of each tree of trees.py.

  tests/packing/packing.py --slsws SLSWS [TREE...]    what slsws packs, compared with lists.json
  tests/packing/packing.py --record [TREE...]         asks the reference, and writes lists.json
  tests/packing/packing.py --live [TREE...]           asks the reference, and compares with lists.json
  tests/packing/packing.py --live --sample N          the same of every so many-th tree, N in all

The reference is the osls of tests/reference, or the serverless for what only that knows; it asks npm what is installed for
development.
"""
import argparse
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile

from trees import TREES

HERE = os.path.dirname(os.path.abspath(__file__))
LISTS = os.path.join(HERE, 'lists.json')
REFERENCE = os.path.join(HERE, '..', 'reference')


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def put_line(top, line):
    """A line of a tree's text."""
    path, _, target = line.partition(' -> ')
    program = path.endswith(' *')
    path = os.path.join(top, path.removesuffix(' *'))
    if target:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)
    elif path.endswith('/'):
        os.makedirs(path, exist_ok=True)
    else:
        put(path, f'content of {line}\n' if 'zero' not in line else '')
        os.chmod(path, 0o755 if program else 0o644)


def grow(top, tree):
    """Makes a tree below a folder that is there; the service's folder."""
    service = os.path.join(top, tree.get('at', '.'))
    for line in tree['files'].split('\n'):
        if line.strip():
            put_line(top, line.strip())
    for path, content in tree.get('json', {}).items():
        put(os.path.join(top, path), content if isinstance(content, str) else json.dumps(content))
    config = {'service': 'svc', 'provider': {'name': 'aws', 'runtime': 'nodejs20.x'}, 'functions': {'a': {'handler': 'index.h'}},
              **tree.get('config', {})}
    put(os.path.join(service, 'serverless.yml'), json.dumps(config))
    return os.path.realpath(service)


def contents(folder):
    """The zips in a folder: names to what is in them, sorted as in the zip."""
    zips = {}
    for name in sorted(n for n in os.listdir(folder) if n.endswith('.zip')):
        with zipfile.ZipFile(os.path.join(folder, name)) as file:
            if file.testzip():
                raise RuntimeError(f'{name}: {file.testzip()} is damaged')
            zips[name] = [e.filename + (' *' if e.external_attr >> 16 & 0o100 else '') for e in file.infolist()]
    return zips


def run(command, cwd, env):
    done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    return done.returncode, done.stdout.decode(errors='replace')


def by_reference(service, scratch, which):
    own = os.path.join(REFERENCE, 'node', 'node')
    node = own if os.path.exists(own) else 'node'
    root = os.path.join(REFERENCE, 'node_modules', which)
    env = {'PATH': os.environ['PATH'], 'HOME': scratch, 'SLS_TELEMETRY_DISABLED': '1', 'SLS_NOTIFICATIONS_MODE': 'off',
           'SLS_TRACKING_DISABLED': '1', 'NODE_NO_WARNINGS': '1', 'TMPDIR': scratch, 'REFERENCE_ROOT': root}
    status, said = run([node, '--require', os.path.join(REFERENCE, 'offline.cjs'), os.path.join(root, 'bin/serverless.js'), 'package'],
                       service, env)
    if status and 'No file matches include / exclude patterns' in said:
        return None
    if status:
        raise RuntimeError(said)
    return contents(os.path.join(service, '.serverless'))


def by_slsws(program, service, scratch):
    out = os.path.join(scratch, 'out')
    status, said = run([program, 'package', '--package', out], service, {'PATH': os.environ['PATH']})
    if status and 'error[P007]' in said:
        return None
    if status:
        raise RuntimeError(said)
    return contents(out)


def packed(name, how):
    with tempfile.TemporaryDirectory(prefix='slsws-tree-') as top, tempfile.TemporaryDirectory(prefix='slsws-zips-') as scratch:
        service = grow(top, TREES[name])
        return how(service, scratch, TREES[name].get('reference', 'osls'))


def differences(name, got, expected, ours):
    """None in place of zips: no file is left to be packed, which is an error. v3 writes files in the order in which it has read
    them; ours are sorted."""
    if got is None or expected is None:
        if got != expected:
            yield f'{name}: {"nothing" if got is None else "something"} is packed'
        return
    for zip_name in sorted({*got, *expected}):
        more, less = set(got.get(zip_name, [])), set(expected.get(zip_name, []))
        for path in sorted(more - less):
            yield f'{name}: {zip_name}: {path}: not in that of the reference'
        for path in sorted(less - more):
            yield f'{name}: {zip_name}: {path}: missing'
        if ours and more == less and got[zip_name] != sorted(got[zip_name], key=lambda p: p.removesuffix(' *').encode()):
            yield f'{name}: {zip_name}: not sorted'
        if len(got.get(zip_name, [])) != len(more):
            yield f'{name}: {zip_name}: a name stands twice'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--slsws')
    parser.add_argument('--record', action='store_true')
    parser.add_argument('--live', action='store_true')
    parser.add_argument('--sample', type=int)
    parser.add_argument('trees', nargs='*')
    given = parser.parse_args()
    names = given.trees or list(TREES)
    if given.sample:
        names = [names[i * len(names) // given.sample] for i in range(min(given.sample, len(names)))]
    how = (lambda s, t, _: by_slsws(os.path.abspath(given.slsws), s, t)) if given.slsws else by_reference
    lists = {}
    if os.path.exists(LISTS):
        with open(LISTS, encoding='utf-8') as file:
            lists = json.load(file)
    with concurrent.futures.ThreadPoolExecutor(2 if given.slsws is None else 1) as pool:
        results = {name: pool.submit(packed, name, how) for name in names}
    wrong = []
    for name, result in results.items():
        if result.exception():
            wrong.append(f'{name}: {result.exception()}')
        elif given.record:
            lists[name] = result.result()
        elif name not in lists:
            wrong.append(f'{name}: not in lists.json')
        else:
            wrong.extend(differences(name, result.result(), lists[name], given.slsws))
    if given.record:
        with open(LISTS, 'w', encoding='utf-8') as file:
            file.write(json.dumps({n: lists[n] for n in TREES if n in lists}, indent='\t', ensure_ascii=False) + '\n')
    print('\n'.join(wrong) if wrong else f'{len(names)} trees')
    sys.exit(1 if wrong else 0)


main()
