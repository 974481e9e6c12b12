import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { beforeAll, expect, test } from 'vitest';
import type { Report } from '../../src/report/schema';
import { ROOT, runCli } from './helpers';

const read = (...names: string[]): string => readFileSync(path.join(ROOT, ...names), 'utf8');

/** The page's core in a bare context: it has the language and nothing of Node. */
let page: ReturnType<typeof createContext>;

beforeAll(async () => {
  await runCli(['--version']); // builds dist/rules.json
  const folder = mkdtempSync(path.join(tmpdir(), 'lora-doctor-page-'));
  const outfile = path.join(folder, 'browser.js');
  await promisify(execFile)(process.execPath, [path.join(ROOT, 'scripts', 'build-core.mjs'), outfile]);
  page = createContext({});
  runInContext(readFileSync(outfile, 'utf8'), page);
  rmSync(folder, { recursive: true });
  expect(runInContext('typeof process + typeof require + typeof Buffer', page)).toBe('undefined'.repeat(3));
});

function judge(snapshot: string, lang = 'en'): Report {
  Object.assign(page, { snapshot, rules: read('dist', 'rules.json'), lang });
  return JSON.parse(runInContext('LoraDoctor.diagnoseSnapshot(snapshot, rules, lang)', page)) as Report;
}

const causes = (report: Report): string[] => report.findings.map((f) => `${f.cause} ${f.verdict} ${f.fingerprint}`);

test('the core runs in a page: without require, process and Buffer', () => {
  expect(runInContext("LoraDoctor.show('a\\u001b[2Jb')", page)).toBe('a␛[2Jb');
});

test('a page finds in a recorded snapshot what is wrong', () => {
  const snapshot = read('test', 'fixtures', 'snapshots', 'a1111-missing-lora.json');
  const report = judge(snapshot);
  expect(report.schema).toBe('lora-doctor/report@1');
  expect(report.findings[0]?.cause).toBe('lora-not-found');
  expect(judge(snapshot, 'zh-CN').findings[0]?.title).toMatch(/\p{Script=Han}/u);
});

test('a page and the program come to the same findings', async () => {
  const { stdout } = await runCli(['demo', '--json']);
  const own = JSON.parse(stdout) as Report;
  expect(own.findings.length).toBeGreaterThan(0);
  expect(causes(judge(JSON.stringify(own.facts)))).toEqual(causes(own));
});

test('what is no snapshot is refused', () => {
  expect(() => judge('{}')).toThrow();
  expect(() => judge(JSON.stringify({ schema: 'lora-doctor/facts@1', subjects: [{}] }))).toThrow();
});
