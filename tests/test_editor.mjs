// What an editor makes of `slsws schema`: the YAML language server is asked as an editor asks it for findings, completions
// and descriptions.	node test_editor.mjs SLSWS FIXTURES
import { spawn, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const server = join(here, 'editor/node_modules/yaml-language-server/bin/yaml-language-server');
const [slsws, fixtures] = process.argv.slice(2);
if (!existsSync(server)) {
  console.log("SKIP: no yaml-language-server; 'npm ci' in tests/editor installs it");
  process.exit(77);
}

// --- a client of the language server protocol ------------------------------------------------------------------------

const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
const waiting = new Map(), diagnostics = new Map();
let buffer = Buffer.alloc(0), lastId = 0;

function send(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
  child.stdin.write(body);
}
const request = (method, params) => new Promise((done) => {
  waiting.set(++lastId, done);
  send({ id: lastId, method, params });
});

const folder = mkdtempSync(join(tmpdir(), 'slsws-editor-'));
const schema = join(folder, 'schema.json');
// as the manual has it
const tags = ['And', 'Base64', 'Cidr', 'Condition', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length',
  'Not', 'Or', 'Ref', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform']
  .flatMap((tag) => ['scalar', 'sequence', 'mapping'].map((kind) => `!${tag} ${kind}`));
const settings = { validate: true, completion: true, hover: true, customTags: tags,
  schemas: { [pathToFileURL(schema).href]: ['serverless*.yml'] }, schemaStore: { enable: false } };

function receive(message) {
  if (message.method === 'textDocument/publishDiagnostics') {
    diagnostics.get(message.params.uri)?.(message.params.diagnostics);
  } else if (message.method === 'workspace/configuration') {
    send({ id: message.id, result: message.params.items.map((item) => (item.section === 'yaml' ? settings : {})) });
  } else if (message.method && message.id !== undefined) {
    send({ id: message.id, result: null });
  } else if (message.id !== undefined) {
    waiting.get(message.id)?.(message.result);
    waiting.delete(message.id);
  }
}

child.stdout.on('data', (data) => {
  buffer = Buffer.concat([buffer, data]);
  for (;;) {
    const end = buffer.indexOf('\r\n\r\n');
    const length = end < 0 ? 0 : Number(/Content-Length: (\d+)/i.exec(buffer.toString('latin1', 0, end))[1]);
    if (end < 0 || buffer.length < end + 4 + length) return;
    const message = JSON.parse(buffer.toString('utf8', end + 4, end + 4 + length));
    buffer = buffer.subarray(end + 4 + length);
    receive(message);
  }
});

let opened = 0;
function open(text) {
  const uri = pathToFileURL(join(folder, `serverless-${++opened}.yml`)).href;
  const found = new Promise((done) => diagnostics.set(uri, done));
  send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: 1, text } } });
  return { uri, found };
}
// where '|' stands in a text
function place(text) {
  const before = text.slice(0, text.indexOf('|')).split('\n');
  return { text: text.replace('|', ''), position: { line: before.length - 1, character: before.at(-1).length } };
}
async function ask(method, marked) {
  const { text, position } = place(marked);
  const { uri, found } = open(text);
  await found;
  return request(method, { textDocument: { uri }, position });
}

// --- the questions ----------------------------------------------------------------------------------------------------

let failed = 0;
function check(what, good, seen) {
  if (good) return;
  failed++;
  console.log(`FAILED ${what}: ${JSON.stringify(seen)}`);
}

const head = 'service: chat\nprovider:\n  name: aws\n  runtime: nodejs20.x\n';
const good = `${head}  stage: \${opt:stage, 'dev'}
  memorySize: \${param:memory}
  environment:
    PORT: 3000
    TABLE: !Ref Table
custom: { anything: [1, 2] }
functions:
  connect:
    handler: a.b
    timeout: \${self:custom.timeout}
    events:
      - websocket: $connect
      - websocket: { route: say, authorizer: { name: auth, identitySource: 'route.request.header.Auth' } }
      - \${file(event.yml)}
  auth: \${file(auth.yml)}
resources:
  - Resources:
      Table: { Type: AWS::SNS::Topic, Properties: { TopicName: !Sub '\${AWS::StackName}-x' } }
  - \${file(more.yml)}
`;
// a fault, the line where it is found (from 0), and words of the message
const faults = [
  [`${head}functions: { a: { handler: a.b, memorySizes: 128 } }\n`, 4, 'memorySizes'],
  [`${head}functions:\n  a:\n    handler: a.b\n    timeout: soon\n`, 7, ''],
  [`${head}functions:\n  a:\n    handler: a.b\n    events:\n      - websockets: $connect\n`, 8, 'websockets'],
  [`${head}  memorySize: 1\n`, 4, ''],
  ['provider: aws\n', 0, 'service'],
  [`${head}Resources: {}\n`, 4, 'Resources'],
];

async function main() {
  writeFileSync(schema, execFileSync(slsws, ['schema']));
  await request('initialize', { processId: process.pid, rootUri: pathToFileURL(folder).href, capabilities: {
    workspace: { configuration: true }, textDocument: { publishDiagnostics: {}, hover: {}, completion: {} } } });
  send({ method: 'initialized', params: {} });
  send({ method: 'workspace/didChangeConfiguration', params: { settings: { yaml: settings } } });

  const clean = await open(good).found;
  check('a good file', clean.length === 0, clean.map((d) => `${d.range.start.line}: ${d.message}`));
  for (const [text, line, words] of faults) {
    const found = await open(text).found;
    check(`a fault on line ${line} (${words})`, found.some((d) => d.range.start.line === line && d.message.includes(words)), found);
  }

  const labels = async (marked) => {
    const list = await ask('textDocument/completion', marked);
    return (list.items ?? list).map((item) => item.label);
  };
  const functionKeys = await labels(`${head}functions:\n  a:\n    handler: a.b\n    |`);
  check('keys of a function', ['memorySize', 'timeout', 'events', 'environment'].every((k) => functionKeys.includes(k)), functionKeys);
  const top = await labels(`${head}|`);
  check('keys of a service', ['functions', 'resources', 'custom'].every((k) => top.includes(k)), top);
  const event = await labels(`${head}functions:\n  a:\n    handler: a.b\n    events:\n      - |`);
  check('types of events', event.includes('websocket'), event);
  const hover = await ask('textDocument/hover', `${head}functions:\n  a:\n    handler: a.b\n    mem|orySize: 128\n`);
  check('what a key is', JSON.stringify(hover ?? '').includes('MiB'), hover);

  // what the reference makes templates of without a word, but for cases about texts that become numbers and the like
  let services = 0;
  await Promise.all(readdirSync(fixtures).map(async (name) => {
    const has = (file) => existsSync(join(fixtures, name, file));
    if (!has('template.json') || has('warnings.txt') || !has('serverless.yml') || /^(schema|yaml)-|^websocket-coerced/.test(name)) return;
    const found = await open(readFileSync(join(fixtures, name, 'serverless.yml'), 'utf8')).found;
    services++;
    check(`the service ${name}`, found.length === 0, found.map((d) => `${d.range.start.line}: ${d.message}`));
  }));
  check('enough services', services > 100, services);
  console.log(failed ? `${failed} failed` : `editor: all good, ${services} services without a finding`);
}

const timer = setTimeout(() => { console.log('FAILED: the server does not answer'); process.exit(1); }, 120000);
try {
  await main();
} finally {
  clearTimeout(timer);
  child.kill();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed > 0 ? 1 : 0);
