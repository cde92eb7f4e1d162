#!/usr/bin/env python3
"""Zips are the same bytes whatever the machine, and others can read them.

  tests/packing/zips.py SLSWS

The same tree is made twice, in another order, with other modes but for the owner's right to execute and other times, and is
packed on one core and on all, with other settings of umask, locale and time zone. Python, and unzip and yauzl where they are
installed, read what comes out.
"""
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
REFERENCE = os.path.join(HERE, '..', 'reference')
NAMES = ['a b', 'ä/ö', '(x)', '[id]', 'deep/er/and/deeper/x', 'emoji-😀', 'comma,', "it's", 'A', 'a', 'a-b', 'a.b', 'a/b']
SERVICE = '''service: zips
provider: {name: aws, runtime: nodejs20.x}
package: {individually: true}
functions:
  a: {handler: index.handler}
  b: {handler: index.handler, package: {patterns: ['!deep/**']}}
layers: {l: {path: layer}}
'''


def contents():
    """Paths to their bytes: what compresses well and what does not, nothing, and a lot."""
    r = random.Random(1)
    words = [bytes(r.choices(b'abcdefghijklmnopqrstuvwxyz', k=r.randrange(2, 9))) for _ in range(500)]
    files = {'empty': b'', 'one': b'1', 'zeros': bytes(3_000_000), 'noise': r.randbytes(700_000), 'index.js': b'// a handler\n',
             'run.sh': b'#!/bin/sh\n', 'layer/nodejs/x.js': b'x', 'serverless.yml': SERVICE.encode()}
    for i in range(400):
        name = r.choice(NAMES) if i % 3 else 'node_modules/m'
        files[f'{name}.d/{i}.js'] = b' '.join(r.choices(words, k=r.randrange(1, 4000)))
    return files


def grow(top, files, seed):
    """A tree; the seed decides the order, and all that is not to matter."""
    r = random.Random(seed)
    for path in r.sample(sorted(files), len(files)):
        full = os.path.join(top, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'wb') as file:
            file.write(files[path])
        os.chmod(full, r.choice([0o755, 0o700, 0o775]) if path == 'run.sh' else r.choice([0o644, 0o600, 0o666, 0o655]))
        os.utime(full, (r.randrange(2**31), r.randrange(2**31)))
    for folder, _, _ in os.walk(top):
        os.utime(folder, (0, r.randrange(2**31)))
        os.chmod(folder, r.choice([0o755, 0o700]))


def pack(slsws, service, out, cores=None, umask=0o22, **env):
    def prepare():
        os.umask(umask)
        if cores:
            os.sched_setaffinity(0, cores)
    done = subprocess.run([slsws, 'package', '--package', out], cwd=service, preexec_fn=prepare, stdin=subprocess.DEVNULL,
                          env={'PATH': os.environ['PATH'], 'SOURCE_DATE_EPOCH': '1', **env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    if done.returncode:
        sys.exit(done.stdout.decode())
    return {n: open(os.path.join(out, n), 'rb').read() for n in sorted(os.listdir(out)) if not n.endswith('state.json')}


def same(what, first, second):
    for name in sorted({*first, *second}):
        if first.get(name) != second.get(name):
            sys.exit(f'{what}: {name} differs')


def check_python(path, files, left_out):
    expected = sorted((p.encode() for p in files if not left_out(p)))
    with zipfile.ZipFile(path) as file:
        entries = file.infolist()
        if [e.filename.encode() for e in entries] != expected:
            sys.exit(f'{path}: other names, or another order')
        for e in entries:
            mode = 0o100755 if e.filename == 'run.sh' else 0o100644
            if e.external_attr >> 16 != mode or e.date_time != (1980, 1, 1, 0, 0, 0) or e.create_system != 3:
                sys.exit(f'{path}: {e.filename}: {e}')
            if file.read(e) != files[e.filename]:
                sys.exit(f'{path}: {e.filename}: other bytes')


def check_with(name, command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    if done.returncode:
        sys.exit(f'{name}: {done.stdout.decode()}')
    return name


YAUZL = '''
const yauzl = require(process.argv[1]);
yauzl.open(process.argv[2], { lazyEntries: true, strictFileNames: true, validateEntrySizes: true }, (error, zip) => {
  if (error) throw error;
  zip.on('error', (e) => { throw e; });
  zip.on('entry', (entry) => zip.openReadStream(entry, (e, stream) => {
    if (e) throw e;
    stream.on('data', () => {}).on('end', () => zip.readEntry());
  }));
  zip.readEntry();
});
'''


def main():
    slsws = os.path.abspath(sys.argv[1])
    files = contents()
    with tempfile.TemporaryDirectory(prefix='slsws-zips-') as top:
        one, two, out = (os.path.join(top, n) for n in ('one', 'two', 'out'))
        for folder, seed in ((one, 1), (two, 2)):
            os.mkdir(folder)
            grow(folder, files, seed)
        first = pack(slsws, one, out)
        cores = os.sched_getaffinity(0)
        same('another order, times and modes', first, pack(slsws, two, out + '2'))
        same('one core', first, pack(slsws, two, out + '3', cores={min(cores)}))
        same('umask', first, pack(slsws, one, out + '4', umask=0o77))
        same('locale', first, pack(slsws, one, out + '5', LC_ALL='tr_TR.UTF-8', LANG='C', TZ='Asia/Tokyo'))
        same('again', first, pack(slsws, one, out))
        done = {n: hashlib.sha256(b).hexdigest()[:12] for n, b in first.items() if n.endswith('.zip')}
        if sorted(done) != ['a.zip', 'b.zip', 'l.zip']:
            sys.exit(f'zips: {done}')
        check_python(os.path.join(out, 'a.zip'), files, lambda p: p == 'serverless.yml' or p.startswith('layer/'))
        check_python(os.path.join(out, 'b.zip'), files, lambda p: p == 'serverless.yml' or p.startswith(('layer/', 'deep/')))
        readers = ['python']
        for name in done:
            path = os.path.join(out, name)
            if shutil.which('unzip'):
                readers.append(check_with('unzip', ['unzip', '-tqq', path]))
            yauzl = os.path.join(REFERENCE, 'node_modules', 'yauzl')
            if shutil.which('node') and os.path.isdir(yauzl):
                readers.append(check_with('yauzl', ['node', '-e', YAUZL, os.path.abspath(yauzl), path]))
    print('read by', ', '.join(sorted(set(readers))) + ';', done)


main()
