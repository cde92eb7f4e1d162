#!/usr/bin/env node
// Reads generated YAML with js-yaml (and the reference's schema) and with slsws, and compares what they make of it.
//
//   node tests/differential/yaml.mjs [--seed N] [--count N] [--binary build/tests/texts] [--only FAMILY]
//                                    [--show N] [--shrink] [--refused]
//
// Fails where the two read differently, or where slsws reads what js-yaml refuses. That slsws refuses what js-yaml
// reads is allowed (the error is clear), but it is counted.
import { compare, options, random, referenceModule } from './differential.mjs';

const yaml = referenceModule('js-yaml');
const given = options();
const r = random(given.seed);

// --- the reference ------------------------------------------------------------------------------------------------

const shortTags = 'And Base64 Cidr Condition Equals FindInMap GetAtt GetAZs GetStackOutput If ImportValue Join Not Or Ref Select Split Sub Transform';

function cloudFormationSchema() {
  const types = shortTags.split(' ').flatMap((name) =>
    ['scalar', 'sequence', 'mapping'].map((kind) => {
      const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
      const attribute = (text) => [text.split('.')[0], text.split('.').slice(1).join('.')];
      const construct = (data) => ({ [key]: name === 'GetAtt' && typeof data === 'string' ? attribute(data) : data });
      return new yaml.Type(`!${name}`, { kind, construct });
    })
  );
  const implicit = yaml.DEFAULT_SCHEMA.implicit.filter((type) => type !== yaml.types.timestamp);
  const explicit = [...yaml.DEFAULT_SCHEMA.explicit, yaml.types.timestamp, ...types];
  return new yaml.Schema({ implicit, explicit });
}

const schema = cloudFormationSchema();
const reference = (text) => {
  try {
    const json = JSON.stringify(yaml.load(text, { schema }) ?? null);
    return { json: JSON.stringify(JSON.parse(json)) };
  } catch (error) {
    return { error: error.reason ?? error.message };
  }
};

// --- scalars ------------------------------------------------------------------------------------------------------

const words = [
  '017', '0o17', '0b101', '0x1F', '-0x1f', '1_000', '1e3', '1E+3', '1e999', '-1e999', '.inf', '-.INF', '+.Inf', '.nan', '.NaN', '~',
  'null', 'Null', 'NULL', 'nULL', 'true', 'TRUE', 'True', 'tRue', 'false', 'yes', 'No', 'on', 'off', 'y', 'n', '1:30', '190:20:30',
  '2012-10-17', '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.10 -5', '2001-12-15 2:59:43.10', '-0', '+0', '-00', '1.', '1.e5', '.5', '+.5', '-1.5', '5e-324', '1e-400',
  '9007199254740993', '123456789012345678901234567890', '0x1fffffffffffffffff', '0o7777777777777777777777', '0b1', '0.1', '1.7976931348623157e308',
  '<<', '=', '-', '--', '---a', '...a', '?a', ':a', 'a:b', '::', 'a#b', '#', '@a', '`a', '%a', '!a', '&a', '*a', '', ' ', 'a b', 'a, b', '[', ']', '{', '}', ',',
  'http://a.b/c?d=e&f', 'arn:aws:lambda:us-east-1:123456789012:function:x', '${self:custom.a, \'b\'}', '${file(./x.yml):a.b}', '*.js', 'a/**', '!important',
  'é', '日本', '😀', '\u2028', '\u0085', '\u00a0', '\ufeff', '\t', '\ta', '\t- a', 'a\tb', '\\ud83d\\ude00', '\\uD83D\\u0041', '\\ud83d', "it's", 'say "x"', 'a\\n', '__proto__', 'constructor', '0', '1', '10', '4294967294', '4294967295',
  '$connect', 'rate(5 minutes)', '{{a}}', '<a>', '|', '>', 'a |', '0x', '0b', '0o', '0b2', '0o8', '0xg', '1e', '1e+', 'e1', '.', '..', '...', '._', '1._5', '+', '+1', '+-1', '0_1', '1__', '08', '09.5', '-017', 'Infinity', 'NaN', 'undefined', '[object Object]',
];
const numberLetters = [...'00112345789+-.._eExXobBO:~aAfFnN'];
const letters = [...'abz01 :#-?,[]{}&*!|>\'"%@`~=<\\/\n\t.$_éü\u2028'];

function number() {
  return r.times(1, 8, () => r.pick(numberLetters)).join('');
}

function anyText() {
  return r.times(0, 8, () => r.pick(letters)).join('');
}

function scalarText() {
  const n = r.below(10);
  return n < 4 ? r.pick(words) : n < 7 ? number() : n < 8 ? mutate(r.pick(words)) : anyText();
}

const quotedDouble = (text) =>
  `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, () => r.pick(['\\n', '\n\n  ', '\n']))}"`;
const quotedSingle = (text) => `'${text.replace(/'/g, "''").replace(/\n/g, '\n\n  ')}'`;
const tags = [
  '!!str', '!!int', '!!float', '!!bool', '!!null', '!!timestamp', '!!binary', '!!merge', '!!seq', '!!map', '!!set', '!!omap', '!!pairs', '!', '!Ref', '!GetAtt', '!Sub',
  '!Join', '!If', '!Condition', '!ref', '!!foo', '!<tag:yaml.org,2002:str>', '!<!Ref>', '!<?>', '!<!>', '!Re%66', '!!s%74r',
];
const contexts = [
  (s) => s, (s) => `a: ${s}`, (s) => `${s}: a`, (s) => `- ${s}`, (s) => `[${s}]`, (s) => `[${s}, b]`, (s) => `{a: ${s}}`, (s) => `{${s}: a}`, (s) => `{${s}}`,
  (s) => `a: ${quotedDouble(s)}`, (s) => `a: ${quotedSingle(s)}`, (s) => `${quotedDouble(s)}: a`, (s) => `? ${s}\n: x`, (s) => `&a ${s}`, (s) => `- &a ${s}\n- *a`,
  (s) => `- &a ${s}\n- *a : x`, (s) => `a: |\n  ${s}`, (s) => `a: >-\n  ${s}\n  b`, (s) => `a:\n  ${s}`, (s) => `a: ${s}\n  b`, (s) => `a: ${s} # c`, (s) => `? [${s}, ${scalarText()}]\n: x`, (s) => `${s}: 1\n${scalarText()}: 2`,
  (s) => `a: "${s}"`, (s) => `a: '${s}'`, (s) => `--- ${s}`, (s) => `a: [${s}\n  , b]`, (s) => `${s}\n`, (s) => `${r.pick(tags)} ${s}`, (s) => `a: ${r.pick(tags)} ${s}`, (s) => `- ${r.pick(tags)} ${s}\n- b`, (s) => `[${r.pick(tags)} ${s}, a]`,
  (s) => `${r.pick(tags)} ${s}: a`, (s) => `a: ${r.pick(tags)} ${quotedDouble(s)}`, (s) => `? ${r.pick(tags)} ${s}\n: x`, (s) => `? ${r.pick(tags)} [${s}]\n: x`, (s) => `a: ${r.pick(tags)}\n  ${s}: b`, (s) => `a: ${r.pick(tags)}\n- ${s}: b`,
  (s) => `<<: ${s}`, (s) => `!!binary ${s}`, (s) => `!!timestamp ${s}`,
];

const scalarCase = () => r.pick(contexts)(scalarText());

// --- documents ----------------------------------------------------------------------------------------------------

const keys = ['a', 'b', 'c', 'key', '1', '0x1', '~', 'true', '"q"', "'s'", 'a b', '$connect', '<<', '__proto__', 'é', '? x', '!Ref a', '&k a', '"a:b"', 'a-b', '/x', 'x/y:z'];
const gap = () => (r.chance(0.85) ? '' : r.pick([' ', '  ', '\t', ' # c', '\n', '\n\n', '\n# c']));
const spaces = (n) => ' '.repeat(n);

function property() {
  if (r.chance(0.85)) return '';
  return r.pick([() => `${r.pick(tags)} `, () => `&${r.pick(['x', 'y', 'z', 'x.y', 'x/', '&a', 'x_y'])} `, () => `&${r.pick('xyz')} ${r.pick(tags)} `, () => `${r.pick(tags)} &x `])();
}

function flow(depth) {
  const n = r.below(depth > 2 ? 4 : 8);
  if (n < 4) return property() + r.pick([() => r.pick(words), () => r.pick(['a', 'b c', '1']), () => quotedDouble(anyText()), () => quotedSingle(anyText()), () => `*${r.pick(['x', 'y', 'z', 'x', 'y', 'x.y', 'x/', 'x_y'])}`])();
  const separator = () => r.pick([', ', ', ', ',', ' ,', ',\n  ', '\n,']);
  if (n < 6) return `${property()}[${gap()}${r.times(0, 3, () => (r.chance(0.15) ? `${r.pick(keys)}: ` : '') + flow(depth + 1)).join(separator())}${r.pick(['', '', ',', ' '])}]`;
  const pair = () => r.pick(keys) + r.pick([': ', ': ', ': ', ' : ', ':', ':\n   ', ' ']) + (r.chance(0.9) ? flow(depth + 1) : '');
  return `${property()}{${gap()}${r.times(0, 3, pair).join(separator())}${r.pick(['', '', ',', ' '])}}`;
}

function blockScalar(indent) {
  const head = r.pick(['|', '>']) + r.pick(['', '', '-', '+', '1', '2', '4', '2-', '+2', '-1']) + r.pick(['', '', ' ', ' # c', '\t']);
  const line = () => r.pick([spaces(indent + 1) + anyLine(), spaces(indent + 2) + anyLine(), spaces(indent + 2) + anyLine(), spaces(indent + 4) + anyLine(), '', spaces(r.below(6)), spaces(indent + 2) + '# c', spaces(indent + 2) + '\ta', `${spaces(indent)}# c`]);
  return `${head}\n${r.times(0, 5, line).join('\n')}`;
}

function anyLine() {
  return r.times(0, 6, () => r.pick([...'ab :#-?,[]{}&*!|>\'"%\t'])).join('');
}

function multiLine(indent) {
  const text = r.times(1, 4, () => r.pick(['a', 'b c', 'x:y', '- z', '# n', '', 'é', '? q', '[', 'k: v'])).join(`\n${spaces(indent + r.below(3))}`);
  return r.pick([text, text, `"${text}"`, `'${text}'`]);
}

// A node behind a key or a dash that stands at `indent`; begins on the same line or the next.
function block(indent, depth) {
  const n = r.below(depth > 3 ? 6 : 12);
  const inner = indent + r.pick([1, 2, 2, 2, 4]);
  if (n < 1) return '';
  if (n < 3) return ` ${property()}${r.pick([() => r.pick(words), () => r.pick(['a', 'b c'])])()}`;
  if (n < 4) return ` ${flow(0)}`;
  if (n < 5) return ` ${property()}${blockScalar(indent)}`;
  if (n < 6) return ` ${property()}${multiLine(inner)}`;
  const head = r.chance(0.8) ? '' : ` ${property()}`;
  const comment = r.chance(0.9) ? '' : r.pick([' # c', `\n${spaces(r.below(5))}# c`, '\n']);
  return `${head}${comment}\n${n < 9 ? blockMap(inner, depth + 1) : blockList(r.chance(0.3) ? indent : inner, depth + 1)}`;
}

function between(indent) {
  return r.chance(0.9) ? '\n' : r.pick(['\n\n', `\n${spaces(indent)}# c\n`, '\n# c\n', ' # c\n', '\n   \n', '\n\t\n', '\r\n']);
}

function entry(indent, depth) {
  if (r.chance(0.04)) return `? ${flow(1)}\n${spaces(indent)}:${block(indent, depth)}`;
  return `${r.pick(keys)}:${block(indent, depth)}`;
}

function blockMap(indent, depth) {
  return r.times(1, 4, () => spaces(indent) + entry(indent, depth)).join(between(indent));
}

function blockList(indent, depth) {
  const item = () => (r.chance(0.3) ? `- ${entry(indent + 2, depth)}${r.chance(0.5) ? `\n${spaces(indent + 2)}${entry(indent + 2, depth)}` : ''}` : `-${block(indent, depth)}`);
  return r.times(1, 4, () => spaces(indent) + item()).join(between(indent));
}

function documentCase() {
  const indent = r.chance(0.9) ? 0 : r.below(3);
  const head = r.chance(0.93) ? '' : r.pick(['---\n', '--- ', '%YAML 1.2\n---\n', '%YAML 1.1\n---\n', '%TAG ! tag:x,2000:\n---\n', '# c\n', '\ufeff', '\n', '--- # c\n', '---\n---\n', '%FOO a\n---\n', '\ufeff# c\n', '...\n']);
  const tail = r.chance(0.8) ? '\n' : r.pick(['', '\n...\n', '\n---\n', '\n\n', '\n# c', ' ', '\n...\n# c\n', '\n...\nb: c', '\n--- b', '\r', '\t']);
  return head + r.pick([blockMap, blockMap, blockMap, blockList, () => flow(0)])(indent, 0) + tail;
}

// --- soup and mutations -------------------------------------------------------------------------------------------

const pieces = ['a', 'b', '1', ':', ': ', ':\n', '- ', '-', '? ', '?', '\n', '\n', '\n ', '\n  ', '\n    ', '[', ']', '{', '}', ',', ', ', ' #c', '#', ' ', '  ', '\t', '\n\t', '|', '>', '|\n', '>-\n  ', "'", '"', '"a"', "'b'", '&x ', '*x', '*x ', '&x\n', '!Ref ', '!!str ', '!!seq ', '!x', '%YAML 1.2\n', '---\n', '---', '--- ', '...\n', '...', '|2-\n', '<<: ', '<<', '\r\n', '\r', '\\', '\u2028', '\u0085', '\ufeff', 'é', 'a: b\n', '- a\n', 'k:\n  '];
const soupCase = () => r.times(1, 9, () => r.pick(pieces)).join('');

function mutate(text) {
  let characters = [...text];
  for (let n = 1 + r.below(3); n > 0; n -= 1) {
    const at = r.below(characters.length + 1);
    const kind = r.below(4);
    if (kind === 0) characters.splice(at, 1);
    else if (kind === 1) characters.splice(at, 0, ...r.pick(pieces));
    else if (kind === 2) characters.splice(at, r.below(4), r.pick(letters));
    else characters = [...characters.slice(0, at), ...characters.slice(r.below(characters.length + 1))];
  }
  return characters.join('');
}

const families = { scalar: scalarCase, document: documentCase, mutation: () => mutate(documentCase()), soup: soupCase };

let failed = false;
for (const [name, make] of Object.entries(families)) {
  if (given.only && given.only !== name) continue;
  const texts = Array.from({ length: given.count }, make);
  const counts = compare({ binary: given.binary, name: 'x.yml', texts, reference, given });
  console.log(`${name}: ${texts.length} texts, ${counts.same} alike (${counts.read} of them read), only refused by us ${counts.refused}, different ${counts.different}, only read by us ${counts.accepted}`);
  failed ||= counts.different + counts.accepted > 0;
}
process.exit(failed ? 1 : 0);
