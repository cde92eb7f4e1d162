#!/usr/bin/env node
// Deploys what slsws packs: the real `serverless deploy --package` of osls and of Serverless Framework v3 run against a fake
// of AWS (fake_aws.mjs) on loopback.
//
//	node tests/deploy/run.mjs --binary build/slsws [--filter TEXT] [--verbose]
//	node tests/deploy/run.mjs --packager osls		the folders are the reference's own: a check of this test. Without layers,
//		of which the reference, which asks AWS, leaves those out that are there
//
// Each service is deployed for the first time, again without a change, and again with changed code. Each time every file
// of the folder has to be in S3 as it is in the folder, and the template that CloudFormation gets that of the folder.
//
// Exit status: 0 all good, 1 not, 77 the references are not installed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startAws } from './fake_aws.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const installed = path.join(here, '..', 'reference');
const ownNode = path.join(installed, 'node', 'node');
const node = fs.existsSync(ownNode) ? ownNode : process.execPath;
const { values: options } = parseArgs({ options: {
  binary: { type: 'string' }, packager: { type: 'string', default: 'slsws' }, filter: { type: 'string', default: '' },
  verbose: { type: 'boolean', default: false },
} });

const references = {
  osls: { root: path.join(installed, 'node_modules', 'osls'), preload: [] },
  v3: { root: path.join(installed, 'node_modules', 'serverless'), preload: ['--require', path.join(here, 'sdk_v2.cjs')] },
};

// --- the services ---------------------------------------------------------------------------------------------------

// a zip of one file, `a.js`, made by hand: it stands for what another tool has built
const builtZip = Buffer.from(
  'UEsDBBQAAAAAAAAAIQD6IeJ2DAAAAAwAAAAEAAAAYS5qc2V4cG9ydHMuYT0xClBLAQIUAxQAAAAAAAAAIQD6IeJ2DAAAAAwA' +
  'AAAEAAAAAAAAAAAAAACkgQAAAABhLmpzUEsFBgAAAAABAAEAMgAAAC4AAAAAAA==', 'base64');

const head = (more = '') => `service: chat\nprovider:\n  name: aws\n  runtime: nodejs20.x\n${more}`;
const routes = (more = '') => `functions:
  connect:
    handler: src/connect.handler
    events: [websocket: $connect]
${more}  message:
    handler: src/message.handler
    events: [websocket: message]
`;
const sources = { 'src/connect.js': 'exports.handler = async () => ({ statusCode: 200 });\n',
  'src/message.js': 'exports.handler = async (event) => ({ statusCode: 200, body: event.body });\n' };

// files: what the service is made of; zips: what has to be uploaded; bucket: one that is there already
const services = {
  'single zip': { files: { ...sources, 'serverless.yml': head() + routes() }, zips: ['chat.zip'] },
  individually: {
    files: { ...sources, 'serverless.yml': head() + 'package:\n  individually: true\n' + routes() },
    zips: ['connect.zip', 'message.zip'],
  },
  layers: {
    files: { ...sources, 'common/nodejs/common.js': 'exports.common = 1;\n', 'serverless.yml': head() +
      'layers:\n  common:\n    path: common\n  kept:\n    path: common\n    retain: true\n' +
      routes('    layers: [Ref: CommonLambdaLayer]\n') },
    zips: ['chat.zip', 'common.zip', 'kept.zip'],
  },
  'custom resource': {
    files: { ...sources, 'serverless.yml': head('  logs:\n    websocket: true\n') + routes() },
    zips: ['chat.zip', 'custom-resources.zip'],
  },
  'given artifact': {
    files: { ...sources, 'build/all.zip': builtZip,
      'serverless.yml': head() + 'package:\n  artifact: build/all.zip\n' + routes() },
    zips: ['all.zip'], given: { 'all.zip': 'build/all.zip' }, changed: 'build/all.zip',
  },
  'bucket that is there': {
    files: { ...sources, 'serverless.yml': head('  deploymentBucket: our-bucket\n') + routes() },
    zips: ['chat.zip'], bucket: 'our-bucket',
  },
  'resources and settings': {
    files: { ...sources, 'serverless.yml': head(`  stage: prod
  stackTags: {team: chat}
  environment: {TABLE: !Ref Table, LEVEL: info}
  deploymentBucket: {blockPublicAccess: true, tags: {a: b}}
  iam: {role: {statements: [{Effect: Allow, Action: 'dynamodb:*', Resource: !GetAtt Table.Arn}]}}
custom: {unused: {a: [1, null]}}
resources:
  Resources:
    Table: {Type: 'AWS::DynamoDB::Table', Properties: {BillingMode: PAY_PER_REQUEST}}
`) + routes('    reservedConcurrency: 2\n') },
    zips: ['chat.zip'], stage: 'prod',
  },
};

function write(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), content);
  }
}

// --- running --------------------------------------------------------------------------------------------------------

function run(program, args, cwd, env) {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), 120000);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (options.verbose) console.log(`$ ${path.basename(program)} ${args.join(' ')}\n${said}`);
      done({ code: signal ?? code, said });
    });
  });
}

function environment(job) {
  return { PATH: process.env.PATH, HOME: job.home, NODE_NO_WARNINGS: '1', CI: '1', SLS_TELEMETRY_DISABLED: '1',
    SLS_TRACKING_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off', SLS_AWS_MONITORING_FREQUENCY: '20',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'none', AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: job.aws.url, REFERENCE_ROOT: job.reference.root };
}

async function pack(job) {
  const args = ['package', '--package', 'packed'];
  const { code, said } = options.packager === 'slsws' ?
    await run(path.resolve(options.binary), args, job.folder, environment(job)) :
    await run(node, [path.join(references[options.packager].root, 'bin', 'serverless.js'), ...args], job.folder,
      environment(job));
  assert.equal(code, 0, `packing ends with ${code}\n${said}`);
  return job.folder + '/packed';
}

async function deploy(job) {
  const before = job.aws.requests.length;
  const { root, preload } = job.reference;
  const args = [...preload, path.join(root, 'bin', 'serverless.js'), 'deploy', '--package', 'packed'];
  const { code, said } = await run(node, args, job.folder, environment(job));
  assert.equal(code, 0, `deploying ends with ${code}\n${said}\n${job.aws.faults.join('\n')}`);
  assert.deepEqual(job.aws.faults, []);
  return { said, requests: job.aws.requests.slice(before) };
}

// --- what has to be -------------------------------------------------------------------------------------------------

const json = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const puts = (requests) => requests.filter((r) => r.service === 's3' && /^PUT/.test(r.action));
const stackOf = (job) => job.aws.stacks.get(`chat-${job.service.stage ?? 'dev'}`);

// Each file of the folder, and each zip that the configuration names, is in the bucket with the same bytes.
function checkUploads(job, folder, requests) {
  const { zips, given = {}, bucket } = job.service;
  const directory = json(`${folder}/serverless-state.json`).package.artifactDirectoryName;
  const name = bucket ?? stackOf(job).resources.ServerlessDeploymentBucket.physical;
  const uploaded = (file) => job.aws.s3.object(name, `${directory}/${file}`).bytes;
  const packed = fs.readdirSync(folder).sort();
  const templates = ['cloudformation-template-create-stack.json', 'cloudformation-template-update-stack.json'];
  assert.deepEqual(packed, [...zips.filter((zip) => !given[zip]), ...templates.slice(bucket ? 1 : 0),
    'serverless-state.json'].sort());
  for (const zip of zips)
    assert.ok(uploaded(zip).equals(fs.readFileSync(given[zip] ? `${job.folder}/${given[zip]}` : `${folder}/${zip}`)), zip);
  assert.equal(uploaded('serverless-state.json').toString(), fs.readFileSync(`${folder}/serverless-state.json`, 'utf8'));
  assert.deepEqual(JSON.parse(uploaded('compiled-cloudformation-template.json')), json(`${folder}/${templates[1]}`));
  assert.equal(puts(requests).length, zips.length + 2, 'number of uploads');
}

function checkTemplates(job, folder, types) {
  const { history, status } = stackOf(job);
  const update = json(`${folder}/cloudformation-template-update-stack.json`);
  assert.deepEqual(history.map((h) => h.type), types);
  assert.deepEqual(history.at(-1).template, update);
  assert.match(status, /^(CREATE|UPDATE)_COMPLETE$/);
  if (!job.service.bucket) assert.deepEqual(history[0].template, json(`${folder}/cloudformation-template-create-stack.json`));
}

async function check(job) {
  const { folder, service } = job;
  const first = service.bucket ? ['CREATE'] : ['CREATE', 'UPDATE'];
  if (service.bucket) job.aws.s3.create(service.bucket);
  write(folder, service.files);

  let packed = await pack(job);
  checkUploads(job, packed, (await deploy(job)).requests);
  checkTemplates(job, packed, first);

  const again = await deploy(job);
  assert.match(again.said, /No changes to deploy/);
  assert.deepEqual(puts(again.requests), []);

  const changed = service.changed ?? 'src/message.js';
  fs.appendFileSync(path.join(folder, changed), '// changed\n');
  packed = await pack(job);
  checkUploads(job, packed, (await deploy(job)).requests);
  checkTemplates(job, packed, [...first, 'UPDATE']);
}

async function one(which, name) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'slsws-deploy-'));
  const job = { reference: references[which], service: services[name], aws: await startAws(),
    home: path.join(scratch, 'home'), folder: path.join(scratch, 'chat') };
  try {
    fs.mkdirSync(job.folder);
    fs.mkdirSync(job.home);
    await check(job);
    console.log(`ok     ${which}: ${name}`);
    return true;
  } catch (error) {
    console.log(`FAILED ${which}: ${name}: ${error.code === 'ERR_ASSERTION' ? error.message : error.stack}`);
    if (options.verbose) console.log(job.aws.requests.map((r) => `${r.service} ${r.action}`).join('\n'));
    return false;
  } finally {
    job.aws.close();
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

if (!Object.values(references).every(({ root }) => fs.existsSync(root))) {
  console.error('the references are not installed: run npm ci in tests/reference');
  process.exit(77);
}
const queue = Object.keys(references).flatMap((which) => Object.keys(services).map((name) => [which, name]))
  .filter((job) => job.join(': ').includes(options.filter) && (options.packager === 'slsws' || job[1] !== 'layers'));
let passed = 0, failed = 0;
await Promise.all([1, 2].map(async () => {
  for (let job; (job = queue.shift()); ) (await one(...job)) ? passed++ : failed++;
}));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
