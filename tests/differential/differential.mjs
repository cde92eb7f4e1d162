// What yaml.mjs and json.mjs share: a seeded generator, our readers at the other end of a pipe, and a comparison.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

// The same numbers for the same seed, on any machine (mulberry32).
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  return {
    below,
    chance: (p) => next() < p,
    pick: (list) => list[below(list.length)],
    times: (least, most, make) => Array.from({ length: least + below(most - least + 1) }, make),
  };
}

// js-yaml of tests/reference, or of the folder of packages that SLSWS_MODULES names.
export function referenceModule(name) {
  const folder = process.env.SLSWS_MODULES ?? path.join(here, '..', 'reference', 'node_modules');
  try {
    return createRequire(path.join(folder, 'x.js'))(path.join(folder, name));
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    console.log(`SKIP: no ${name} in ${folder}; 'npm ci' in tests/reference installs it`);
    process.exit(77);
  }
}

// What our reader makes of each text: { json } or { error }.
export function readAll(binary, name, texts) {
  const input = Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text);
      return [Buffer.from(`${bytes.length}\n`), bytes];
    })
  );
  const run = spawnSync(binary, [name], { input, maxBuffer: 1 << 30 });
  if (run.status !== 0) throw new Error(`${binary}: ${run.signal ?? run.status}\n${run.stderr}`);
  const results = [];
  for (let at = 0; at < run.stdout.length; ) {
    const newline = run.stdout.indexOf(10, at);
    const length = Number(run.stdout.toString('latin1', at, newline));
    const answer = run.stdout.toString('utf8', newline + 1, newline + 1 + length);
    results.push(answer.startsWith('error\n') ? { error: answer.slice(6) } : { json: answer });
    at = newline + 1 + length;
  }
  return results;
}

export function options() {
  const given = { seed: 1, count: 5000, binary: 'build/tests/texts', show: 10, shrink: false, refused: false, only: '' };
  const args = process.argv.slice(2);
  while (args.length) {
    const name = args.shift().replace(/^--/, '');
    if (!(name in given)) throw new Error(`unknown option --${name}`);
    given[name] = typeof given[name] === 'boolean' ? true : typeof given[name] === 'number' ? Number(args.shift()) : args.shift();
  }
  return given;
}

// same: both read the same or both refuse. refused: only we refuse, which is allowed. bad: anything else.
function judge(reference, ours) {
  if ('error' in reference) return 'error' in ours ? 'same' : 'accepted';
  if ('error' in ours) return 'refused';
  return reference.json === ours.json ? 'same' : 'different';
}

export function compare({ binary, name, texts, reference, given }) {
  const judgeAll = (list) => {
    const ours = readAll(binary, name, list);
    return list.map((text, i) => {
      const expected = reference(text);
      return { text, expected, ours: ours[i], verdict: judge(expected, ours[i]) };
    });
  };
  // The smallest text (by leaving out characters) with the same verdict and, for an error, the same beginning of it.
  const kind = (c) => `${c.verdict} ${(c.ours.error ?? '').split('\n')[0]} ${(c.expected.error ?? '').split('\n')[0]}`.replace(/'[^']*'/g, '');
  const shrink = (found) => {
    for (;;) {
      const characters = [...found.text];
      const candidates = [];
      for (const size of [8, 4, 2, 1]) {
        for (let i = 0; i + size <= characters.length; i += 1) {
          candidates.push([...characters.slice(0, i), ...characters.slice(i + size)].join(''));
        }
      }
      const smaller = judgeAll(candidates).find((c) => kind(c) === kind(found));
      if (!smaller) return found;
      found = smaller;
    }
  };
  const counts = { same: 0, read: 0, refused: 0, accepted: 0, different: 0 };
  const shown = new Map();
  for (let at = 0; at < texts.length; at += 2000) {
    for (const found of judgeAll(texts.slice(at, at + 2000))) {
      counts[found.verdict] += 1;
      counts.read += found.verdict === 'same' && 'json' in found.ours;
      if (found.verdict === 'same' || (found.verdict === 'refused' && !given.refused)) continue;
      if (shown.size >= given.show) continue;
      const small = given.shrink ? shrink(found) : found;
      const key = given.shrink ? `${small.verdict}${small.text}` : shown.size;
      if (!shown.has(key)) shown.set(key, small);
    }
  }
  for (const { text, expected, ours, verdict } of shown.values()) {
    console.log(`--- ${verdict}: ${JSON.stringify(text)}`);
    console.log(`reference: ${expected.json ?? expected.error.split('\n')[0]}`);
    console.log(`ours:      ${ours.json ?? ours.error.split('\n')[0]}`);
  }
  return counts;
}
