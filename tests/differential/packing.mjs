#!/usr/bin/env node
// Which files are packed, held to the reference: random trees and patterns go through osls' selection in this process and
// through slsws.
//
//   node tests/differential/packing.mjs [--seed N] [--count N] [--binary build/slsws] [--show N] [--only installed]
//
// With `--only installed` trees have packages in node_modules, some for development alone, and the reference asks npm:
// about a second each.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { options, random, referenceModule } from './differential.mjs';

const given = options();
const { below, chance, pick, times } = random(given.seed);
const selection = referenceModule('osls/lib/plugins/package/lib/package-service.js');
const zips = referenceModule('osls/lib/plugins/package/lib/zip-service.js');
const binary = path.resolve(given.binary);
const installed = given.only === 'installed';

// --- trees and patterns -------------------------------------------------------------------------------------------

const folders = ['src', 'lib', 'a', 'b', '.d', 'node_modules', 'x.js', '[id]', 'deep'];
const names = ['a.js', 'b.js', 'a.test.js', '.env', 'index.js', 'README.md', 'x', '[id].js', 'a b', 'src', 'b.min.js', '.x.js'];
const makePath = () => [...times(0, 3, () => pick(folders)), pick(names)].join('/');

function makeTree() {
  const files = new Map([['keep.txt', '']]);
  for (const file of times(3, 25, makePath)) {
    const parents = file.split('/').slice(0, -1).map((_, i, all) => all.slice(0, i + 1).join('/'));
    if (parents.some((p) => files.has(p)) || [...files.keys()].some((f) => f.startsWith(`${file}/`))) continue;
    files.set(file, file);
  }
  return files;
}

function makePattern(files) {
  const file = pick(files), folder = path.dirname(file), name = path.basename(file), top = file.split('/')[0];
  const star = () => name.replace(/^[^.]*/, '*');
  const pattern = pick([
    () => file, () => folder, () => `${folder}/**`, () => `${folder}/*`, () => `${top}/**`, () => top, () => name, () => star(),
    () => `**/${name}`, () => `**/${star()}`, () => `${top}/**/${star()}`, () => '**', () => '*', () => '**/*', () => `**/${path.basename(path.dirname(`src/${file}`))}/**`,
    () => `${folder}/`, () => `./${file}`, () => `./${top}/**`, () => `{${top},${pick(folders)}}/**`, () => `**/*.{js,md}`,
    () => `${folder}/!(${name})`, () => `${top}/@(a|b|deep)/**`, () => `**/!(*.test).js`, () => `${folder}/?(a|b).js`, () => `[a-l]*/**`,
    () => `${folder}/**/*`, () => `*/${name}`, () => `**/[!a]*`, () => `${folder}/*.js`, () => `**/.*`, () => `${top}/*/**`,
  ])();
  return chance(0.5) ? `!${pattern}` : pattern;
}

// --- packages -----------------------------------------------------------------------------------------------------

const packages = ['p', 'q', 'r', 's', 't', '@k/u', '@k/v', 'w'];
const some = (n) => Object.fromEntries(times(0, n, () => [pick(packages), '*']));
const makePackage = (name, root) => JSON.stringify({
  name, version: '1.0.0', dependencies: some(2), devDependencies: chance(root ? 0.9 : 0.2) ? some(root ? 4 : 2) : undefined,
  peerDependencies: chance(0.2) ? some(2) : undefined, peerDependenciesMeta: chance(0.2) ? { [pick(packages)]: { optional: true } } : undefined,
  optionalDependencies: chance(0.2) ? some(1) : undefined, workspaces: root && chance(0.3) ? [pick(['packages/*', 'packages/one', '!packages/two'])] : undefined,
  bin: pick([undefined, undefined, 'cli.js', { [pick(packages).replace(/.*\//, '')]: 'x.js' }]),
});

function install(files, links, where, depth) {
  for (const name of packages) {
    if (!chance(depth ? 0.25 : 0.8)) continue;
    const folder = `${where}node_modules/${name}`;
    if (chance(0.15) && !depth && !name.startsWith('@')) {
      links.set(folder, pick(['../packages/one', '../packages/two']));
      continue;
    }
    if (chance(0.95)) files.set(`${folder}/package.json`, makePackage(name, false));
    files.set(`${folder}/index.js`, name);
    if (chance(0.3) && depth < 2) install(files, links, `${folder}/`, depth + 1);
  }
  for (const name of times(0, 3, () => pick(packages).replace(/.*\//, ''))) files.set(`${where}node_modules/.bin/${name}`, name);
}

function makeProject() {
  const files = new Map([['keep.txt', ''], ['package.json', makePackage('svc', true)]]), links = new Map();
  for (const name of ['one', 'two']) {
    files.set(`packages/${name}/package.json`, makePackage(pick([name, pick(packages)]), chance(0.3)));
    files.set(`packages/${name}/index.js`, name);
    if (chance(0.3)) install(files, links, `packages/${name}/`, 1);
  }
  install(files, links, '', 0);
  return { files, links };
}

// --- both ---------------------------------------------------------------------------------------------------------

function grow(folder, files, links) {
  for (const [file, text] of files) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  }
  for (const [link, target] of links) {
    fs.mkdirSync(path.dirname(path.join(folder, link)), { recursive: true });
    fs.symlinkSync(target, path.join(folder, link));
  }
}

async function theirs(folder, patterns) {
  const context = { ...selection, ...zips, serverless: { serviceDir: folder, configurationFilename: 'serverless.json', configurationInput: {},
    pluginManager: { parsePluginsObject: () => ({}) }, service: { package: { patterns }, plugins: {}, getAllLayers: () => [] } } };
  try {
    return (await context.resolveFilePathsAll()).map((f) => path.normalize(f)).sort();
  } catch (error) {
    if (error.code === 'NO_MATCHED_FILES') return [];
    throw error;
  }
}

// The names in a zip, from its directory.
function namesIn(zip) {
  const bytes = fs.readFileSync(zip), names = [];
  for (let at = bytes.readUInt32LE(bytes.length - 6); bytes.readUInt32LE(at) === 0x02014b50;) {
    const length = bytes.readUInt16LE(at + 28);
    names.push(bytes.toString('utf8', at + 46, at + 46 + length));
    at += 46 + length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return names.sort();
}

function ours(folder, out) {
  const run = spawnSync(binary, ['package', '--package', out], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH } });
  if (/^error\[P007\]/m.test(run.stderr)) return [];
  if (run.status !== 0) throw new Error(`slsws ends with ${run.signal ?? run.status}: ${run.stderr}`);
  return namesIn(path.join(out, 'svc.zip'));
}

let wrong = 0;
const scratch = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'slsws-packing-')));
for (let i = 0; i < given.count; i++) {
  // a folder of its own: the reference remembers what npm said of one
  const folder = path.join(scratch, `svc${i}`), out = path.join(scratch, 'out');
  const { files, links } = installed ? makeProject() : { files: makeTree(), links: new Map() };
  const patterns = installed && chance(0.8) ? [] : times(0, 6, () => makePattern([...files.keys()]));
  grow(folder, files, links);
  fs.writeFileSync(path.join(folder, 'serverless.json'), JSON.stringify({ service: 'svc', provider: { name: 'aws', runtime: 'nodejs20.x' },
    package: { patterns }, functions: { a: { handler: 'index.a' } } }));
  const expected = await theirs(folder, patterns), got = ours(folder, out);
  const more = got.filter((f) => !expected.includes(f)), less = expected.filter((f) => !got.includes(f));
  if (more.length || less.length) {
    wrong++;
    if (wrong <= given.show) {
      console.log(`--- ${i}: ${JSON.stringify(patterns)}\n  more: ${more.join(' ')}\n  less: ${less.join(' ')}`);
      if (installed) console.log([...files].filter(([f]) => f.endsWith('package.json')).map(([f, t]) => `  ${f} ${t}`).join('\n'), links);
    }
  }
  fs.rmSync(folder, { recursive: true });
  fs.rmSync(out, { recursive: true, force: true });
}
fs.rmSync(scratch, { recursive: true });
console.log(`${given.count - wrong} the same, ${wrong} different`);
process.exit(wrong ? 1 : 0);
