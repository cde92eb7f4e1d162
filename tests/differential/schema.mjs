#!/usr/bin/env node
// Compares our schema check with the reference's own validator over generated configurations: whether each is valid,
// and what coercions and the lifting of nulls leave of it, key order included.
//
//   node tests/differential/schema.mjs [--program build/tests/configs] [--count 3000] [--seed 1] [--show 5]
//
// Exits with 77 where the reference is not installed (`npm ci` in tests/reference; or SLSWS_REFERENCE names a folder
// with its node_modules).
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    program: { type: 'string', default: path.join(here, '../../build/tests/configs') },
    count: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
    show: { type: 'string', default: '5' },
  },
});

// --- the reference ------------------------------------------------------------------------------------------------

const modules = process.env.SLSWS_REFERENCE ?? path.join(here, '../reference');
const require = createRequire(path.join(modules, 'index.js'));
process.env.SLS_NOTIFICATIONS_MODE = 'off';
process.env.SLS_SCHEMA_CACHE_BASE_DIR = fs.mkdtempSync(path.join(os.tmpdir(), 'slsws-schema-'));
let Serverless, Handler;
try {
  Serverless = require('osls/lib/serverless');
  Handler = require('osls/lib/classes/config-schema-handler');
} catch {
  console.log('the reference is not installed');
  process.exit(77);
}
const home = process.env.SLS_SCHEMA_CACHE_BASE_DIR;
const serverless = new Serverless({
  commands: ['package'],
  options: {},
  serviceDir: home,
  configurationFilename: 'serverless.yml',
  configuration: { service: 'test', provider: { name: 'aws' }, functions: {} },
});
await serverless.init();
const handler = serverless.configSchemaHandler;
serverless.service.configValidationMode = 'off';

async function reference(config) {
  serverless.configurationInput = config;
  await handler.validateConfig(config);
  return { valid: Handler.getConfigurationValidationResult(config), text: JSON.stringify(config) };
}
await reference({ service: 'test', provider: { name: 'aws' } }); // puts definitions in place of $refs

// --- configurations -----------------------------------------------------------------------------------------------

let state = Number(options.seed) >>> 0;
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = (n) => Math.floor(random() * n);
const chance = (p) => random() < p;
const pick = (list) => list[below(list.length)];

const scalars = [
  '', 'a', 'abc', '15', ' 15 ', '0x10', '1e3', '-1', '1.5', '0', '1', 'true', 'false', 'null', '*', 'Infinity', '64 ',
  'arn:aws:sns:us-east-1:123456789012:t', 'arn:aws:kms:x', 'arn:x', '123456789012', 'INFO', 'ERROR', '$default', '/p/',
  'us-east-1', 'nodejs20.x', 'dev', 'x y', 'ä', 'https://example.com/x', 'header', 'Regional', 'image/png',
  0, 1, -1, 2, 3, 5, 14, 15, 128, 600, 1.5, 1e21, true, false,
];
const maps = [
  {}, { Ref: 'X' }, { Ref: '' }, { Ref: 5 }, { Ref: null }, { 'Fn::GetAtt': ['A', 'Arn'] }, { 'Fn::GetAtt': ['A'] },
  { 'Fn::GetAtt': ['A', 1] }, { 'Fn::Sub': 'x' }, { 'Fn::Sub': ['x', {}] }, { 'Fn::Join': [',', ['a', 1]] },
  { 'Fn::Join': ['', 'a'] }, { 'Fn::Join': [1, 2] }, { 'Fn::ImportValue': 'x' }, { 'Fn::ImportValue': { 'Fn::Sub': 'x' } },
  { 'Fn::If': ['c', 'a', 'b'] }, { 'Fn::If': ['c', 1, { Ref: 'X' }] }, { 'Fn::If': ['c', 'a'] },
  { 'Fn::Select': [0, ['a']] }, { 'Fn::Select': ['0', { 'Fn::Split': [',', 'a'] }] }, { 'Fn::Split': [',', { Ref: 'X' }] },
  { 'Fn::Split': [1, true] }, { 'Fn::FindInMap': ['a', 'b', 3] }, { 'Fn::Base64': 'x' }, { 'Fn::ToJsonString': { a: 1 } },
  { 'Fn::ToJsonString': 5 }, { a: null, b: 1 }, { unknown: true }, { a: { b: null, c: [null, { d: null, e: 1 }] } },
];
const leaf = () => (chance(0.7) ? pick(scalars) : structuredClone(pick(maps)));
const key = () => pick(['a', 'b1', 'my-fn', 'my_fn', 'x y', 'X', '10', '2', 'aws:x', 'constructor', 'é']);

// Values that a list accepts, one long, get wrapped and unwrapped: where coercion is at its most surprising.
let noise = 0.1; // of this configuration
const disturbed = (value) => {
  if (!chance(noise)) return value;
  const dice = random();
  if (dice < 0.3) return [value];
  if (dice < 0.36) return [[value]];
  if (dice < 0.5) return null;
  if (dice < 0.6 && Array.isArray(value)) return value[0] ?? leaf();
  if (dice < 0.7 && ['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  return leaf();
};

const examples = {
  '^[a-zA-Z0-9-_]+$': ['fn', 'my-fn', '5'], '^[A-Za-z0-9-]+$': ['dev', 'prod'], '^arn:': ['arn:x'], '^\\d{12}$': ['123456789012'],
  '^[A-Za-z_][a-zA-Z0-9_]*$': ['A', 'B_1', 'C'], '^[a-zA-Z0-9]{1,255}$': ['A', 'B', 'Bucket1'],
  '^(?!aws:)[\\w./=+:\\-_\\x20]{1,128}$': ['tag', 'a b', '1', 'T:x'], '^[a-z][a-z0-9-_]{1,31}$': ['image'],
};
const text = (schema) => pick(examples[schema.pattern] ?? scalars.filter((s) => typeof s === 'string'));

function generate(schema, depth) {
  return disturbed(plain(schema, depth));
}

function plain(schema, depth) {
  if (schema === true || !schema || depth > 12) return leaf();
  if ('const' in schema) return schema.const;
  if (schema.enum) return pick(schema.enum);
  if (schema.anyOf && schema.type !== 'object') return generate(pick(schema.anyOf), depth + 1);
  if (schema.oneOf && schema.type !== 'object') return generate(pick(schema.oneOf), depth + 1);
  switch (schema.type) {
    case 'string': return text(schema);
    case 'integer':
    case 'number': return pick([schema.minimum ?? 0, schema.maximum ?? 14, 1, 14, '15', 600]);
    case 'boolean': return pick([true, false, 'true', 'false', 0, 1]);
    case 'null': return null;
    case 'array': return Array.from({ length: pick([0, 1, 1, 1, 2, 2, 3]) }, (_, i) =>
      Array.isArray(schema.items) ? generate(schema.items[i], depth + 1) : generate(schema.items, depth + 1));
    case 'object': return map(schema, depth);
    default: return leaf();
  }
}

function map(schema, depth) {
  const out = {}, names = Object.keys(schema.properties ?? {});
  const wanted = names.filter((n) => schema.required?.includes(n) ? chance(0.95) : chance(depth < 2 ? 0.12 : 3 / names.length));
  for (const name of wanted) out[name] = generate(schema.properties[name], depth + 1);
  for (const [pattern, child] of Object.entries(schema.patternProperties ?? {})) {
    for (let n = below(3); n > 0; n--) out[chance(0.9) ? pick(examples[pattern] ?? ['A']) : key()] = generate(child, depth + 1);
  }
  if (schema.additionalProperties !== false && !names.length) {
    for (let n = below(3); n > 0; n--) out[key()] = generate(schema.additionalProperties, depth + 1);
  }
  if (chance(noise / 3)) out[key()] = leaf();
  return out;
}

const eventNames = handler.schema.properties.functions.patternProperties['^[a-zA-Z0-9-_]+$'].properties.events.items.anyOf
  .map((s) => Object.keys(s.properties)[0]).filter((n) => n !== '__schemaWorkaround__');

// What ours does not check yet, and the mode in which it says nothing.
const notOurs = (config) => {
  delete config.provider.s3;
  if (typeof config.provider.stage !== 'string') delete config.provider.stage; // dies before the check
  if (config.configValidationMode === 'off') delete config.configValidationMode;
};

function configuration() {
  const { properties } = handler.schema, config = { service: 'test', provider: null };
  noise = pick([0.003, 0.01, 0.1]);
  config.provider = map(properties.provider, 1);
  config.provider.name = 'aws';
  for (const [name, schema] of Object.entries(properties)) {
    if (name !== 'service' && name !== 'provider' && name !== 'functions' && chance(0.15)) config[name] = generate(schema, 1);
  }
  if (chance(0.5)) config.functions = functions(properties.functions.patternProperties['^[a-zA-Z0-9-_]+$']);
  if (chance(0.02)) config.service = leaf();
  notOurs(config);
  return config;
}

function functions(schema) {
  const out = {}, events = schema.properties.events;
  for (const name of ['fn', 'other'].slice(0, 1 + below(2))) {
    out[name] = map({ ...schema, properties: { ...schema.properties, events: undefined, name: schema.properties.name } }, 2);
    delete out[name].events;
    if (!out[name].name) delete out[name].name;
    if (chance(0.4)) {
      const websocket = events.items.anyOf.find((s) => s.properties.websocket).properties.websocket;
      out[name].events = Array.from({ length: below(3) }, () => disturbed(chance(1 - noise)
        ? { websocket: generate(websocket, 4) }
        : chance(0.5) ? { [key()]: leaf() } : { websocket: 'x', [key()]: leaf() }));
      if (!out[name].events?.length) delete out[name].events;
    }
  }
  return out;
}

// --- the comparison -----------------------------------------------------------------------------------------------

const program = spawn(options.program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
let buffer = Buffer.alloc(0);
let wake;
program.stdout.on('data', (chunk) => { buffer = Buffer.concat([buffer, chunk]); wake?.(); });
program.on('close', () => wake?.());

async function ours(config) {
  const json = Buffer.from(JSON.stringify(config));
  program.stdin.write(`${json.length}\n`);
  program.stdin.write(json);
  for (;;) {
    const line = buffer.indexOf(10);
    const length = line < 0 ? NaN : Number(buffer.subarray(0, line));
    if (line >= 0 && buffer.length >= line + 1 + length) {
      const [verdict, result, ...findings] = buffer.subarray(line + 1, line + 1 + length).toString().split('\n');
      buffer = buffer.subarray(line + 1 + length);
      return { valid: verdict === 'valid', text: result, findings: findings.join('\n') };
    }
    if (program.exitCode !== null || program.signalCode) throw new Error('the program ended');
    await new Promise((resolve) => { wake = resolve; });
  }
}

let wrong = 0, valid = 0;
const count = Number(options.count);
for (let i = 0; i < count; i++) {
  const config = configuration(), input = JSON.stringify(config);
  const mine = await ours(config);
  const theirs = await reference(JSON.parse(input));
  valid += theirs.valid;
  if (mine.valid === theirs.valid && mine.text === theirs.text) continue;
  if (wrong++ >= Number(options.show)) continue;
  console.log(`--- ${i}\ninput     ${input}\nreference ${theirs.valid ? 'valid' : 'invalid'} ${theirs.text}`);
  console.log(`ours      ${mine.valid ? 'valid' : 'invalid'} ${mine.text}\n${mine.findings}`);
}
program.stdin.end();
fs.rmSync(home, { recursive: true, force: true });
console.log(`${count} configurations, ${valid} of them valid, ${eventNames.length} event types: ${wrong} differ`);
process.exit(wrong ? 1 : 0);
