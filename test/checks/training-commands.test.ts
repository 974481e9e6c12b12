import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTrainingCheck } from '../../src/checks/training/check';
import { compileBuiltIn } from '../../src/commands/rule-files';
import { diagnose } from '../../src/diagnosis/diagnose';
import { registry } from '../../src/facts/registry/all';
import { Store } from '../../src/facts/store';
import { plant, runChecks, tempFolder } from './plant';

const here = path.dirname(fileURLToPath(import.meta.url));
const { result } = compileBuiltIn(path.join(here, '../../rules'));
const { cases } = JSON.parse(fs.readFileSync(path.join(here, '../fixtures/training-commands.json'), 'utf8')) as {
  cases: { name: string; causes: string[]; text: string }[];
};

let root = '';
beforeEach(() => {
  root = tempFolder();
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

/** The first cause told as error or warning. */
async function first(name: string, text: string): Promise<string | undefined> {
  plant(root, { [name]: text });
  const store = new Store(registry);
  await runChecks([createTrainingCheck(null)], [path.join(root, name)], { store });
  return diagnose(store, result.base).findings.find((s) => s.rule.severity !== 'info' && s.explainedBy === null)?.rule.cause;
}

it.each(cases.filter(({ causes }) => causes.length > 0))('$name: $causes', async ({ name, causes, text }) => {
  expect(causes).toContain(await first(name, text));
});

it.each(cases.filter(({ causes }) => causes.length === 0))('$name is silent', async ({ name, text }) => {
  expect(await first(name, text)).toBeUndefined();
});
