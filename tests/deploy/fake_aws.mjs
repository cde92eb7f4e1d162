// As much of AWS as deploying takes, on loopback: STS, S3, CloudFormation, Lambda and CloudWatch Logs.
//
//	const aws = await startAws();
//	... run the deployment with aws.url as the endpoint of all services ...
//	aws.requests, aws.stacks, aws.buckets, aws.faults
//	aws.close();
//
// A change set is executed at once. Where it makes a Lambda function, its code has to be in S3; where it makes a version,
// its CodeSha256 has to be that of the function's code: what is not so stands in `faults`, and the stack fails as it does
// with AWS. Nothing is checked of requests but what they ask for.
import { createHash } from 'node:crypto';
import http from 'node:http';

const account = '123456789012';
const region = 'us-east-1';
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('base64');

// --- XML ------------------------------------------------------------------------------------------------------------

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text) => String(text).replace(/[&<>"]/g, (c) => escapes[c]);

// { Name: text, Name: { ... }, Name: [ ... ] }: a list repeats its element
function xml(value) {
  if (typeof value !== 'object') return escape(value);
  return Object.entries(value)
    .flatMap(([key, v]) => (Array.isArray(v) ? v : [v]).filter((item) => item !== undefined).map((item) => [key, item]))
    .map(([key, item]) => `<${key}>${xml(item)}</${key}>`)
    .join('');
}

class AwsError extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}

// --- CloudFormation -------------------------------------------------------------------------------------------------

const noChanges = "The submitted information didn't contain changes. Submit different information to create a change set.";

class CloudFormation {
  constructor(aws) {
    Object.assign(this, { aws, stacks: new Map(), ids: 0 });
  }

  stack(name) {
    const stack = [...this.stacks.values()].find((s) => s.name === name || s.id === name);
    if (!stack) throw new AwsError(400, 'ValidationError', `Stack with id ${name} does not exist`);
    return stack;
  }

  changeSet(query) {
    const set = this.stack(query.StackName).changeSets.get(query.ChangeSetName);
    if (!set) throw new AwsError(404, 'ChangeSetNotFound', `ChangeSet [${query.ChangeSetName}] does not exist`);
    return set;
  }

  template(query) {
    if (query.TemplateBody) return query.TemplateBody;
    const [, bucket, key] = new URL(query.TemplateURL).pathname.match(/^\/([^/]+)\/(.*)$/);
    return this.aws.s3.object(bucket, decodeURIComponent(key)).bytes.toString();
  }

  DescribeStacks(query) {
    const { id, name, status, template, resources } = this.stack(query.StackName);
    const outputs = Object.entries(template?.Outputs ?? {}).map(([key, output]) => ({
      OutputKey: key, OutputValue: this.evaluate(output.Value, resources),
    }));
    return { Stacks: { member: { StackId: id, StackName: name, StackStatus: status, CreationTime: new Date().toISOString(),
      Outputs: { member: outputs } } } };
  }

  CreateChangeSet(query) {
    let stack = this.stacks.get(query.StackName);
    if (!stack && query.ChangeSetType === 'CREATE') {
      stack = { id: `arn:aws:cloudformation:${region}:${account}:stack/${query.StackName}/${++this.ids}`,
        name: query.StackName, status: 'REVIEW_IN_PROGRESS', resources: {}, events: [], changeSets: new Map(), history: [] };
      this.stacks.set(stack.name, stack);
    }
    if (!stack) this.stack(query.StackName);
    const text = this.template(query);
    const same = stack.text === text;
    stack.changeSets.set(query.ChangeSetName, { type: query.ChangeSetType, text, query,
      status: same ? 'FAILED' : 'CREATE_COMPLETE', reason: same ? noChanges : undefined });
    return { Id: `changeSet/${query.ChangeSetName}`, StackId: stack.id };
  }

  DescribeChangeSet(query) {
    const set = this.changeSet(query);
    const resources = Object.keys(JSON.parse(set.text).Resources ?? {});
    return { ChangeSetName: query.ChangeSetName, StackName: query.StackName, StackId: this.stack(query.StackName).id,
      Status: set.status, StatusReason: set.reason,
      Changes: { member: resources.map((id) => ({ Type: 'Resource', ResourceChange: { LogicalResourceId: id } })) } };
  }

  DeleteChangeSet(query) {
    this.stack(query.StackName).changeSets.delete(query.ChangeSetName);
    return {};
  }

  ExecuteChangeSet(query) {
    const stack = this.stack(query.StackName);
    const { type, text } = this.changeSet(query);
    stack.changeSets.clear();
    stack.text = text;
    stack.template = JSON.parse(text);
    stack.history.push({ type, template: stack.template });
    const faults = this.apply(stack, stack.template.Resources);
    this.aws.faults.push(...faults);
    stack.status = faults.length ? `${type}_FAILED` : `${type}_COMPLETE`;
    this.event(stack, 'AWS::CloudFormation::Stack', stack.name, `${type}_IN_PROGRESS`);
    for (const [id, resource] of Object.entries(stack.template.Resources))
      this.event(stack, resource.Type, id, `${type}_COMPLETE`);
    this.event(stack, 'AWS::CloudFormation::Stack', stack.name, stack.status, faults.join('; ') || undefined);
    return {};
  }

  event(stack, type, id, status, reason) {
    stack.events.unshift({ EventId: String(++this.ids), StackId: stack.id, StackName: stack.name, LogicalResourceId: id,
      ResourceType: type, ResourceStatus: status, ResourceStatusReason: reason, Timestamp: new Date().toISOString() });
  }

  DescribeStackEvents(query) {
    return { StackEvents: { member: this.stack(query.StackName).events } };
  }

  DescribeStackResource(query) {
    const resource = this.stack(query.StackName).resources[query.LogicalResourceId];
    if (!resource) throw new AwsError(400, 'ValidationError',
      `Resource ${query.LogicalResourceId} does not exist for stack ${query.StackName}`);
    return { StackResourceDetail: { LogicalResourceId: query.LogicalResourceId, ...this.detail(resource) } };
  }

  ListStackResources(query) {
    return { StackResourceSummaries: { member: Object.entries(this.stack(query.StackName).resources)
      .map(([id, resource]) => ({ LogicalResourceId: id, ...this.detail(resource) })) } };
  }

  detail({ type, physical }) {
    return { PhysicalResourceId: physical, ResourceType: type, ResourceStatus: 'CREATE_COMPLETE',
      LastUpdatedTimestamp: new Date().toISOString() };
  }

  GetTemplate(query) {
    return { TemplateBody: this.stack(query.StackName).text };
  }

  ValidateTemplate(query) {
    JSON.parse(this.template(query));
    return {};
  }

  SetStackPolicy() {
    return {};
  }

  evaluate(value, resources) {
    if (value?.Ref) return resources[value.Ref]?.physical ?? value.Ref;
    return typeof value === 'object' ? JSON.stringify(value) : value;
  }

  // Makes the resources, and says what is wrong with them.
  apply(stack, resources) {
    const faults = [];
    const made = {};
    for (const [id, { Type: type, Properties: p = {} }] of Object.entries(resources)) {
      const own = type === 'AWS::Lambda::Function' ? p.FunctionName : p.BucketName;
      const physical = stack.resources[id]?.physical ?? own ?? `${stack.name}-${id}`.toLowerCase();
      made[id] = { type, physical };
      if (type === 'AWS::S3::Bucket') this.aws.s3.create(physical);
    }
    stack.resources = made;
    const code = (id) => this.aws.s3.code(this.evaluate(resources[id].Properties.Code.S3Bucket, made),
      resources[id].Properties.Code.S3Key);
    for (const [id, { Type: type, Properties: p }] of Object.entries(resources)) {
      if (type === 'AWS::Lambda::Function' && p.Code.S3Key) {
        if (!code(id)) faults.push(`${id}: its code is not at ${p.Code.S3Key}`);
        this.aws.functions.set(p.FunctionName, { modified: new Date(), code: code(id) });
      } else if (type === 'AWS::Lambda::LayerVersion') {
        const { S3Bucket: bucket, S3Key: key } = p.Content;
        if (!this.aws.s3.code(this.evaluate(bucket, made), key)) faults.push(`${id}: its content is not at ${key}`);
      } else if (type === 'AWS::Lambda::Version' && p.CodeSha256) {
        const digest = code(p.FunctionName.Ref) && sha256(code(p.FunctionName.Ref));
        if (digest !== p.CodeSha256) faults.push(`${id}: CodeSha256 is ${p.CodeSha256}, but that of the code ${digest}`);
      }
    }
    return faults;
  }
}

// --- S3 -------------------------------------------------------------------------------------------------------------

class S3 {
  constructor() {
    Object.assign(this, { buckets: new Map(), uploads: new Map() });
  }

  create(bucket) {
    if (!this.buckets.has(bucket)) this.buckets.set(bucket, new Map());
  }

  bucket(name) {
    const bucket = this.buckets.get(name);
    if (!bucket) throw new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist');
    return bucket;
  }

  object(bucket, key) {
    const object = this.bucket(bucket).get(key);
    if (!object) throw new AwsError(404, 'NoSuchKey', 'The specified key does not exist.');
    return object;
  }

  code(bucket, key) {
    return this.buckets.get(bucket)?.get(key)?.bytes;
  }

  list(bucket, url) {
    const prefix = url.searchParams.get('prefix') ?? '';
    const found = [...this.bucket(bucket)].filter(([key]) => key.startsWith(prefix));
    return { ListBucketResult: { Name: bucket, Prefix: prefix, KeyCount: found.length, IsTruncated: false,
      Contents: found.map(([key, o]) => ({ Key: key, Size: o.bytes.length, LastModified: o.modified.toISOString(),
        ETag: o.etag })) } };
  }

  put(bucket, key, bytes, headers) {
    const metadata = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    this.bucket(bucket).set(key, { bytes, etag, modified: new Date(), metadata: Object.fromEntries(metadata),
      type: headers['content-type'] });
    return { headers: { etag } };
  }

  deleteMany(bucket, body) {
    const keys = [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map((m) => m[1]);
    for (const key of keys) this.bucket(bucket).delete(key);
    return { DeleteResult: { Deleted: keys.map((key) => ({ Key: key })) } };
  }

  multipart(method, bucket, key, url, body, headers) {
    const id = url.searchParams.get('uploadId');
    if (url.searchParams.has('uploads')) {
      const made = String(this.uploads.size + 1);
      this.uploads.set(made, { headers, parts: [] });
      return { InitiateMultipartUploadResult: { Bucket: bucket, Key: key, UploadId: made } };
    }
    if (method === 'PUT') {
      this.uploads.get(id).parts[Number(url.searchParams.get('partNumber'))] = body;
      return { headers: { etag: `"${id}"` } };
    }
    const { headers: first, parts } = this.uploads.get(id);
    this.put(bucket, key, Buffer.concat(parts.filter(Boolean)), first);
    return { CompleteMultipartUploadResult: { Bucket: bucket, Key: key, ETag: `"${id}"` } };
  }

  answer(method, url, body, headers) {
    const [, bucket, key] = decodeURIComponent(url.pathname).match(/^\/([^/]*)\/?(.*)$/s);
    if (url.searchParams.has('uploads') || url.searchParams.has('uploadId'))
      return this.multipart(method, bucket, key, url, body, headers);
    if (method === 'POST' && url.searchParams.has('delete')) return this.deleteMany(bucket, body);
    if (method === 'PUT') return this.put(bucket, key, body, headers);
    if (method === 'GET' && url.searchParams.has('location')) return { LocationConstraint: this.bucket(bucket) && '' };
    if (!key && method === 'HEAD') return this.bucket(bucket) && { headers: { 'x-amz-bucket-region': region } };
    if (!key) return this.list(bucket, url);
    const { bytes, etag, modified, metadata } = this.object(bucket, key);
    return { bytes: method === 'HEAD' ? Buffer.alloc(0) : bytes,
      headers: { etag, 'last-modified': modified.toUTCString(), ...metadata } };
  }
}

// "SIZE;...\r\nBYTES\r\n ... 0\r\nTRAILERS": how the newer SDK sends what it signs or sums while sending
function withoutChunks(body) {
  const parts = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const size = parseInt(body.toString('latin1', at, end), 16);
    if (!size) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 4 + size;
  }
}

// --- the server -----------------------------------------------------------------------------------------------------

const query = (body) => Object.fromEntries(new URLSearchParams(body.toString()));

class Aws {
  constructor() {
    Object.assign(this, { requests: [], faults: [], functions: new Map(), s3: new S3() });
    this.cloudFormation = new CloudFormation(this);
    this.services = {
      sts: () => ({ GetCallerIdentityResponse: { GetCallerIdentityResult: {
        Account: account, Arn: `arn:aws:iam::${account}:user/test`, UserId: 'test' } } }),
      s3: (method, url, body, headers) => this.s3.answer(method, url,
        /aws-chunked/.test(headers['content-encoding']) || /^STREAMING/.test(headers['x-amz-content-sha256']) ?
          withoutChunks(body) : body, headers),
      cloudformation: (method, url, body) => this.cloudFormationAnswer(query(body)),
      lambda: (method, url) => this.lambdaAnswer(decodeURIComponent(url.pathname.split('/').pop())),
      logs: () => ({ json: { subscriptionFilters: [] } }),
    };
  }

  get stacks() {
    return this.cloudFormation.stacks;
  }

  cloudFormationAnswer(q) {
    const action = q.Action;
    if (!/^[A-Z]/.test(action) || !this.cloudFormation[action]) throw new AwsError(400, 'InvalidAction', action);
    return { [`${action}Response`]: { [`${action}Result`]: this.cloudFormation[action](q) } };
  }

  lambdaAnswer(name) {
    const f = this.functions.get(name);
    if (!f) throw new AwsError(404, 'ResourceNotFoundException', `Function not found: ${name}`);
    return { json: { Configuration: { FunctionName: name, LastModified: f.modified.toISOString() } } };
  }

  // The service is told by the scope of the signature: .../20260101/us-east-1/SERVICE/aws4_request
  serve(request, body) {
    const url = new URL(request.url, 'http://127.0.0.1');
    const [, service] = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const action = service === 's3' ? `${request.method} ${decodeURIComponent(url.pathname)}` :
      query(body).Action ?? url.pathname;
    this.requests.push({ service, action });
    if (!this.services[service]) throw new AwsError(400, 'UnknownService', `${service} ${request.method} ${request.url}`);
    return this.services[service](request.method, url, body, request.headers);
  }

  answer(request, body, response) {
    try {
      const { json, bytes, headers = {}, ...elements } = this.serve(request, body);
      const content = bytes ?? (json ? JSON.stringify(json) : Object.keys(elements).length ? xml(elements) : '');
      response.writeHead(200, { 'content-type': json ? 'application/json' : 'text/xml', ...headers });
      response.end(content);
    } catch (error) {
      if (!(error instanceof AwsError)) this.faults.push(error.stack);
      const { status = 500, code = 'InternalError', message } = error;
      const s3 = /\/s3\//.test(request.headers.authorization ?? '');
      const fault = { Code: code, Message: message };
      response.writeHead(status, { 'content-type': 'text/xml', 'x-amzn-errortype': code });
      const element = s3 ? { Error: fault } : { ErrorResponse: { Error: { Type: 'Sender', ...fault } } };
      response.end(request.method === 'HEAD' ? '' : xml(element));
    }
  }
}

export async function startAws() {
  const aws = new Aws();
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => aws.answer(request, Buffer.concat(parts), response));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  aws.url = `http://127.0.0.1:${server.address().port}`;
  aws.close = () => {
    server.close();
    server.closeAllConnections();
  };
  return aws;
}
