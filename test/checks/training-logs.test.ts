import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileBuiltIn } from '../../src/commands/rule-files';
import { diagnose } from '../../src/diagnosis/diagnose';
import { registry } from '../../src/facts/registry/all';
import { Store } from '../../src/facts/store';
import { readLog } from '../../src/formats/log/read';
import { compileSignatures } from '../../src/formats/log/signature';

const here = path.dirname(fileURLToPath(import.meta.url));
const { result, signatures } = compileBuiltIn(path.join(here, '../../rules'));
const compiled = compileSignatures(signatures);
const { cases, healthy } = JSON.parse(fs.readFileSync(path.join(here, '../fixtures/training-logs.json'), 'utf8')) as {
  cases: { causes: string[]; text: string }[];
  healthy: string[];
};

/** Causes told as error or warning, first one first; those that follow from another left out. */
function causes(text: string): string[] {
  const store = new Store(registry);
  const read = readLog([new TextEncoder().encode(text)], { path: '/x/train.log', ui: 'kohya', signatures: compiled });
  store.add('logs', new Set(registry.keys()), read);
  return diagnose(store, result.base)
    .findings.filter((s) => s.rule.severity !== 'info' && s.explainedBy === null)
    .map((s) => s.rule.cause);
}

const named = cases.map(({ causes: wanted, text }, i) => ({ name: `${i} ${wanted[0]}`, wanted, text }));

describe('what stopped a training, in the words of other versions and front ends', () => {
  it.each(named)('$name', ({ wanted, text }) => {
    expect(wanted).toContain(causes(text)[0]);
  });
});

describe('a sound training', () => {
  it.each(healthy.map((text, i) => ({ i, text })))('$i is silent', ({ text }) => {
    expect(causes(text)).toEqual([]);
  });
});
