#!/usr/bin/env node
// Writes generated values as YAML with js-yaml's dump and with slsws, and compares the bytes. The options are those of
// yaml.mjs. What is dumped has been through JSON, as in the reference's print.
import { compare, options, random, referenceModule } from './differential.mjs';

const yaml = referenceModule('js-yaml');
const given = options();
const r = random(given.seed);

const reference = (text) => ({ json: yaml.dump(JSON.parse(text), { noRefs: true }) });

const words = ['a', 'ab', 'yes', 'No', 'on', 'true', 'null', '~', '1', '-1', '1.5', '1e3', '.5', '0x1F', '0o7', '0b1', '1_000', '1:30', '12:30:45', '-1:30.5', '1:', '.inf', '-.inf', '.nan',
  '2020-01-01', '2020-1-1', '2020-01-01T00:00:00Z', '2020-1-1 1:00:00', '2020-01-01 10:00:00.5 +1:30', '2020-01-01t10:00:00-05', '<<', '=', '-', '- a', '?', '? a', ':', ': a', 'a:', 'a: b', 'a:b', 'a #b', 'a#b', '#a', '&a', '*a',
  '!a', '|', '>', "'", "it's", '"', '%a', '@a', '`a', ',', 'a,b', '[a]', 'a]', '{a}', 'a}', ' a', 'a ', '\ta', 'a\t', 'a\tb', '', ' ', '\n', '\n\n', ' \n', '\n a', 'a\n', 'a\n\n', 'a\nb', 'a\n b\nc', 'é', '😀', '\u00a0', '\u0085', '\u2028', '\ufeff',
  '\u0000', '\u0007', '\u001b', '\u007f', '\u0080', '\ufffe', '\r', '\r\n', '${AWS::Region}', 'arn:aws:s3:::a/*', '---', '...', '--- a', 'y', 'N', '__proto__', '0', '01', '08', '+1', 'Infinity', 'NaN', '9007199254740993', 'x'.repeat(90)];
const piece = () => (r.chance(0.7) ? r.pick(['the', 'quick', 'brown fox', 'a', 'of', 'jumped over', '😀', 'éé', 'x'.repeat(1 + r.below(60))]) : r.pick(words));
const phrase = () => r.times(1, 30, piece).join(r.chance(0.8) ? ' ' : r.pick(['  ', '\n', '\n\n', ' \n', '\n  ', '']));
const characters = [...'aA0 :#-?,[]{}&*!|>\'"%@`\n\t~.=<_é😀\u00a0\u2028'];
const noise = () => r.times(0, 12, () => r.pick(characters)).join('');
const string = () => (r.chance(0.5) ? r.pick(words) : r.chance(0.6) ? phrase() : noise());
const numbers = [0, 1, -1, 1.5, 1e21, 1e-7, 1.5e-7, 5e-324, 123456789012345680000, -0.1, 1e300, 1.7976931348623157e308, 2 ** 53, 100];

function value(depth) {
  const n = r.below(depth > 4 ? 6 : 10);
  if (n < 4) return string();
  if (n < 5) return r.pick(numbers);
  if (n < 6) return r.pick([null, true, false]);
  if (n < 8) return r.times(0, 4, () => value(depth + 1));
  return Object.fromEntries(r.times(0, 4, () => [r.chance(0.02) ? 'k'.repeat(1010 + r.below(30)) : string(), value(depth + 1)]));
}

const deep = () => {
  let v = value(3);
  for (let n = r.below(30); n > 0; n -= 1) v = r.chance(0.5) ? [v] : { a: v };
  return v;
};

let failed = false;
for (const [name, make] of Object.entries({ value: () => value(0), string, deep })) {
  if (given.only && given.only !== name) continue;
  const texts = Array.from({ length: given.count }, () => JSON.stringify(make()));
  const counts = compare({ binary: given.binary, name: 'dump.json', texts, reference, given });
  console.log(`${name}: ${texts.length} values, ${counts.same} alike, different ${counts.different + counts.accepted + counts.refused}`);
  failed ||= counts.same !== texts.length;
}
process.exit(failed ? 1 : 0);
