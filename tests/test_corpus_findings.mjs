#!/usr/bin/env node
// Runs slsws validate over the services of a corpus and over the templates that the reference makes of them, and compares
// the errors with the list of those that are true.
//	test_corpus_findings.mjs SLSWS CORPUS [--accept]
// The list, corpus-findings.txt, has paragraphs: what is wrong and why that is so, after '#', then lines of
// `CASE template|service CODE MESSAGE`. --accept adds what is new at its end, to be read and explained; what is no longer
// found it takes out.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [slsws, corpus] = process.argv.slice(2).map((arg) => path.resolve(arg));
if (!corpus || !fs.existsSync(corpus)) {
	console.log('no corpus');
	process.exit(77);
}
const listPath = new URL('corpus-findings.txt', import.meta.url);

// The service's folder with files where it names some that a build would make.
function stage(folder, info) {
	const work = fs.mkdtempSync(path.join(os.tmpdir(), 'findings-'));
	fs.cpSync(path.join(folder, 'input'), work, { recursive: true });
	for (const name of info.placeholders) {
		const file = path.join(work, name);
		if (name.endsWith('/') || fs.existsSync(file)) {
			continue;
		}
		fs.mkdirSync(path.dirname(file), { recursive: true });
		fs.writeFileSync(file, file.endsWith('.zip') ? Buffer.from('504b0506000000000000000000000000000000000000', 'hex') : '\n');
	}
	return work;
}

function errors(args, cwd, env) {
	const run = spawnSync(slsws, ['validate', '--quiet', '--no-color', ...args], { cwd, encoding: 'utf8',
		env: { PATH: process.env.PATH, HOME: cwd, ...env } });
	if (run.status !== 0 && run.status !== 1) {
		throw new Error(`exit status ${run.status ?? run.signal} in ${cwd}\n${run.stderr}`);
	}
	return [...(run.stdout + run.stderr).matchAll(/^error\[([A-Z]\d+)\]: (.*)$/gm)].map(([, code, text]) => `${code} ${text}`);
}

function findings() {
	const found = [];
	for (const name of fs.readdirSync(corpus).sort()) {
		const folder = path.join(corpus, name);
		if (!fs.existsSync(path.join(folder, 'case.json'))) {
			continue;
		}
		const info = JSON.parse(fs.readFileSync(path.join(folder, 'case.json')));
		for (const error of errors(['expected.json'], folder, {})) {
			found.push(`${name} template ${error}`);
		}
		const work = stage(folder, info);
		for (const error of errors(['serverless.yml', '--stage', 'dev'], path.join(work, info.service_dir), info.env)) {
			found.push(`${name} service ${error}`);
		}
		fs.rmSync(work, { recursive: true });
	}
	return [...new Set(found)];
}

const lines = fs.existsSync(listPath) ? fs.readFileSync(listPath, 'utf8').split('\n') : [];
const isFinding = (line) => line && !line.startsWith('#');
const known = new Set(lines.filter(isFinding));
const found = new Set(findings());
const added = [...found].filter((line) => !known.has(line));
const gone = [...known].filter((line) => !found.has(line));
if (process.argv.includes('--accept')) {
	const kept = lines.filter((line) => !isFinding(line) || found.has(line)).join('\n').trimEnd();
	fs.writeFileSync(listPath, `${[kept, added.join('\n')].filter(Boolean).join('\n\n')}\n`);
}
for (const line of added) {
	console.log(`not in the list: ${line}`);
}
for (const line of gone) {
	console.log(`not found any more: ${line}`);
}
console.log(`${found.size} errors, ${known.size} in the list`);
process.exit(added.length + gone.length && !process.argv.includes('--accept') ? 1 : 0);
