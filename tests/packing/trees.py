"""Trees of files, each a service to be packed: what packing.py compares with the reference.

A tree is a text of one path a line: "a/b.js" is a file, "run.sh *" one that may be executed, "empty/" a folder, and
"link -> target" a link. `json` has files by path whose content matters, `config` what its serverless.yml has besides the
service's name, `at` the service's folder if that is not the top, `reference` the one that is asked if that is not osls.
"""
import json
import os
import sys


def package(name, **more):
    return {'name': name, 'version': '1.0.0', **more}


def installed(packages, where='node_modules'):
    """Packages in a node_modules: names to what their package.json has besides name and version."""
    return {f'{where}/{name}/package.json': package(name, **more) for name, more in packages.items()}


def code(packages, where='node_modules'):
    return '\n'.join(f'{where}/{name}/index.js' for name in packages)


def node_tree(packages, root, files='', config=None, **more):
    return {'files': f'index.js\n{files}\n{code(packages)}', 'json': {'package.json': package('svc', **root), **installed(packages)},
            'config': config or {}, **more}


def depends(*names):
    return {'dependencies': {name: '*' for name in names}}


def develops(*names):
    return {'devDependencies': {name: '*' for name in names}}


SOME = '''
index.js
package.txt
src/a.js
src/a.test.js
src/deep/b.js
src/deep/b.test.js
src/deep/er/c.js
lib/x.ts
lib/x.js
docs/README.md
docs/guide/one.md
node_modules/m/index.js
node_modules/m/README.md
node_modules/m/lib/m.js
node_modules/n/index.js
node_modules/n/test/t.js
'''


def patterns(*list_, files=SOME, **more):
    return {'files': files, 'config': {'package': {'patterns': list(list_)}}, **more}


FUNCTIONS = {'a': {'handler': 'src/a.h'}, 'b': {'handler': 'src/deep/b.h', 'package': {'patterns': ['!src/a*', 'docs/**']}}}

TREES = {
    'plain': {'files': SOME},
    'defaults': {'files': '''
        index.js
        .git/HEAD
        .git/objects/aa/b
        .gitignore
        .DS_Store
        npm-debug.log
        yarn-error.log
        yarn-debug.log
        .serverless/old.zip
        .serverless_plugins/p.js
        .hidden
        .config/x.json
        sub/.git/HEAD
        sub/.gitignore
        sub/.DS_Store
        sub/npm-debug.log
        sub/yarn-error.log
        sub/.serverless/x
        sub/serverless.yml
        .env
        .env.local
        .npmrc
        .gitattributes'''},
    'defaults-taken-back': patterns('.git/HEAD', 'yarn-*.log', '.serverless_plugins/**', files='''
        index.js
        .git/HEAD
        .git/config
        .gitignore
        yarn-error.log
        .serverless_plugins/p.js
        .serverless_plugins/q/r.js'''),
    'configuration-taken-back': patterns('serverless.yml', files='index.js'),
    'dotenv': {'files': 'index.js\n.env\n.env.dev\n.environment\nsub/.env\nenv', 'config': {'useDotenv': True}},
    'plugins-folder': {'files': 'index.js\nmy/a.js\nmy/b/c.js\nmy', 'config': {}} | {
        'files': 'index.js\nmy/a.js\nmy/b/c.js\nown', 'config': {'plugins': {'modules': [], 'localPath': 'own'}}},
    'patterns-only-some': patterns('!**', 'src/**', '!src/**/*.test.js'),
    'patterns-in-order': patterns('!src/**', 'src/deep/**', '!src/deep/er/**', 'src/deep/er/c.js'),
    'patterns-other-order': patterns('src/deep/er/c.js', '!src/deep/er/**', 'src/deep/**', '!src/**'),
    'patterns-folder-name': patterns('!node_modules'),
    'patterns-folder-with-slash': patterns('!node_modules/', '!src/'),
    'patterns-folder-and-back': patterns('!node_modules', 'node_modules/m/**'),
    'patterns-folder-back-before': patterns('node_modules/m/**', '!node_modules'),
    'patterns-folder-back-in-group': patterns('!docs', 'src/deep/**', '*.txt', '!src'),
    'patterns-folder-back-own-group': patterns('!docs', 'src/deep/**', '!src'),
    'patterns-static-back': patterns('!docs', 'src/deep/b.js', '!src'),
    'patterns-star': patterns('!*', 'src/a.js'),
    'patterns-star-star': patterns('!**/*', 'lib/*.js', 'docs/guide/*'),
    'patterns-all-js': patterns('!**', '**/*.js', '!**/*.test.js', '!**/test/**'),
    'patterns-markdown': patterns('!**/*.md', '!**/guide'),
    'patterns-dot-slash': patterns('!./src/**', './src/deep/**'),
    'patterns-twice': patterns('!src/**', 'src/a.js', '!src/**'),
    'patterns-double-negation': patterns('!!src/**', '!docs/**'),
    'patterns-braces': patterns('!**', '{src,lib}/**', '!**/{a,b}.test.js', 'docs/{README,x}.md'),
    'patterns-braces-range': patterns('!**', 'v{1..3}/*.js', files='v1/a.js\nv2/a.js\nv3/a.js\nv4/a.js\nindex.js'),
    'patterns-extended': patterns('!**', 'src/!(a).js', 'lib/@(x|y).*', 'node_modules/?(m|n)/*.js', 'src/+(deep)/**'),
    'patterns-brackets': patterns('!**', 'pages/[id].js', '[ab].js', '[!a-y].js', files='''
        pages/[id].js
        pages/i.js
        pages/[slug]/x.js
        a.js
        b.js
        c.js
        z.js'''),
    'patterns-nothing-matches': patterns('!nothing/**', 'nowhere/*.js'),
    'patterns-question': patterns('!**', 'file?.txt', 'dir?/**', files='file1.txt\nfile12.txt\ndira/x\ndirab/x\nindex.js'),
    'patterns-dot-files': patterns('!**', '*', '!.b', files='index.js\n.a\n.b\nd/.c\n.d/e'),
    'odd-names': {'files': '\n'.join(['index.js', 'a b.js', 'ä/ö.js', 'q"uote.js', "ap'os.js", '(x).js', 'a+b.js', '$d.js', '#h.js',
                                      'e=f&g.js', 'comma,.js', 'tilde~', '{brace}.js', '[b].js', '!bang.js', '@at/x.js', 'tab%09.js',
                                      'emoji-😀.js', 'dir.js/x', 'UPPER.JS', 'semi;.js', 'a..b', '...', '-dash'])},
    'modes': {'files': 'index.js\nbin/run.sh *\nbin/tool *\nempty/\nzero'},
    'links': {'files': '''
        index.js
        real/a.js
        real/sub/b.js
        run *
        file-link.js -> index.js
        program-link -> run
        folder-link -> real
        deep/link -> ../real/sub
        broken -> nowhere
        broken-folder -> no/where
        outside -> ../beside'''} | {'files': '''
        svc/index.js
        svc/real/a.js
        svc/real/sub/b.js
        svc/run *
        svc/file-link.js -> index.js
        svc/program-link -> run
        svc/folder-link -> real
        svc/deep/link -> ../real/sub
        svc/broken -> nowhere
        svc/broken-folder -> no/where
        svc/outside -> ../beside
        beside/o.js''', 'at': 'svc'},
    'links-and-patterns': {'files': 'index.js\nreal/a.js\nreal/b.js\nlink -> real', 'config': {'package': {
        'patterns': ['!real/**', '!link/b.js']}}},
    'individually': {'files': SOME, 'config': {'package': {'individually': True}, 'functions': FUNCTIONS}},
    'individually-with-service-patterns': {'files': SOME, 'config': {
        'package': {'individually': True, 'patterns': ['!**', 'src/**', '!docs/**']}, 'functions': FUNCTIONS}},
    'individually-one': {'files': SOME, 'config': {'package': {'patterns': ['!node_modules/**']}, 'functions': {
        'a': {'handler': 'src/a.h'}, 'b': {'handler': 'src/a.h', 'package': {'individually': True, 'patterns': ['!docs/**', 'node_modules/m/**']}}}}},
    'individually-same-pattern': {'files': SOME, 'config': {
        'package': {'individually': True, 'patterns': ['!src/**', 'src/a.js']},
        'functions': {'a': {'handler': 'src/a.h', 'package': {'patterns': ['src/**', '!src/**', 'src/deep/*']}}}}},
    'function-patterns-without-individually': {'files': SOME, 'config': {'functions': FUNCTIONS}},
    'layers': {'files': f'{SOME}\nlayers/one/nodejs/x.js\nlayers/one/serverless.yml\nlayers/one/.gitignore\nlayers/two/y.js\nlayers/two/z.md',
               'config': {'layers': {'one': {'path': 'layers/one'}, 'two': {'path': 'layers/two', 'package': {'patterns': ['!*.md']}}}}},
    'layers-and-service-patterns': {'files': f'{SOME}\nlayer/src/x.js\nlayer/y.js\nlayer/docs/z.md\nlayer/run *', 'config': {
        'package': {'patterns': ['!src/**', '!docs', 'layer/y.js']}, 'layers': {'l': {'path': 'layer', 'package': {'patterns': ['src/x.js']}}}}},
    'layer-with-modules': node_tree({'a': {}, 'b': {}}, depends('a') | develops('b'),
                                    files='layer/nodejs/x.js\nlayer/node_modules/b/index.js\nlayer/node_modules/c/index.js',
                                    config={'layers': {'l': {'path': 'layer'}}}),
    'above': patterns('../shared/**', '!../shared/**/*.md', files='svc/index.js\nshared/a.js\nshared/b/c.js\nshared/d.md\nother/x', at='svc'),
    'above-one-file': patterns('../shared/a.js', '../run', files='svc/index.js\nshared/a.js\nshared/b.js\nrun *', at='svc'),
    'above-some': patterns('!**', '../shared/*.js', 'index.js', files='svc/index.js\nsvc/x.js\nshared/a.js\nshared/b/c.js', at='svc'),
    'dev': node_tree({'a': {}, 'b': {}, 'c': {}, 'd': {}}, depends('a') | develops('b', 'c')),
    'dev-deep': node_tree({'a': depends('x'), 'b': depends('x', 'y'), 'x': depends('z'), 'y': depends('z', 'w'), 'z': {}, 'w': {}},
                          depends('a') | develops('b')),
    'dev-nested': {'files': 'index.js\n' + code(['a', 'b', 'x']) + '\n' + code(['x'], 'node_modules/b/node_modules') + '\n' +
                   code(['x', 'y'], 'node_modules/a/node_modules'),
                   'json': {'package.json': package('svc', **depends('a'), **develops('b')), **installed({'a': depends('x', 'y'), 'b': depends('x'), 'x': {}}),
                            **installed({'x': {}}, 'node_modules/b/node_modules'),
                            **installed({'x': {}, 'y': {}}, 'node_modules/a/node_modules')}},
    'dev-scopes': node_tree({'@s/a': depends('@s/b', 'x'), '@s/b': {}, '@t/c': depends('@s/d'), '@s/d': {}, 'x': {}}, depends('@s/a') | develops('@t/c')),
    'dev-both': node_tree({'a': {}, 'b': {}}, depends('a') | develops('a', 'b')),
    'dev-both-optional': node_tree({'a': {}, 'b': {}, 'c': {}}, {'optionalDependencies': {'a': '*', 'c': '*'}} | develops('a', 'b')),
    'dev-peers': node_tree({'a': {'peerDependencies': {'p': '*', 'q': '*'}, 'peerDependenciesMeta': {'q': {'optional': True}}}, 'b': {'peerDependencies': {'r': '*'}},
                            'p': {}, 'q': {}, 'r': {}}, depends('a') | develops('b', 'q')),
    'dev-peer-optional-of-dev': node_tree({'a': {}, 'b': {'peerDependencies': {'q': '*'}, 'peerDependenciesMeta': {'q': {'optional': True}}}, 'q': {}},
                                          depends('a') | develops('b')),
    'dev-optional': node_tree({'a': {'optionalDependencies': {'o': '*', 'gone': '*'}}, 'o': depends('oo'), 'oo': {}, 'b': {'optionalDependencies': {'oo': '*', 'bo': '*'}}, 'bo': {}},
                              depends('a') | develops('b')),
    'dev-programs': node_tree({'a': {'bin': './cli.js'}, 'b': {'bin': './cli.js'}, 'c': {'bin': {'c1': 'x.js', 'c2': 'y.js'}}, '@s/d': {'bin': {'d': 'z.js'}},
                               '@s/e': {'bin': './e.js'}, 'f': {'bin': None}},
                              depends('a') | develops('b', 'c', '@s/d', '@s/e', 'f'), files='''
        node_modules/a/cli.js *
        node_modules/b/cli.js *
        node_modules/c/x.js *
        node_modules/.bin/a -> ../a/cli.js
        node_modules/.bin/b -> ../b/cli.js
        node_modules/.bin/c1 -> ../c/x.js
        node_modules/.bin/c2 -> ../c/x.js
        node_modules/.bin/d -> ../b/cli.js
        node_modules/.bin/e -> ../b/cli.js
        node_modules/@s/.bin/e
        node_modules/.package-lock.old'''),
    'dev-extraneous': node_tree({'a': {}, 'b': {}, 'e': depends('ee', 'b'), 'ee': {}}, depends('a') | develops('b')),
    'dev-extraneous-nested': {'files': 'index.js\n' + code(['a', 'b']) + '\n' + code(['e'], 'node_modules/b/node_modules'),
                              'json': {'package.json': package('svc', **depends('a'), **develops('b')), **installed({'a': {}, 'b': {}}),
                                       **installed({'e': {}}, 'node_modules/b/node_modules')}},
    'dev-missing': node_tree({'a': depends('gone'), 'c': {}}, depends('a', 'absent') | develops('b', 'c')),
    'dev-circle': node_tree({'a': depends('b'), 'b': depends('a'), 'c': depends('d'), 'd': depends('c', 'a')}, depends('a') | develops('c')),
    'dev-without-version': {'files': 'index.js\nnode_modules/a/index.js\nnode_modules/b/index.js\nnode_modules/c/index.js',
                            'json': {'package.json': {**develops('a', 'b', 'c')}, 'node_modules/a/package.json': {}, 'node_modules/b/package.json': {'name': 'other'}}},
    'dev-broken-package': {'files': 'index.js\nnode_modules/a/index.js\nnode_modules/b/index.js',
                           'json': {'package.json': package('svc', **develops('a', 'b')), 'node_modules/a/package.json': '{ broken', 'node_modules/b/package.json': package('b')}},
    'dev-broken-root': {'files': 'index.js\nnode_modules/a/index.js', 'json': {'package.json': '{ broken', 'node_modules/a/package.json': package('a')}},
    'dev-not-left-out': node_tree({'a': {}, 'b': {}}, depends('a') | develops('b'), config={'package': {'excludeDevDependencies': False}}),
    'dev-asked-for': node_tree({'a': {}, 'b': {}, 'c': {}}, depends('a') | develops('b', 'c'), config={'package': {'patterns': ['!**', 'node_modules/**', 'node_modules/b/**']}}),
    'dev-individually': node_tree({'a': {}, 'b': {}}, depends('a') | develops('b'), files='src/a.js\nsrc/deep/b.js\ndocs/x', config={'package': {'individually': True}, 'functions': FUNCTIONS}),
    'dev-sub-project': {'files': 'index.js\nsub/x.js\n' + code(['a', 'b']) + '\n' + code(['a', 'c'], 'sub/node_modules'),
                        'json': {'package.json': package('svc', **depends('a'), **develops('b')), 'sub/package.json': package('sub', **depends('c'), **develops('a', 'b')),
                                 **installed({'a': {}, 'b': {}}), **installed({'a': {}, 'c': {}}, 'sub/node_modules')}},
    'dev-link': {'files': 'svc/index.js\nsvc/node_modules/l -> ../../lib\nsvc/node_modules/k -> ../../kit\nlib/index.js\nkit/index.js\n' + code(['x', 'y'], 'svc/node_modules'),
                 'json': {'svc/package.json': package('svc', **depends('l'), **develops('k')), 'lib/package.json': package('l', **depends('x'), **develops('y')),
                          'kit/package.json': package('k', **depends('y')), **installed({'x': {}, 'y': {}}, 'svc/node_modules')}, 'at': 'svc'},
    'dev-link-inside': {'files': 'index.js\nnode_modules/l -> ../lib\nnode_modules/k -> ../kit\nlib/index.js\nkit/index.js\n' + code(['x', 'y', 'z']) + '\n' + code(['w'], 'kit/node_modules'),
                        'json': {'package.json': package('svc', **depends('l'), **develops('k')), 'lib/package.json': package('l', **depends('x'), **develops('y')),
                                 'kit/package.json': package('k', **depends('z', 'w')), **installed({'x': {}, 'y': {}, 'z': {}}), **installed({'w': {}}, 'kit/node_modules')}},
    'dev-workspaces': {'files': 'index.js\nnode_modules/one -> ../packages/one\nnode_modules/two -> ../packages/two\npackages/one/index.js\npackages/two/index.js\n' +
                       code(['x', 'y', 'z', 'r']) + '\n' + code(['y'], 'packages/two/node_modules'),
                       'json': {'package.json': package('svc', workspaces=['packages/*'], **depends('one'), **develops('r')),
                                'packages/one/package.json': package('one', **depends('x'), **develops('y')),
                                'packages/two/package.json': package('two', **depends('y'), **develops('z')),
                                **installed({'x': {}, 'y': {}, 'z': {}, 'r': {}}), **installed({'y': {}}, 'packages/two/node_modules')}},
    'dev-in-workspace': {'files': 'packages/svc/index.js\nnode_modules/svc -> ../packages/svc\nnode_modules/lib -> ../packages/lib\npackages/lib/index.js\n' + code(['x', 'y']) + '\n' +
                         code(['x', 'd', 'e'], 'packages/svc/node_modules'),
                         'json': {'package.json': package('all', workspaces=['packages/*'], **develops('x')), 'packages/svc/package.json': package('svc', **depends('x', 'lib'), **develops('d')),
                                  'packages/lib/package.json': package('lib', **depends('y'), **develops('e')), **installed({'x': {}, 'y': {}}),
                                  **installed({'x': {}, 'd': depends('e'), 'e': {}}, 'packages/svc/node_modules')}, 'at': 'packages/svc'},
    'dev-store': {'files': '''
        index.js
        node_modules/a -> .pnpm/a@1/node_modules/a
        node_modules/b -> .pnpm/b@1/node_modules/b
        node_modules/.pnpm/a@1/node_modules/a/index.js
        node_modules/.pnpm/a@1/node_modules/x -> ../../x@1/node_modules/x
        node_modules/.pnpm/b@1/node_modules/b/index.js
        node_modules/.pnpm/b@1/node_modules/x -> ../../x@1/node_modules/x
        node_modules/.pnpm/b@1/node_modules/y -> ../../y@1/node_modules/y
        node_modules/.pnpm/x@1/node_modules/x/index.js
        node_modules/.pnpm/y@1/node_modules/y/index.js''',
                  'json': {'package.json': package('svc', **depends('a'), **develops('b')), 'node_modules/.pnpm/a@1/node_modules/a/package.json': package('a', **depends('x')),
                           'node_modules/.pnpm/b@1/node_modules/b/package.json': package('b', **depends('x', 'y')),
                           'node_modules/.pnpm/x@1/node_modules/x/package.json': package('x'), 'node_modules/.pnpm/y@1/node_modules/y/package.json': package('y')}},
    'layer-beside': {'files': 'svc/index.js\nlayer/x.js\nlayer/sub/y.js\nlayer/.gitignore', 'config': {'layers': {'l': {'path': '../layer'}}}, 'at': 'svc'},
    'layer-twice': {'files': 'index.js\nlayer/x.js\nlayer/y.js', 'config': {'layers': {'a': {'path': 'layer'}, 'b': {'path': './layer', 'package': {'patterns': ['!x.js']}}}}},
    'v3-exclude': {'files': SOME, 'config': {'package': {'exclude': ['src/**', 'node_modules/n/**', '*.txt'], 'include': ['src/a.js', '!docs/**']}}, 'reference': 'serverless'},
    'v3-exclude-folder': {'files': SOME, 'config': {'package': {'exclude': ['src', 'docs/', 'lib/*']}}, 'reference': 'serverless'},
    'v3-exclude-taken-back': {'files': 'index.js\n.gitignore\n.git/HEAD\n.DS_Store', 'config': {'package': {'exclude': ['!.gitignore', '!.git/**']}}, 'reference': 'serverless'},
    'v3-include-and-patterns': {'files': SOME, 'config': {'package': {'exclude': ['**'], 'include': ['src/**', 'docs/**'], 'patterns': ['!src/**', 'src/a.js']}}, 'reference': 'serverless'},
    'v3-of-functions': {'files': SOME, 'config': {'package': {'individually': True, 'exclude': ['docs/**'], 'patterns': ['src/**']}, 'functions': {
        'a': {'handler': 'src/a.h', 'package': {'exclude': ['src/**', 'lib/**'], 'include': ['docs/README.md']}},
        'b': {'handler': 'src/a.h', 'package': {'exclude': ['!docs/guide/**', 'node_modules'], 'patterns': ['!src/deep/**']}}}}, 'reference': 'serverless'},
    'artifact': {'files': 'index.js\nown.zip', 'config': {'package': {'artifact': 'own.zip'}, 'layers': {'l': {'path': 'layer'}}}} | {
        'files': 'index.js\nown.zip\nlayer/x.js'},
}


def seeds(folder):
    """Each tree in the form of tests/fuzz/fuzz_select.c."""
    for name, tree in TREES.items():
        lines = [f'+{p}' for p in tree.get('config', {}).get('package', {}).get('patterns', [])]
        lines += [line.strip().split(' ')[0] for line in tree['files'].split('\n') if line.strip()]
        lines += [f'{path}={content if isinstance(content, str) else json.dumps(content)}' for path, content in tree.get('json', {}).items()]
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
            file.write('\n'.join(lines))


if __name__ == '__main__':
    seeds(sys.argv[1])
