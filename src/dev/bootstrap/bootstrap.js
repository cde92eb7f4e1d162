// What runs a Node.js handler: asks the Lambda Runtime API for events and posts what comes of them.
'use strict';

const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { Module, createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const root = process.env.LAMBDA_TASK_ROOT;

// --- the Runtime API ------------------------------------------------------------------------------------------------------

// Requests go out on one connection without waiting for the answers before, which come in order: so an answer and the question
// for the next event are one message each way. The general client takes as long as all the rest together.
const socket = net.connect({ host, port, noDelay: true });
const waiting = [];
let received = Buffer.alloc(0);

// The first whole answer of what was received, taken out of it; undefined: there is none yet.
function takeAnswer() {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) {
    return undefined;
  }
  const headers = {};
  for (const line of received.toString('latin1', 0, end).split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const from = end + 4;
  const to = from + Number(headers['content-length'] ?? 0);
  if (received.length < to) {
    return undefined;
  }
  const body = received.toString('utf8', from, to);
  received = received.subarray(to);
  return { headers, body };
}

socket.on('data', (data) => {
  received = received.length ? Buffer.concat([received, data]) : data;
  for (let answer; waiting.length && (answer = takeAnswer()); ) {
    waiting.shift()(answer);
  }
});
// the gateway has gone
socket.on('error', () => process.exit(0));
socket.on('close', () => process.exit(0));

function request(method, name, body = '', headers = {}) {
  const lines = Object.entries(headers).map(([key, value]) => `${key}: ${value}\r\n`);
  socket.write(
    `${method} /2018-06-01/runtime/${name} HTTP/1.1\r\nHost: ${host}:${port}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n${lines.join('')}\r\n${body}`,
  );
  return new Promise((resolve) => waiting.push(resolve));
}

function post(name, body, headers = {}) {
  return request('POST', name, body, { 'Content-Type': 'application/json', ...headers });
}

// --- errors ---------------------------------------------------------------------------------------------------------

class NamedError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

function describe(error) {
  if (error instanceof Error || (error && error.name && error.message !== undefined)) {
    const ours = (line) => line.includes(__filename) || line.includes('(node:') || line.includes('at node:');
    const trace = String(error.stack ?? '').split('\n').filter((line) => !ours(line));
    return { errorType: String(error.name), errorMessage: String(error.message), trace };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function postError(name, error) {
  const description = describe(error);
  return post(name, JSON.stringify(description), { 'Lambda-Runtime-Function-Error-Type': encodeURIComponent(description.errorType) });
}

// --- the handler ------------------------------------------------------------------------------------------------------

// SDK v2 knows nothing of AWS_ENDPOINT_URL_<SERVICE>.
function hookOldSdk() {
  const prefix = 'AWS_ENDPOINT_URL_';
  const names = Object.keys(process.env).filter((name) => name.startsWith(prefix));
  const load = Module._load;
  if (!names.length) {
    return;
  }
  let done = false;
  Module._load = function (name, ...rest) {
    const loaded = load.call(this, name, ...rest);
    if (name === 'aws-sdk' && !done) {
      done = true;
      for (const variable of names) {
        const service = variable.slice(prefix.length).toLowerCase().replaceAll('_', '');
        const options = { endpoint: process.env[variable] };
        loaded.config.update({ [service]: service === 's3' ? { ...options, s3ForcePathStyle: true } : options });
      }
    }
    return loaded;
  };
}

function isModulePackage(folder) {
  for (let at = folder; ; at = path.dirname(at)) {
    const file = path.join(at, 'package.json');
    if (fs.existsSync(file)) {
      try {
        return JSON.parse(fs.readFileSync(file, 'utf8')).type === 'module';
      } catch {
        return false;
      }
    }
    if (at === path.dirname(at)) {
      return false;
    }
  }
}

// In Lambda's order: the file itself, .js, .mjs, .cjs, then what Node.js would find.
async function loadModule(name) {
  const file = path.resolve(root, name);
  if (fs.existsSync(file) && fs.statSync(file).isFile()) {
    return require(file);
  }
  if (fs.existsSync(`${file}.js`)) {
    return isModulePackage(path.dirname(file)) ? import(pathToFileURL(`${file}.js`)) : require(`${file}.js`);
  }
  if (fs.existsSync(`${file}.mjs`)) {
    return import(pathToFileURL(`${file}.mjs`));
  }
  if (fs.existsSync(`${file}.cjs`)) {
    return require(`${file}.cjs`);
  }
  for (const extension of ['.ts', '.mts', '.cts', '.tsx']) {
    if (fs.existsSync(file + extension)) {
      throw new NamedError('Runtime.ImportModuleError',
        `'${name}${extension}' is TypeScript: build it to JavaScript first, for example with esbuild`);
    }
  }
  const local = createRequire(path.join(root, 'index.js'));
  try {
    return local(local.resolve(name, { paths: [root, path.dirname(file)] }));
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') {
      throw new NamedError('Runtime.ImportModuleError', `Error: Cannot find module '${name}'`);
    }
    throw error;
  }
}

async function loadHandler() {
  const whole = process.env._HANDLER;
  const name = path.basename(whole);
  const parts = /^([^.]*)\.(.*)$/.exec(name);
  if (!parts || whole.includes('..')) {
    throw new NamedError('Runtime.MalformedHandlerName', `'${whole}' is no handler, expected file.function`);
  }
  let loaded;
  try {
    loaded = await loadModule(path.join(whole.slice(0, whole.length - name.length), parts[1]));
  } catch (error) {
    if (error instanceof SyntaxError) {
      error.name = 'Runtime.UserCodeSyntaxError';
    } else if (error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND')) {
      error.name = 'Runtime.ImportModuleError';
    }
    throw error;
  }
  const find = (from) => parts[2].split('.').reduce((at, key) => (at == null ? at : at[key]), from);
  const handler = find(loaded) ?? find(loaded.default);
  if (typeof handler !== 'function') {
    throw new NamedError('Runtime.HandlerNotFound', `'${whole}' is undefined or not exported`);
  }
  return handler;
}

// --- invocations --------------------------------------------------------------------------------------------------------

function makeContext(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    clientContext: undefined,
    identity: undefined,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

let current; // what settles the invocation at work

// The first answer counts. One that comes by callback is sent when nothing else is left to do, unless the handler says no.
function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    let answer;
    let isPromise = false;
    const callback = (error, result) => {
      answer ??= error == null ? () => resolve(result) : () => reject(error);
      if (!context.callbackWaitsForEmptyEventLoop) {
        answer();
      }
    };
    context.done = callback;
    context.succeed = (result) => resolve(result);
    context.fail = (error) => reject(error ?? new Error('failed'));
    current = {
      reject,
      empty: () => {
        if (answer) {
          answer();
        } else if (isPromise) {
          reject(new NamedError('Runtime.NodeJsExit', 'The Lambda function ended before its promise was settled'));
        } else {
          resolve(null);
        }
      },
    };
    const returned = handler(event, context, callback);
    if (returned && typeof returned.then === 'function') {
      isPromise = true;
      returned.then(resolve, reject);
    }
  });
}

// Whoever looks for the end of all work does not find the socket.
async function invokeOnce(handler, { headers, body }) {
  const id = headers['lambda-runtime-aws-request-id'];
  process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  socket.unref();
  let send;
  try {
    const result = await run(handler, JSON.parse(body), makeContext(headers));
    const text = JSON.stringify(result === undefined ? null : result) ?? 'null';
    send = () => post(`invocation/${id}/response`, text);
  } catch (error) {
    send = () => postError(`invocation/${id}/error`, error);
  }
  current = undefined;
  socket.ref();
  socket.cork();
  send();
  const next = request('GET', 'invocation/next');
  socket.uncork();
  return next;
}

async function main() {
  let handler;
  hookOldSdk();
  globalThis.awslambda = { streamifyResponse: (fn) => fn, HttpResponseStream: { from: (stream) => stream } };
  try {
    handler = await loadHandler();
  } catch (error) {
    await postError('init/error', error);
    process.exit(1);
  }
  process.on('beforeExit', () => current?.empty());
  for (let next = request('GET', 'invocation/next'); ; ) {
    next = invokeOnce(handler, await next);
  }
}

process.on('uncaughtException', (error) => {
  console.error(error);
  process.exit(129);
});
process.on('unhandledRejection', (error) => {
  console.error('Runtime.UnhandledPromiseRejection', error);
  process.exit(128);
});
main();
