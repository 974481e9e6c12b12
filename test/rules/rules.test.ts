import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileBuiltIn } from '../../src/commands/rule-files';
import { runExamples } from '../../src/diagnosis/compile/verify';
import { registry } from '../../src/facts/registry/all';
import { textWidth } from '../../src/report/width';

const { result, signatures } = compileBuiltIn(path.join(path.dirname(fileURLToPath(import.meta.url)), '../../rules'));

it('the rule base compiles without an error', () => {
  expect(result.errors.map((e) => `${e.file}:${e.line}:${e.column}: ${e.message}`)).toEqual([]);
});

describe.each(result.compiled.map((c) => [c.rule.id, c] as const))('%s', (_id, compiled) => {
  it.each(runExamples(compiled, registry).map((r) => [r.example, r] as const))('%s', (_name, outcome) => {
    expect(outcome).toMatchObject({ outcome: 'validated' });
  });

  it('fits on a screen: titles before names are filled in, steps without stray blanks', () => {
    for (const text of Object.values(compiled.rule.title)) expect(textWidth(text)).toBeLessThanOrEqual(140);
    for (const fix of compiled.rule.fixes) for (const step of [...fix.steps.en, ...fix.steps.zh]) expect(step.trim()).toBe(step);
  });
});

/** Causes of the first release (issue A, item 6): each has a rule. */
const WANTED = [
  'lora-not-found',
  'wrong-folder',
  'corrupt-or-truncated-file',
  'wrong-file-type',
  'cross-version-mismatch',
  'lora-key-format',
  'prompt-syntax',
  'overstrength',
  'lora-no-effect',
  'black-images-nan-unet',
  'black-images-nan-vae',
  'lora-nan-weights',
  'oom-vram',
  'torch-cuda-mismatch',
  'missing-dependency',
  'port-in-use',
  'pickle-unsafe',
  'healthy',
];

it('has a rule for each cause that was promised', () => {
  const causes = new Set(result.base.rules.map((r) => r.cause));
  expect(WANTED.filter((cause) => !causes.has(cause))).toEqual([]);
});

it('reads only signals that a signature gives, and only facts that a check produces', () => {
  const given = new Set(signatures.flatMap((f) => f.signatures).map((s) => s.signal));
  expect(given.size).toBeGreaterThan(100);
  for (const rule of result.base.rules) for (const fact of rule.reads) expect(registry.has(fact)).toBe(true);
});
