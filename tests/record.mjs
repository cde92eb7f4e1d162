#!/usr/bin/env node
// Records what fixtures expect from the reference: fixtures/<case>/template.json, and state.json where there is one; of a
// case of `print` stdout.txt.
//
//   node tests/record.mjs              every case that is compared with the reference
//   node tests/record.mjs CASE...      these
//   node tests/record.mjs --check N    records a sample of N cases again, changes nothing, fails where one differs
//   node tests/record.mjs --check all
//
// The reference is the osls of reference/package.json or, in a case whose file `reference` says v3, its serverless;
// `npm ci` in tests/reference installs both. It runs in a copy of the case, with what its packaging needs and a case
// has no use for: files for its handlers, artifacts and layers. A case may hold a reference.yml that the reference
// gets in place of serverless.yml, where slsws is given the same by flags that only it has (--stub).
//
// What depends on the clock or on zip bytes is masked by masks.txt, as the runner of the fixtures does. Versions,
// aliases, URLs and layers, which the reference writes as their hashes finish, are put in the order of the configuration.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bringInOrder, lines, mask, placeCase, placeMissing, recordedState } from './recorded.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const fixtures = path.join(here, '..', 'fixtures');
// tools/setup.sh puts one here where the system's is too old for the reference
const ownNode = path.join(here, 'reference', 'node', 'node');
const node = fs.existsSync(ownNode) ? ownNode : process.execPath;
const references = { osls: 'osls', v3: 'serverless' };
const ownFlags = { '--no-code': 0, '--stub': 1, '--stubs': 1, '--strict': 0, '--quiet': 0 }; // flag to number of values

// A case of `print`: its argv holds the command too, and what is recorded is what the reference prints.
const prints = (dir) => lines(path.join(dir, 'argv'))[0] === 'print';

function referenceArguments(dir) {
  const command = prints(dir) ? 'print' : 'package', kept = [];
  const given = prints(dir) ? lines(path.join(dir, 'argv')).slice(1) : lines(path.join(dir, 'args'));
  for (let i = 0; i < given.length; i++) {
    const flag = given[i].split('=')[0];
    if (flag in ownFlags) i += given[i].includes('=') ? 0 : ownFlags[flag];
    else kept.push(given[i]);
  }
  // slsws takes the configuration as an argument, the reference by its flag
  const files = kept.filter((a, i) => /\.(ya?ml|json)$/.test(a) && !kept[i - 1]?.startsWith('-') && !a.startsWith('-'));
  return [command, ...kept.flatMap((a) => (files.includes(a) ? ['--config', a] : [a]))];
}

// --- running ------------------------------------------------------------------------------------------------------

function runReference(program, args, cwd, env) {
  return new Promise((done) => {
    const child = spawn(node, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '', out = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), 60000);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
    child.stdout.on('data', (data) => (out += data));
    child.on('close', (code, signal) => { clearTimeout(timer); done({ code: signal ?? code, said, out }); });
  });
}

async function recording(name) {
  const dir = path.join(fixtures, name);
  const [which = 'osls'] = lines(path.join(dir, 'reference')).map((l) => l.trim());
  const root = path.join(here, 'reference', 'node_modules', references[which] ?? which);
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'slsws-record-')), work = path.join(scratch, 'service');
  try {
    placeCase(dir, work);
    const substitute = path.join(work, 'reference.yml');
    if (fs.existsSync(substitute)) fs.renameSync(substitute, path.join(work, 'serverless.yml'));
    placeMissing(work);
    const env = { PATH: process.env.PATH, HOME: scratch, REFERENCE_ROOT: root, SLS_TELEMETRY_DISABLED: '1',
      SLS_NOTIFICATIONS_MODE: 'off', SLS_TRACKING_DISABLED: '1', NODE_NO_WARNINGS: '1' };
    for (const line of lines(path.join(dir, 'env'))) env[line.split('=')[0]] = line.slice(line.indexOf('=') + 1);
    const args = referenceArguments(dir);
    const { code, said, out } = await runReference(root, ['--require', path.join(here, 'reference', 'offline.cjs'),
      path.join(root, 'bin', 'serverless.js'), ...args], work, env);
    const made = path.join(work, '.serverless');
    if (code !== 0) throw new Error(`the reference (${which}) ends with ${code}\n${said.trim()}`);
    if (prints(dir)) return { 'stdout.txt': out };
    const template = JSON.parse(fs.readFileSync(path.join(made, 'cloudformation-template-update-stack.json'), 'utf8'));
    const state = fs.readFileSync(path.join(made, 'serverless-state.json'), 'utf8');
    bringInOrder(template, JSON.parse(state));
    return {
      'template.json': mask(JSON.stringify(template, null, args.includes('--minify-template') ? 0 : 2) + '\n'),
      'state.json': recordedState(state, fs.realpathSync(work)),
    };
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

function firstDifference(expected, actual) {
  const a = expected.split('\n'), b = actual.split('\n');
  const at = a.findIndex((line, i) => line !== b[i]);
  const from = at < 0 ? a.length : at;
  return `line ${from + 1}: recorded ${a[from] ?? '(end)'}\n    now      ${b[from] ?? '(end)'}`;
}

async function one(name, check) {
  try {
    for (const [file, text] of Object.entries(await recording(name))) {
      const place = path.join(fixtures, name, file), old = fs.existsSync(place) ? fs.readFileSync(place, 'utf8') : undefined;
      if (file === 'state.json' && old === undefined) continue;
      if (!check) fs.writeFileSync(place, text);
      else if (text !== old) throw new Error(`${file}: drift at ${firstDifference(old, text)}`);
    }
    console.log(`ok     ${name}`);
    return true;
  } catch (e) {
    console.log(`FAILED ${name}: ${e.message.replaceAll('\n', '\n    ')}`);
    return false;
  }
}

// --- which --------------------------------------------------------------------------------------------------------

const has = (name, file) => fs.existsSync(path.join(fixtures, name, file));
const all = fs.readdirSync(fixtures).filter((n) => fs.statSync(path.join(fixtures, n)).isDirectory() && !has(n, 'errors.txt') &&
  (!has(n, 'stdout.txt') || prints(path.join(fixtures, n))));
const digest = (name) => createHash('sha1').update(name).digest('hex');

function chosen(args) {
  if (args[0] === '--check') {
    const recorded = all.filter((n) => has(n, 'template.json') || has(n, 'stdout.txt'));
    // a sample that is the same each time, and spread over all areas
    const sample = recorded.sort((a, b) => (digest(a) < digest(b) ? -1 : 1));
    return args[1] === 'all' ? sample : sample.slice(0, Number(args[1] ?? 10));
  }
  return args.length ? args.map((a) => path.basename(a)) : all;
}

if (!fs.existsSync(path.join(here, 'reference', 'node_modules', 'osls'))) {
  console.error('the reference is not installed: run npm ci in tests/reference');
  process.exit(3);
}
const args = process.argv.slice(2), check = args[0] === '--check';
const queue = chosen(args).sort();
let passed = 0, failed = 0;
await Promise.all([1, 2].map(async () => {
  for (let name; (name = queue.shift()); ) (await one(name, check)) ? passed++ : failed++;
}));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
