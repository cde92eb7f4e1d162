// The reports of `slsws validate` as others read them: SARIF by its schema, JUnit's XML by a reader of it, GitLab's by
// what it asks for; and the baseline.	node test_reports.mjs SLSWS
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const here = new URL('.', import.meta.url).pathname;
const slsws = resolve(process.argv[2]);
if (!existsSync(join(here, 'reports/node_modules'))) {
	console.log('left out: `tools/setup.sh all` installs what it takes');
	process.exit(77);
}
const require = createRequire(join(here, 'reports/package.json'));
const Ajv = require('ajv/dist/2020').default;
const { parse } = await import(require.resolve('junit2json'));

const folder = mkdtempSync(join(tmpdir(), 'slsws-reports-'));
let failed = 0;
function expect(what, good, detail = '') {
	if (!good) {
		failed++;
		console.log(`FAILED: ${what} ${detail}`);
	}
}

const faulty = `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Queue:
    Type: AWS::SQS::Queue
Outputs:
  # slsws: ignore W104
  One: { Value: !Ref 'Ü <&> "x"' }
  Two: { Value: !Ref Queu }
  Three: { Value: !Ref Queu }
`;
const clean = `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Queue:
    Type: AWS::SQS::Queue
`;
const service = `service: chat
provider:
  name: aws
custom:
  target: Nowhere
functions:
  hello:
    handler: index.handler
    unknownKey: 1
resources:
  Outputs:
    One:
      Value: { Ref: '\${self:custom.target}' }
`;
mkdirSync(join(folder, 'a folder/ü'), { recursive: true });
writeFileSync(join(folder, 'a folder/ü/faulty 1%.yml'), faulty);
writeFileSync(join(folder, 'clean.yml'), clean);
writeFileSync(join(folder, 'serverless.yml'), service);
writeFileSync(join(folder, 'index.js'), '');
const files = ['a folder/ü/faulty 1%.yml', 'clean.yml', 'serverless.yml'];

function run(...args) {
	const env = { PATH: process.env.PATH, ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '' };
	return spawnSync(slsws, ['validate', ...args], { cwd: folder, encoding: 'utf8', env });
}
const report = (format, names = files) => run('--format', format, ...names).stdout;

// --- JSON, which the others are compared with
const json = JSON.parse(report('json'));
const errors = json.diagnostics.filter((d) => d.severity === 'error').length;
expect('JSON: counts', errors === json.error_count && errors >= 3 && json.valid === false);
expect('JSON: another place', json.diagnostics.some((d) => d.related.some((r) => r.range)));
expect('JSON: clean', JSON.parse(report('json', ['clean.yml'])).valid === true);

// --- SARIF
const schema = JSON.parse(readFileSync(require.resolve('@microsoft/sarif-multitool-linux/sarif-2.1.0.json'), 'utf8'));
const ajv = new Ajv({ strict: false, allErrors: true });
require('ajv-formats').default(ajv);
const isSarif = ajv.compile(schema);
for (const names of [files, ['clean.yml'], ['missing.yml']]) {
	const sarif = JSON.parse(report('sarif', names));
	expect(`SARIF of ${names}`, isSarif(sarif), JSON.stringify(isSarif.errors, null, 1));
	const { results, tool } = sarif.runs[0];
	for (const result of results) {
		expect('SARIF: the rule of a result', tool.driver.rules[result.ruleIndex].id === result.ruleId);
	}
	if (names === files) {
		expect('SARIF: as many results', results.length === json.diagnostics.length);
		const { uri, uriBaseId } = results[0].locations[0].physicalLocation.artifactLocation;
		expect('SARIF: the path', uri === 'a%20folder/%C3%BC/faulty%201%25.yml' && uriBaseId === '%SRCROOT%', uri);
		expect('SARIF: another place', results.some((r) => r.relatedLocations));
	}
}
expect('SARIF: the schema refuses', !isSarif({ version: '2.1.0', runs: [{ results: [] }] }));

// --- JUnit
const suites = await parse(report('junit'));
expect('JUnit: a suite for each file', suites.testsuite.length === files.length);
const sum = (key) => suites.testsuite.reduce((count, suite) => count + Number(suite[key]), 0);
expect('JUnit: failures', sum('failures') === errors, `${sum('failures')}`);
expect('JUnit: the clean file passes', suites.testsuite[1].tests === 1 && suites.testsuite[1].failures === 0);
const texts = suites.testsuite[0].testcase.map((c) => c.failure?.[0]?.message ?? '');
expect('JUnit: texts', texts.some((t) => t.includes(`'Ü <&> "x"'`)), texts.join());
const strict = await parse(run('--format', 'junit', '--fail-on', 'warning', ...files).stdout);
expect('JUnit: warnings fail if they should', strict.testsuite[0].failures > suites.testsuite[0].failures);

// --- GitLab
const issues = JSON.parse(report('gitlab'));
expect('GitLab: as many', issues.length === json.diagnostics.length);
expect('GitLab: fingerprints differ', new Set(issues.map((i) => i.fingerprint)).size === issues.length);
expect('GitLab: the form', issues.every((i) => i.description && i.check_name && i.location.path &&
	i.location.lines.begin >= 1 && ['info', 'minor', 'major', 'critical', 'blocker'].includes(i.severity)));

// --- baseline: what was known stays known when it moves, what is new is not
expect('baseline: written', run('--write-baseline', 'known.json', ...files).status === 0);
writeFileSync(join(folder, files[0]), `# a line more\n\n${faulty}`);
const known = run('--baseline', 'known.json', ...files);
expect('baseline: nothing new', known.status === 0 && known.stderr === '', known.stderr);
writeFileSync(join(folder, files[0]), `${faulty}  Four: { Value: !Ref Queues }\n  Five: { Value: !Ref Queu }\n`);
const more = JSON.parse(run('--format', 'json', '--baseline', 'known.json', ...files).stdout);
expect('baseline: what is new', more.diagnostics.length === 2, JSON.stringify(more.diagnostics, null, 1));
expect('baseline: none', run('--baseline', 'none.json', 'clean.yml').stderr.includes('U055'));

rmSync(folder, { recursive: true });
console.log(failed ? `${failed} failed` : 'reports: all good');
process.exit(failed ? 1 : 0);
