#!/usr/bin/env node
// Whole services, held to the reference: generated configurations go through osls in this process and through slsws.
//
//   node tests/differential/services.mjs [--seed N] [--count N] [--binary build/slsws] [--show N] [--refused]
//
// They are services with websocket events, resources of their own and extensions, and half of them have something odd
// somewhere. Both make the same template, or both refuse; that only slsws refuses is allowed (and shown by --refused).
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { options, random, referenceModule } from './differential.mjs';

const given = { ...options() };
const r = random(given.seed);
const { chance, pick } = r;
const times = (least, most, make) => r.times(least, most, make);
const maybe = (p, make) => (chance(p) ? make() : undefined);
const some = (object) => Object.fromEntries(Object.entries(object).filter(([, v]) => v !== undefined));

// --- services -----------------------------------------------------------------------------------------------------

const functionNames = ['a', 'b', 'my-fn', 'my_fn', 'auth', 'Auth', 'connect', '10', '9', 'aDashb', 'a-b'];
const routes = ['$connect', '$disconnect', '$default', 'a', 'a-b', 'aDashb', 'a_b', 'a.b', 'a/b', 'a b', 'ö', '', 'send:all'];
const arns = ['arn:aws:lambda:us-east-1:123456789012:function:auth', 'arn:aws:lambda:us-east-1:123456789012:function:x:live',
  'arn:aws:lambda:eu-west-1:123456789012:function:auth', 'auth', 'nobody'];
const intrinsics = [{ 'Fn::GetAtt': ['AuthLambdaFunction', 'Arn'] }, { 'Fn::ImportValue': 'x' }, { Ref: 'WebsocketsApi' },
  { Ref: 'X' }, { Ref: '' }, { any: 'map' }];
const odd = () => pick([null, 0, 1, 1.5, true, false, '', 'text', 'a:b', [], ['x'], [null], [{}], {}, { a: null }, { a: { b: [1] } }]);

let own = [];  // the functions of the service that is made
const named = () => (chance(0.95) ? pick(own) : pick(functionNames));
const authorizer = () => pick([
  named, () => (chance(0.95) ? pick(arns.slice(0, 3)) : pick(arns)),
  () => some({ name: named(), arn: maybe(0.6, () => pick([pick(arns.slice(0, 3)), pick(intrinsics)])),
    identitySource: maybe(0.5, () => pick([['route.request.header.X'], [], 'route.request.header.Y', ['a', 'b']])) }),
])();
const websocket = () => pick([
  () => pick(routes),
  () => some({ route: pick(routes), routeResponseSelectionExpression: maybe(0.3, () => '$default'),
    authorizer: maybe(0.4, authorizer) }),
])();
// Of one function alone: the reference writes versions in the order in which it finishes them.
const makeFunction = (name) => some({
  handler: 'index.handler',
  events: maybe(0.9, () => times(0, 3, () => ({ websocket: websocket() }))),
  provisionedConcurrency: name === 'auth' ? maybe(0.5, () => 2) : undefined,
  dependsOn: maybe(0.1, () => [pick(['Mine', 'WebsocketsApiX'])]),
  environment: maybe(0.2, () => ({ A: pick(['1', 2, null]), B: 'b' })),
  tags: maybe(0.1, () => ({ z: 'z', 5: 'five', a: 'a' })),
  role: maybe(0.1, () => 'arn:aws:iam::123456789012:role/r'),
});
const logs = () => some({
  websocket: maybe(0.8, () => pick([true, false, {}, some({ accessLogging: maybe(0.3, () => chance(0.5)),
    executionLogging: maybe(0.3, () => chance(0.5)), level: maybe(0.4, () => pick(['INFO', 'ERROR', 'INFO', 'ERROR', 'DEBUG'])),
    fullExecutionData: maybe(0.3, () => chance(0.5)), format: maybe(0.2, () => '$context.requestId') })])),
  restApi: maybe(0.3, () => some({ role: maybe(0.5, () => arns[0].replace('lambda', 'iam')),
    roleManagedExternally: maybe(0.3, () => chance(0.5)) })),
  frameworkLambda: maybe(0.3, () => chance(0.7)),
});
const provider = () => some({
  name: 'aws', versionFunctions: false,
  stage: maybe(0.3, () => pick(['prod', 'x'])),
  runtime: maybe(0.3, () => pick(['nodejs20.x', 'python3.12'])),
  tags: maybe(0.3, () => ({ one: '1', 2: 'two', three: pick(['3', null]) })),
  logs: maybe(0.5, logs),
  logRetentionInDays: maybe(0.2, () => pick([1, 14, 0])),
  architecture: maybe(0.1, () => 'arm64'),
  deploymentBucket: maybe(0.1, () => 'bucket'),
  websocketsApiName: maybe(0.2, () => 'name'), websocketsDescription: maybe(0.2, () => 'text'),
  websocketsApiRouteSelectionExpression: maybe(0.2, () => '$request.body.x'),
  apiGateway: maybe(0.2, () => ({ websocketApiId: pick(['abc', ...intrinsics]) })),
  iam: maybe(0.2, () => some({ role: maybe(0.5, () => 'arn:aws:iam::123456789012:role/all'),
    deploymentRole: maybe(0.5, () => 'arn:aws:iam::123456789012:role/deploy') })),
});

const ids = ['WebsocketsApi', 'WebsocketsDeploymentStage', 'IamRoleLambdaExecution', 'ServerlessDeploymentBucket',
  'ALambdaFunction', 'ALogGroup', 'SconnectWebsocketsRoute', 'AWebsocketsIntegration', 'Mine', 'Other', '7'];
const tree = (depth) => pick(depth <= 0 ? [() => pick(['x', 1, true, null, ''])] : [
  () => pick(['x', 1, null]), () => times(0, 3, () => tree(depth - 1)),
  () => Object.fromEntries(times(0, 3, () => [pick(['a', 'b', '1', '0', 'Tags', 'ApiId', 'Name', 'Policies', 'constructor']), tree(depth - 1)])),
])();
const properties = () => Object.fromEntries(times(0, 3, () => [pick(['Name', 'Tags', 'ApiId', 'Policies', 'a', '1']), tree(3)]));
const resource = () => some({
  Type: maybe(0.7, () => 'AWS::SNS::Topic'), DependsOn: maybe(0.3, () => pick([['Mine'], 'Mine', null])),
  Properties: maybe(0.8, () => pick([properties, properties, properties, () => null])()),
  Metadata: maybe(0.2, () => tree(2)), Condition: maybe(0.1, () => 'C'),
});
const extension = () => some({
  Properties: maybe(0.5, properties), Metadata: maybe(0.3, () => ({ a: tree(2) })), DeletionPolicy: maybe(0.3, () => 'Retain'),
  DependsOn: maybe(0.3, () => pick([['Mine'], 'Other'])), Condition: maybe(0.2, () => 'C'), Type: maybe(0.03, () => 'T'),
});
const section = () => some({
  Resources: maybe(0.8, () => Object.fromEntries(times(0, 4, () => [pick(ids), resource()]))),
  Outputs: maybe(0.4, () => Object.fromEntries(times(0, 2, () => [pick(['ServiceEndpointWebsocket', 'Own', '3']),
    pick([{ Value: 'x' }, { Value: tree(2), Export: { Name: 'n' } }, null])]))),
  Conditions: maybe(0.2, () => ({ C: { 'Fn::Equals': ['a', tree(1)] } })),
  Transform: maybe(0.1, () => pick(['T', ['T', 'U']])), Description: maybe(0.1, () => 'own'),
  extensions: maybe(0.3, () => Object.fromEntries(times(0, 2, () => [pick(ids), extension()]))),
});

const functions = () => {
  own = times(1, 4, () => pick(functionNames));
  return Object.fromEntries(own.map((name) => [name, makeFunction(name)]));
};
const service = () => some({
  service: 'chat', configValidationMode: 'warn', disabledDeprecations: '*', provider: provider(),
  functions: functions(),
  resources: maybe(0.6, () => pick([section, () => times(0, 3, section)])()),
});

// Where the two may differ: what v3 tolerates of a stage or runtime and osls does not, the order of versions, and nulls
// in an object that JavaScript has in two places.
const spared = new Set(['name', 'handler', 'stage', 'runtime', 'versionFunctions', 'websocketApiId', 'Ref']);

// Puts something odd somewhere below the first level.
function spoil(config) {
  const places = [];
  const walk = (v, depth) => {
    for (const key of v && typeof v === 'object' ? Object.keys(v) : []) {
      if (depth > 0 && !spared.has(key)) places.push([v, key]);
      walk(v[key], depth + 1);
    }
  };
  for (const key of ['provider', 'functions', 'resources']) walk({ [key]: config[key] }, 0);
  const [holder, key] = pick(places);
  holder[key] = odd();
  return config;
}

// --- both sides ---------------------------------------------------------------------------------------------------

process.env.SLS_TELEMETRY_DISABLED = '1';
const Serverless = referenceModule('osls/lib/serverless');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slsws-services-'));
const binary = path.resolve(given.binary === 'build/tests/texts' ? 'build/slsws' : given.binary); // not texts, the default
process.chdir(folder);
fs.writeFileSync('index.js', '// a handler\n');

// What depends on zip bytes and the clock.
const mask = (text) => text.replace(/"S3Key": "[^"]*\//g, '"S3Key": "').replace(/LambdaVersion[0-9A-Za-z]{32,43}"/g, 'LambdaVersion"')
  .replace(/"CodeSha256": "[^"]*"/g, '"CodeSha256": ""');

async function theirs(configuration) {
  fs.rmSync('.serverless', { recursive: true, force: true });
  const sls = new Serverless({ configuration, serviceDir: folder, configurationFilename: 'serverless.json',
    commands: ['package'], options: {}, variablesMeta: new Map() });
  try {
    await sls.init();
    await sls.run();
  } catch (error) {
    return { error: error.message };
  }
  return { json: mask(fs.readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8')) };
}

function ours(configuration) {
  fs.writeFileSync('serverless.json', JSON.stringify(configuration));
  const run = spawnSync(binary, ['package'], { encoding: 'utf8', maxBuffer: 1 << 28, env: { PATH: process.env.PATH } });
  if (run.signal || run.status > 1) throw new Error(`slsws ends with ${run.signal ?? run.status}: ${run.stderr}`);
  return run.status ? { error: run.stderr } : { json: mask(run.stdout.trimEnd()) };
}

const counts = { same: 0, 'both refuse': 0, refused: 0, accepted: 0, different: 0 };
let shown = 0;
const seen = new Set();
for (let i = 0; i < given.count; i++) {
  const configuration = chance(0.5) ? service() : spoil(service());
  const text = JSON.stringify(configuration);
  const own = ours(configuration), other = await theirs(configuration);
  const verdict = own.error && other.error ? 'both refuse' : own.error ? 'refused' : other.error ? 'accepted' :
    own.json === other.json ? 'same' : 'different';
  counts[verdict]++;
  if (verdict === 'same' || verdict === 'both refuse' || (verdict === 'refused' && !given.refused)) continue;
  const a = other.json?.split('\n') ?? [other.error], b = own.json?.split('\n') ?? own.error.split('\n').filter((l) => /^error/.test(l));
  const at = other.json && own.json ? a.findIndex((line, n) => line !== b[n]) : 0;
  const what = `${verdict}\n  reference: ${a.slice(at, at + 3).join('\n    ')}\n  slsws:     ${b.slice(at, at + 3).join('\n    ')}`;
  if (seen.has(what) || shown++ >= given.show) continue;
  seen.add(what);
  console.log(`--- ${what}\n  ${text}`);
}
fs.rmSync(folder, { recursive: true, force: true });
console.log(JSON.stringify(counts));
process.exit(counts.accepted + counts.different ? 1 : 0);
