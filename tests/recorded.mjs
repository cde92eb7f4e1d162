// What record.mjs and test_state.mjs share: a case as the reference needs it, and what is left of a recording when all
// that depends on the clock, on zip bytes and on who was quicker is taken out of it.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

export const lines = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').filter(Boolean) : []);

const masks = lines(path.join(here, 'masks.txt'))
  .filter((line) => !line.startsWith('#'))
  .map((line) => line.split('\t'))
  .map(([pattern, replacement]) => [new RegExp(pattern, 'g'), replacement]);
export const mask = (text) => masks.reduce((t, [pattern, replacement]) => t.replace(pattern, replacement), text);

// --- a case ---------------------------------------------------------------------------------------------------------

const emptyZip = Buffer.from('504b0506000000000000000000000000000000000000', 'hex');

function place(folder, name, content) {
  const file = path.join(folder, name);
  if (name.includes('${') || path.isAbsolute(name) || path.relative(folder, file).startsWith('..')) return;
  if (fs.existsSync(file)) return;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

// Files that the reference's packaging looks for, found by a glance at the texts: one too many does no harm.
export function placeMissing(folder) {
  const texts = fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /\.(ya?ml|json)$/.test(e.name))
    .map((e) => fs.readFileSync(path.join(e.parentPath ?? e.path, e.name), 'utf8'));
  const all = (key) => texts.flatMap((t) => [...t.matchAll(new RegExp(`\\b${key}["']?:\\s*["']?([^\\s"',}]+)`, 'g'))].map((m) => m[1]));
  for (const handler of all('handler')) place(folder, handler.replace(/\.[^./]*$/, '') + '.js', '// a handler\n');
  for (const artifact of all('artifact')) if (!artifact.includes('://')) place(folder, artifact, emptyZip);
  for (const layer of all('path')) if (!layer.startsWith('/')) place(folder, path.join(layer, 'file'), 'a layer\n');
  place(folder, 'index.js', '// the service\n');
}

// A copy of a case in which only what is of the service is left.
export function placeCase(dir, work) {
  fs.cpSync(fs.realpathSync(dir), work, { recursive: true });
  for (const own of ['template.json', 'state.json', 'warnings.txt', 'args', 'argv', 'env', 'reference', 'status', 'stdin', 'stdout.txt', 'needs',
    'pending'])
    fs.rmSync(path.join(work, own), { force: true });
  placeMissing(work);
}

// --- one order ----------------------------------------------------------------------------------------------------

// As the reference names them: see its lib/plugins/aws/lib/naming.js
const normalized = (name) => {
  const text = name.replace(/-/g, 'Dash').replace(/_/g, 'Underscore');
  return text.charAt(0).toUpperCase() + text.slice(1);
};
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

// Sorts the keys of `map` that match one of `patterns` by that pattern's number, within the places that they take.
function order(map, patterns) {
  const unit = (key) => patterns.findIndex((p) => p.test(map[key]?.Properties?.LayerVersionArn?.Ref ?? key));
  const entries = Object.entries(map).map(([key, value]) => ({ key, value, unit: unit(key) }));
  const sorted = entries.filter((e) => e.unit >= 0).sort((a, b) => a.unit - b.unit);
  for (const { key } of entries) delete map[key];
  for (const e of entries) {
    const { key, value } = e.unit >= 0 ? sorted.shift() : e;
    map[key] = value;
  }
}

// Only functions whose version waits for the digest of a file are out of order; images and unversioned ones are not.
export function bringInOrder(template, state) {
  const { Resources: resources = {}, Outputs: outputs = {} } = template;
  const functions = Object.keys(state.service.functions ?? {}).filter((name) => {
    const id = normalized(name);
    return resources[`${id}LambdaFunction`]?.Properties?.PackageType !== 'Image' &&
      Object.keys(resources).some((key) => new RegExp(`^${escaped(id)}LambdaVersion[0-9A-Za-z]{36,43}$`).test(key));
  });
  const layers = Object.keys(state.service.layers ?? {});
  const functionParts = '(LambdaVersion[0-9A-Za-z]{36,43}|(ProvConc|SnapStart|Durable)LambdaAlias|LambdaFunctionUrl|' +
    'LambdaPermissionFnUrl|LambdaPermissionFn|LambdaEvConf|LambdaFunctionQualifiedArn)';
  const layerParts = 'LambdaLayer([0-9a-f]{40}|QualifiedArn|Hash|S3Key)?';
  const units = (names, parts) => names.map((name) => new RegExp(`^${escaped(normalized(name))}${parts}$`));
  for (const patterns of [units(layers, layerParts), units(functions, functionParts)])
    for (const map of [resources, outputs]) order(map, patterns);
}

// serverless-state.json of a service in the folder `work`: what is recorded of it.
export function recordedState(text, work) {
  const state = JSON.parse(text.replaceAll(JSON.stringify(work).slice(1, -1), '/SERVICE'));
  bringInOrder(state.service.provider.compiledCloudFormationTemplate, state);
  // the same folder as in the template, but at the end of a text
  return mask(JSON.stringify(state, null, 2) + '\n').replaceAll(/\/(\d{13}-[\dT:.-]+Z|content-[0-9a-f]{16})"/g, '/FOLDER"');
}
