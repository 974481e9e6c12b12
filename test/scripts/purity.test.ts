import { describe, expect, test } from 'vitest';
import { impurities, levelOf } from '../../scripts/purity.mjs';

const pure = (code: string): string[] => impurities('src/formats/x.ts', code, 'pure');

describe('the purity check', () => {
  test.each([
    'console.log(1)',
    'const x = process.env.HOME',
    'const t = Date.now()',
    'const t = new Date()',
    'const t = Date()',
    'const r = Math.random()',
    'const b = Buffer.from([1])',
    'setTimeout(() => {}, 1)',
    'const y = { process }',
    'const g = globalThis.process',
  ])('finds %s', (code) => {
    expect(pure(code)).toHaveLength(1);
  });

  test.each([
    'const d = new Date(0).toISOString()',
    'const n = x.process.console',
    'const o = { console: 1, fetch: 2 }',
    'interface Args { readonly process: string }',
    'function run(process: string) { return process }',
    '// console.log(Date.now())\nconst s = "process.exit()"',
  ])('lets %s pass', (code) => {
    expect(pure(code)).toEqual([]);
  });

  test('names file and line', () => {
    expect(pure('\n\nconsole.log(1)')[0]).toMatch(/^src\/formats\/x\.ts:3: console /);
  });

  test('knows which folder is held how', () => {
    expect(levelOf('src/diagnosis/evaluate.ts')).toBe('pure');
    expect(levelOf('src/checks/lora/check.ts')).toBe('quiet');
    for (const file of ['src/cli.ts', 'src/platform/node.ts', 'test/x.test.ts']) expect(levelOf(file)).toBeNull();
  });

  test('outside of the core a Buffer is allowed, the clock is not', () => {
    expect(impurities('src/checks/x.ts', 'Buffer.alloc(1)', 'quiet')).toEqual([]);
    expect(impurities('src/checks/x.ts', 'Date.now()', 'quiet')).toHaveLength(1);
  });
});
