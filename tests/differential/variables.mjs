#!/usr/bin/env node
// Variables, held to the reference: generated texts and configurations go through its own modules and through ours.
//
//   node tests/differential/variables.mjs [--seed N] [--count N] [--binary build/tests/variables] [--only parse|dotenv|resolve]
//                                         [--show N]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { options as given_, random as randomOf, readAll, referenceModule } from './differential.mjs';

const { binary, count, seed, show: most, only } = { ...given_() };
const variables = (name) => referenceModule(`osls/lib/configuration/variables/${name}`);
const modules = path.resolve(process.env.SLSWS_MODULES ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '../reference/node_modules'));
const r = randomOf(seed);
const one = r.pick;
const maybe = (chance, make) => (r.chance(chance) ? make() : '');
const several = (most, make) => r.times(0, most, make);

// --- the other side -----------------------------------------------------------------------------------------------

const ask = (mode, inputs) => readAll(binary, mode, inputs).map((x) => x.json ?? `error ${x.error}`);

const same = (a, b) => (a === 'error' ? b.startsWith('error') : a === b);

function compare(mode, inputs, expected) {
  const answers = ask(mode, inputs);
  let wrong = 0, errors = 0;
  inputs.forEach((input, i) => {
    if (expected[i] === undefined) return;
    if (expected[i] === 'error') errors++;
    if (same(expected[i], answers[i] ?? '(none)')) return;
    if (wrong++ < most) console.log(`${mode}: ${JSON.stringify(input)}\n  reference ${expected[i]}\n  slsws     ${answers[i]}`);
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
  const rest = several(2, () => source(depth)).concat(r.chance(0.4) ? [literal()] : []);
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
  const inputs = Array.from({ length: count * 4 }, (_, i) => (i % 2 ? text() : noise())).filter((t) => !stumbles(t));
  const expected = inputs.map((t) => {
    try {
      const parts = parse(t);
      return parts ? show(t, parts) : 'null';
    } catch (e) {
      if (!e.code) throw e;
      return 'error';
    }
  });
  return compare('parse', inputs, expected);
}

// --- dotenv -------------------------------------------------------------------------------------------------------

const dotenvPieces = ['A', 'B', 'C', '=', '=', '=', '\n', '\n', '\r\n', "'", '"', '`', ' ', '#', '\\', 'export ', ': ', '$A', '${B}', '${A:-x}',
  '${C-$A}', '${B:+y}', '${C+z}', '\\$A', '\\n', 'v', '.', '\\"', "\\'", '$', '{', '}', '-', '$$', 'null', '\t', '\u00a0'];
const dotenvLine = () => one([() => several(8, () => one(dotenvPieces)).join(''), () => `${one(['A', 'B', 'C', 'D'])}=` +
  one(['', ' ', "'", '"', '`'])+ several(5, () => one(dotenvPieces)).join('') + one(['', "'", '"', ' # c'])])();

// The reference may go round and round until memory ends: what we say is endless is only given to it in a process of its own,
// and only now and then.
function endsWell(parsed, processEnv) {
  const probe = `const i = JSON.parse(process.argv[1]); require(${JSON.stringify(path.join(modules, 'dotenv-expand'))}).expand({ parsed: i[0], processEnv: i[1] })`;
  const run = spawnSync(process.execPath, ['--max-old-space-size=100', '-e', probe, JSON.stringify([parsed, processEnv])], { timeout: 1000 });
  return run.status === 0;
}

function dotenvAll() {
  const { parse } = referenceModule('dotenv'), { expand } = referenceModule('dotenv-expand');
  const inputs = [];
  for (let i = 0; i < count; i++)
    inputs.push(JSON.stringify({ text: several(5, dotenvLine).join('\n'), environment: one([{}, {}, { A: 'own' }, { B: '' }, { C: '$A\\$B' }]) }));
  const ours = ask('dotenv', inputs);
  let endless = 0;
  const expected = inputs.map((input, i) => {
    const { text, environment } = JSON.parse(input), parsed = parse(text), processEnv = { ...parsed, ...environment };
    if (ours[i].startsWith('error'))
      return endless++ < 5 && endsWell(parsed, processEnv) ? 'an end' : undefined;
    return JSON.stringify(expand({ parsed, processEnv }).parsed);
  });
  return compare('dotenv', inputs, expected);
}

// --- resolve ------------------------------------------------------------------------------------------------------

const names = ['a', 'b', 'c', 'd', 'e'];
const deepPath = () => ['custom', one(names), ...several(2, () => one([...names, '0', '1', 'length']))].join('.');
const leaf = () => one([() => 5, () => true, () => null, () => 0, () => '', () => 'text', () => 'text', () => '${A::B}', () => '\\${self:custom.a}']);
const resolvable = (depth) => {
  const inner = (otherwise) => (depth > 0 && r.chance(0.25) ? resolvable(depth - 1) : otherwise());
  const first = one([
    () => `self:${inner(deepPath)}`, () => `self:${deepPath()}`, () => `self:${deepPath()}`, () => `self:custom.${inner(() => one(names))}`,
    () => `opt:${one(['stage', 'x', 'y'])}`, () => `env:${one(['E', 'F', 'G'])}`, () => `sls:stage`, () => `param:${one(['p', 'q', 'r', 's'])}`,
    () => `file(${one(['x', 'y', 'z'])}.${one(['json', 'json', 'txt'])})${maybe(0.6, () => `:${one(names)}${maybe(0.3, () => `.${one(names)}`)}`)}`,
    () => `strToBool(${one(['true', '1', "'0'", "' TRUE '", "'false'", inner(() => '0')])})`, () => 'aws:region',
  ]);
  const fallback = () => one([() => `${first()}, 7`, () => one(['5', 'true', 'null', '0x10']), () => "'f'", () => "'f'"])();
  return `\${${first()}${maybe(0.85, () => `, ${fallback()}`)}}`;
};
const string = () => one([() => resolvable(1), () => resolvable(1), () => `pre-${resolvable(1)}`, () => `${resolvable(0)}${resolvable(0)}`,
  () => `\\${resolvable(0)}`, () => `$${resolvable(0)}`])();
const value = (depth) => one([leaf, leaf, leaf, leaf, string, string, ...(depth > 0 ? [() => map(depth - 1), () => several(3, () => value(depth - 1))] : [])])();
const evaluate = (v) => (typeof v === 'function' ? evaluate(v()) : Array.isArray(v) ? v.map(evaluate) :
  v && typeof v === 'object' ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, evaluate(x)])) : v);
const map = (depth) => Object.fromEntries(several(4, () => [one(names), value(depth)]));

// Files that include files until the reference's memory ends are left to the fixtures.
const content = (v) => JSON.stringify(evaluate(v)).replaceAll('file(', 'self(');

function project() {
  const stage = one([undefined, 'dev', 'prod', '${opt:stage, "dev"}']);
  return evaluate({
    config: {
      service: 's', provider: { name: 'aws', ...(stage ? { stage } : {}) }, custom: map(2),
      params: { default: { p: value(1), q: value(0) }, dev: { p: value(0), r: string() }, prod: { s: string() } },
    },
    options: one([{}, { stage: 'prod' }, { x: '${self:custom.a}' }]), params: one([{}, { q: 'given ' }]),
    environment: one([{}, { E: 'e', F: '${self:custom.b}' }, { G: '' }]),
    files: { 'x.json': content(map(1)), 'y.json': content(value(1)), 'x.txt': evaluate(one(['t', '${self:custom.a}\n'])) },
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
  const resolve = async (paths) => {
    let timer;
    const late = new Promise((done) => { timer = setTimeout(done, 200, deadline); });
    try {
      return await Promise.race([late, variables('resolve.js')({ ...resolver, ...(paths ? { propertyPathsToResolve: new Set(paths) } : {}) })]);
    } finally {
      clearTimeout(timer);
    }
  };
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
  const inputs = r.times(count >> 1, count >> 1, () => JSON.stringify(project())), expected = [];
  // What goes round and round until a bound stops it here takes all memory there.
  for (const [i, ours] of ask('resolve', inputs).entries())
    expected.push(/C105|C112|C104\]: '\$\{param/.test(ours) ? undefined : await resolveByReference(JSON.parse(inputs[i]), folder));
  fs.rmSync(folder, { recursive: true });
  return compare('resolve', inputs, expected);
}

process.on('unhandledRejection', () => {}); // the reference caches promises that nobody waits for
let wrong = 0;
for (const [name, run] of Object.entries({ parse: parseAll, dotenv: dotenvAll, resolve: resolveAll }))
  if (!only || only === name) wrong += await run();
process.exit(wrong ? 1 : 0);
