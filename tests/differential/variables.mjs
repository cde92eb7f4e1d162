// Variables, held to the reference: generated texts and configurations go through its own modules and through ours.
//
//   node tests/differential/variables.mjs BINARY [--reference FOLDER] [--count N] [--seed N] [--only parse|dotenv|resolve]
//
// BINARY is tests/variables of the build folder, FOLDER the osls that `npm ci` in tests/reference installs.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const argument = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const binary = process.argv[2];
const root = path.resolve(argument('--reference', path.join(here, '../reference/node_modules/osls')));
const count = Number(argument('--count', 20000));
const require = createRequire(path.join(root, 'package.json'));
const variables = (name) => require(path.join(root, 'lib/configuration/variables', name));

// --- chance -------------------------------------------------------------------------------------------------------

let state = Number(argument('--seed', 1)) >>> 0;
const random = () => { // mulberry32
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = (n) => Math.floor(random() * n);
const one = (list) => list[below(list.length)];
const maybe = (chance, make) => (random() < chance ? make() : '');
const several = (most, make) => Array.from({ length: below(most + 1) }, make);

// --- the other side -----------------------------------------------------------------------------------------------

function ask(mode, texts) {
  const frames = texts.flatMap((t) => { const b = Buffer.from(t); return [Buffer.from(`${b.length}\n`), b]; });
  const run = spawnSync(binary, [mode], { input: Buffer.concat(frames), maxBuffer: 1 << 30 });
  if (run.status !== 0) throw new Error(`${binary} ${mode} ends with ${run.status ?? run.signal}: ${run.stderr}`);
  const answers = [];
  for (let at = 0; at < run.stdout.length; ) {
    const end = run.stdout.indexOf(10, at), length = Number(run.stdout.subarray(at, end));
    answers.push(run.stdout.subarray(end + 1, end + 1 + length).toString());
    at = end + 1 + length;
  }
  return answers;
}

function compare(mode, inputs, expected, same) {
  const answers = ask(mode, inputs);
  let wrong = 0, errors = 0;
  inputs.forEach((input, i) => {
    if (expected[i] === undefined) return;
    if (expected[i] === 'error') errors++;
    if (same(expected[i], answers[i] ?? '(none)')) return;
    if (wrong++ < 10) console.log(`${mode}: ${JSON.stringify(input)}\n  reference ${expected[i]}\n  slsws     ${answers[i]}`);
  });
  console.log(`${mode}: ${inputs.length} inputs, ${errors} of them errors, ${wrong} differ`);
  return wrong;
}

// --- parse --------------------------------------------------------------------------------------------------------

const pieces = ['${', '${', '${', '}', '}', ':', '::', '(', ')', ',', ' ', '$', '\\', "'", '"', 'self', 'opt', 'a', 'B', '5', '0x1f',
  '-', '.', '_', 'true', 'null', 'é', '😀', '\n', 'self:', '${self:', '${opt:a', "'x'", '"y"', '"\\n"', ', 7', '{', '\u00a0'];
const address = (depth) => several(3, () => one(['a', 'b', '.', ' ', '/', '$', '\\', '-', () => variable(depth - 1)]))
  .map((p) => (typeof p === 'function' ? p() : p)).join('');
const param = (depth) => one([() => '5', () => "'p'", () => '"q"', () => 'x.yml', () => '', () => '0', () => address(depth)])();
const source = (depth) => one(['self', 'opt', 'env', 'sls', 'strToBool', 'a-b']) +
  maybe(0.3, () => `(${several(3, () => param(depth)).join(one([',', ', ']))})`) + maybe(0.8, () => `:${address(depth)}`);
const literal = () => one(['5', '-1', '007', '0x1F', '1e3', '.5', 'true', 'false', 'null', "'t'", '"t"', "''", 'Infinity', 'x', '1.']);
function variable(depth) {
  if (depth < 0) return 'v';
  const rest = several(2, () => source(depth)).concat(random() < 0.4 ? [literal()] : []);
  return `\${${[source(depth), ...rest].join(one([',', ', ', ' , ']))}}`;
}
const text = () => several(4, () => one([() => variable(2), () => one(pieces), () => 'x', () => '\\', () => '$', () => '${A}'])())
  .join('');
const noise = () => several(12, () => one(pieces)).join('');

const showArgument = (a) => (a.variables ? show(a.value, a.variables) : JSON.stringify(a.value));
const showSource = (s) => (!s.type ? JSON.stringify(s.value) : s.type +
  (s.params ? `(${s.params.map(showArgument).join(', ')})` : '') + (s.address ? `:${showArgument(s.address)}` : ''));
function show(value, parts) {
  let out = '', at = 0;
  for (const part of parts) {
    const start = part.start ?? 0, end = part.end ?? value.length;
    if (start > at) out += `[${value.slice(at, start)}]`;
    out += part.sources ? `[\${${part.sources.map(showSource).join(' | ')}}]` : `[\\ -> ${part.value}]`;
    at = end;
  }
  return at < value.length ? `${out}[${value.slice(at)}]` : out;
}

// Where the reference's parser stumbles over itself: a source after `::` in a fallback, offsets after a leading tab.
const stumbles = (t) => /,[^}]*: *:/.test(t) || /[:(,] *[\n\u00a0]/.test(t);

function parseAll() {
  const parse = variables('parse.js');
  const inputs = Array.from({ length: count }, (_, i) => (i % 2 ? text() : noise())).filter((t) => !stumbles(t));
  const expected = inputs.map((t) => {
    try {
      const parts = parse(t);
      return parts ? show(t, parts) : 'null';
    } catch (e) {
      if (!e.code) throw e;
      return 'error';
    }
  });
  return compare('parse', inputs, expected, (a, b) => a === b);
}

// --- dotenv -------------------------------------------------------------------------------------------------------

const dotenvPieces = ['A', 'B', 'C', '=', '=', '=', '\n', '\n', '\r\n', "'", '"', '`', ' ', '#', '\\', 'export ', ': ', '$A', '${B}', '${A:-x}',
  '${C-$A}', '${B:+y}', '${C+z}', '\\$A', '\\n', 'v', '.', '\\"', "\\'", '$', '{', '}', '-', '$$', 'null', '\t', '\u00a0'];
const dotenvLine = () => one([() => several(8, () => one(dotenvPieces)).join(''), () => `${one(['A', 'B', 'C', 'D'])}=` +
  one(['', ' ', "'", '"', '`'])+ several(5, () => one(dotenvPieces)).join('') + one(['', "'", '"', ' # c'])])();

// The reference may go round and round until memory ends: what we say is endless is only given to it in a process of its own,
// and only now and then.
function endsWell(expand, parsed, process_) {
  const probe = `const i = JSON.parse(process.argv[1]); require(${JSON.stringify(expand)}).expand({ parsed: i[0], processEnv: i[1] })`;
  const run = spawnSync(process.execPath, ['--max-old-space-size=100', '-e', probe, JSON.stringify([parsed, process_])], { timeout: 1000 });
  return run.status === 0;
}

function dotenvAll() {
  const { parse } = require('dotenv'), { expand } = require('dotenv-expand');
  const inputs = [];
  for (let i = 0; i < count / 4; i++)
    inputs.push(JSON.stringify({ text: several(5, dotenvLine).join('\n'), environment: one([{}, {}, { A: 'own' }, { B: '' }, { C: '$A\\$B' }]) }));
  const ours = ask('dotenv', inputs);
  let endless = 0;
  const expected = inputs.map((input, i) => {
    const { text, environment } = JSON.parse(input), parsed = parse(text), processEnv = { ...parsed, ...environment };
    if (ours[i] === 'error')
      return endless++ < 5 && endsWell(require.resolve('dotenv-expand'), parsed, processEnv) ? 'an end' : undefined;
    return JSON.stringify(expand({ parsed, processEnv }).parsed);
  });
  return compare('dotenv', inputs, expected, (a, b) => a === b);
}

// --- resolve ------------------------------------------------------------------------------------------------------

const names = ['a', 'b', 'c', 'd', 'e'];
const deepPath = () => ['custom', one(names), ...several(2, () => one([...names, '0', '1', 'length']))].join('.');
const leaf = () => one([() => 5, () => true, () => null, () => 0, () => '', () => 'text', () => 'text', () => '${A::B}', () => '\\${self:custom.a}']);
const resolvable = (depth) => {
  const inner = (otherwise) => (depth > 0 && random() < 0.25 ? resolvable(depth - 1) : otherwise());
  const first = one([
    () => `self:${inner(deepPath)}`, () => `self:${deepPath()}`, () => `self:${deepPath()}`, () => `self:custom.${inner(() => one(names))}`,
    () => `opt:${one(['stage', 'x', 'y'])}`, () => `env:${one(['E', 'F', 'G'])}`, () => `sls:stage`, () => `param:${one(['p', 'q', 'r', 's'])}`,
    () => `file(${one(['x', 'y', 'z'])}.${one(['json', 'json', 'txt'])})${maybe(0.6, () => `:${one(names)}${maybe(0.3, () => `.${one(names)}`)}`)}`,
    () => `strToBool(${inner(() => one(['true', '1', '0', "'0'", "' TRUE '", 'x', "'false'"]))})`, () => 'aws:region', () => 'self:',
  ]);
  const fallback = () => one([first, literal, () => "'f'"])();
  return `\${${first()}${maybe(0.5, () => `, ${fallback()}`)}}`;
};
const string = () => one([() => resolvable(1), () => resolvable(1), () => `pre-${resolvable(1)}`, () => `${resolvable(0)}${resolvable(0)}`,
  () => `\\${resolvable(0)}`, () => `$${resolvable(0)}`])();
const value = (depth) => one([leaf, leaf, string, string, ...(depth > 0 ? [() => map(depth - 1), () => several(3, () => value(depth - 1))] : [])])();
const evaluate = (v) => (typeof v === 'function' ? evaluate(v()) : Array.isArray(v) ? v.map(evaluate) :
  v && typeof v === 'object' ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, evaluate(x)])) : v);
const map = (depth) => Object.fromEntries(several(4, () => [one(names), value(depth)]));

function project() {
  const stage = one([undefined, 'dev', 'prod', '${opt:stage, "dev"}']);
  return evaluate({
    config: {
      service: 's', provider: { name: 'aws', ...(stage ? { stage } : {}) }, custom: map(2),
      params: { default: { p: value(1), q: value(0) }, dev: { p: value(0), r: string() }, prod: { s: string() } },
    },
    options: one([{}, { stage: 'prod' }, { x: '${self:custom.a}' }]), params: one([{}, { q: 'given ' }]),
    environment: one([{}, { E: 'e', F: '${self:custom.b}' }, { G: '' }]),
    files: { 'x.json': JSON.stringify(evaluate(map(1))), 'y.json': JSON.stringify(evaluate(value(1))), 'x.txt': evaluate(one(['t', '${self:custom.a}\n'])) },
  });
}

const deadline = Symbol('deadline');
async function resolveByReference(input, folder) {
  const { config, options, params, environment, files } = input;
  for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name));
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
  for (const name of ['E', 'F', 'G']) delete process.env[name];
  Object.assign(process.env, environment);
  const configuration = structuredClone(config), meta = variables('resolve-meta.js')(configuration);
  const broken = () => [...meta.values()].some((m) => m.error);
  if (broken()) return 'error';
  const instance = { instanceId: '1', configurationInput: configuration, getProvider: () => ({}),
    processedInput: { options: { param: Object.entries(params).map(([k, v]) => `${k}=${v}`) } } };
  const dependent = (name) => variables(`sources/instance-dependent/${name}.js`)(instance);
  const resolver = { serviceDir: folder, configuration, variablesMeta: meta, options,
    sources: { env: variables('sources/env.js'), file: variables('sources/file.js'), opt: variables('sources/opt.js'),
      self: variables('sources/self.js'), strToBool: variables('sources/str-to-bool.js'), sls: dependent('get-sls') },
    fulfilledSources: new Set(['env', 'file', 'opt', 'self', 'strToBool', 'sls']) };
  resolver.isPropertyDeferred = variables('defer-irrelevant-stage-params.js')(configuration, resolver);
  const resolve = (paths) => Promise.race([
    variables('resolve.js')({ ...resolver, ...(paths ? { propertyPathsToResolve: new Set(paths) } : {}) }),
    new Promise((done) => setTimeout(done, 300, deadline).unref())]);
  for (const step of [['provider\0stage'], null, 'param', 'aws']) {
    if (step === 'param') resolver.sources.param = dependent('param');
    if (step === 'aws') resolver.sources.aws = dependent('get-aws');
    if (step) resolver.fulfilledSources.add(step);
    if ((await resolve(Array.isArray(step) ? step : null)) === deadline) return undefined; // it waits for itself
    if (broken()) return 'error';
  }
  for (const name of [...meta.keys()]) if (resolver.isPropertyDeferred(name)) meta.delete(name);
  return meta.size ? 'error' : JSON.stringify(configuration);
}

async function resolveAll() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slsws-variables-'));
  const inputs = [], expected = [];
  for (let i = 0; i < count / 10; i++) {
    const input = project();
    inputs.push(JSON.stringify(input));
    expected.push(await resolveByReference(input, folder));
  }
  fs.rmSync(folder, { recursive: true });
  return compare('resolve', inputs, expected, (a, b) => (a === 'error' ? b.startsWith('error') : a === b));
}

const only = argument('--only');
let wrong = 0;
for (const [name, run] of Object.entries({ parse: parseAll, dotenv: dotenvAll, resolve: resolveAll }))
  if (!only || only === name) wrong += await run();
process.exit(wrong ? 1 : 0);
