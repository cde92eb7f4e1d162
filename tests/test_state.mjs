#!/usr/bin/env node
// What `slsws package --package` writes beside the zips, compared with what the reference writes: for each case of
// fixtures/ that has a state.json, which record.mjs records. It holds the template as well.
//
//	node tests/test_state.mjs --binary build/slsws [PREFIX...]
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lines, placeCase, recordedState } from './recorded.mjs';

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'fixtures');
const { values: { binary }, positionals: prefixes } = parseArgs({ allowPositionals: true,
  options: { binary: { type: 'string' } } });
const names = fs.readdirSync(fixtures).filter((name) => fs.existsSync(path.join(fixtures, name, 'state.json')) &&
  (!prefixes.length || prefixes.some((prefix) => name.startsWith(prefix))));

// The state as who deploys reads it: {"$ref": "$[\"service\"][0]..."} is the value at that path.
function read(text) {
  const state = JSON.parse(text);
  const at = (ref) => [...ref.matchAll(/\[(\d+|"(?:[^"\\]|\\.)*")\]/g)].reduce((v, [, key]) => v[JSON.parse(key)], state);
  const resolve = (value) => {
    for (const [key, item] of Object.entries(value)) {
      if (typeof item?.$ref === 'string') value[key] = at(item.$ref);
      else if (item && typeof item === 'object') resolve(item);
    }
  };
  resolve(state);
  return state;
}

function check(name) {
  const dir = path.join(fixtures, name);
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'slsws-state-'));
  const work = path.join(scratch, 'service'), packed = path.join(scratch, 'packed');
  try {
    placeCase(dir, work);
    const env = { PATH: process.env.PATH, HOME: scratch };
    for (const line of lines(path.join(dir, 'env'))) env[line.split('=')[0]] = line.slice(line.indexOf('=') + 1);
    const args = ['package', ...lines(path.join(dir, 'args')), '--package', packed];
    const { status, stderr } = spawnSync(path.resolve(binary), args, { cwd: work, env, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const content = (file) => fs.readFileSync(path.join(packed, file), 'utf8');
    const text = content('serverless-state.json');
    assert.equal(recordedState(text, fs.realpathSync(work)), fs.readFileSync(path.join(dir, 'state.json'), 'utf8'));
    assert.equal(text, JSON.stringify(JSON.parse(text), null, 2));
    const { compiledCloudFormationTemplate: update, coreCloudFormationTemplate: core } = read(text).service.provider;
    assert.deepEqual(update, JSON.parse(content('cloudformation-template-update-stack.json')));
    assert.equal(fs.existsSync(path.join(packed, 'cloudformation-template-create-stack.json')), Boolean(core));
    if (core) assert.equal(content('cloudformation-template-create-stack.json'), JSON.stringify(core, null, 2));
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

let failed = 0;
for (const name of names) {
  try {
    check(name);
    console.log(`ok     ${name}`);
  } catch (error) {
    console.log(`FAILED ${name}: ${error.message}`);
    failed++;
  }
}
console.log(`${names.length - failed} passed, ${failed} failed`);
process.exit(failed || !names.length ? 1 : 0);
