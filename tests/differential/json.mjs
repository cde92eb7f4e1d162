#!/usr/bin/env node
// Reads generated JSON with JSON.parse and with slsws, and compares what they make of it. The options are those of
// yaml.mjs. Refused by slsws alone: a half of a surrogate pair, a number of more than 63 characters.
import { compare, options, random } from './differential.mjs';

const given = options();
const r = random(given.seed);

const reference = (text) => {
  try {
    return { json: JSON.stringify(JSON.parse(JSON.stringify(JSON.parse(text)))) };
  } catch (error) {
    return { error: error.message };
  }
};

const numbers = ['0', '-0', '1', '-1', '1.5', '1e3', '1E+3', '1e-3', '1e999', '-1e999', '01', '1.', '.5', '+1', '-', '1e', '0x1F', '9007199254740993', '5e-324', '1e21', '123456789012345678901', '0.1', '1_000'];
const strings = ['""', '"a"', '"a b"', '"\\n\\t\\"\\\\\\/"', '"\\u0041"', '"\\u0000"', '"\\ud83d\\ude00"', '"é"', '"😀"', '"\\x"', '"\\u12"', '"a\tb"', '"a', "'a'", '"\\ud83d"', '"\u2028"', '"__proto__"', '"1"', '"01"', '"\\u00e9"', '"constructor"'];
const words = ['null', 'true', 'false', 'nul', 'True', 'NaN', 'Infinity', 'undefined', 'nulll'];
const space = () => (r.chance(0.8) ? '' : r.pick([' ', '\n', '\t', '\r\n', '\r', '  ', '\u00a0', '\ufeff', '\f', '/**/', '\u2028']));

function value(depth) {
  const n = r.below(depth > 3 ? 6 : 10);
  if (n < 3) return r.pick(r.chance(0.9) ? numbers.slice(0, 10) : numbers);
  if (n < 5) return r.pick(r.chance(0.9) ? strings.slice(0, 9) : strings);
  if (n < 6) return r.pick(r.chance(0.9) ? words.slice(0, 3) : words);
  const end = r.chance(0.97) ? '' : ',';
  if (n < 8) return `[${space()}${r.times(0, 4, () => value(depth + 1)).join(`${space()},${space()}`)}${space()}${end}]`;
  const key = () => r.pick(r.chance(0.97) ? ['"a"', '"b"', '"1"', '"0"', '"__proto__"', '"é"', '"\\u0061"', '""'] : ['a', '1', "'a'", 'null']);
  return `{${space()}${r.times(0, 4, () => `${key()}${space()}:${space()}${value(depth + 1)}`).join(`${space()},${space()}`)}${space()}${end}}`;
}

const valueCase = () => space() + value(0) + space();

function mutationCase() {
  const characters = [...valueCase()];
  for (let n = 1 + r.below(2); n > 0; n -= 1) {
    const at = r.below(characters.length + 1);
    characters.splice(at, r.below(2), ...(r.chance(0.5) ? [] : [r.pick([...'{}[]:,"0123456789.-+eE\\/ntu \n\té\u0001a'])]));
  }
  return characters.join('');
}

let failed = false;
for (const [name, make] of Object.entries({ value: valueCase, mutation: mutationCase })) {
  if (given.only && given.only !== name) continue;
  const texts = Array.from({ length: given.count }, make);
  const counts = compare({ binary: given.binary, name: 'x.json', texts, reference, given });
  console.log(`${name}: ${texts.length} texts, ${counts.same} alike (${counts.read} of them read), only refused by us ${counts.refused}, different ${counts.different}, only read by us ${counts.accepted}`);
  failed ||= counts.different + counts.accepted > 0;
}
process.exit(failed ? 1 : 0);
