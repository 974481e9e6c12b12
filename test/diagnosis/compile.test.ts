import { describe, expect, it } from 'vitest';
import { compileRules } from '../../src/diagnosis/compile/index';
import { registry, signals, words } from './world';

const GOOD = `schema: 1
id: machine/oom
cause: oom-vram
scope: log
severity: error
gate: decisive
symptoms: [black-image]
title: { en: 'Out of VRAM at line {hit.line}', zh: '第 {hit.line} 行显存不足' }
message: { en: The card is full., zh: 显存已满。 }
when:
  log.signals: oom
fixes:
  - id: less
    title: { en: Ask for less, zh: 降低需求 }
    steps: { en: [Lower the size.], zh: [降低分辨率。] }
references: [facts]
examples:
  - name: said so
    facts: { log.signals: [{ signal: oom, size: 2 GiB }] }
    expect: fires
    verdict: confirmed
  - name: another line
    facts: { log.signals: [nan] }
    expect: silent
  - name: unread
    facts: { log.signals: { unknown: unreadable } }
    expect: unknown
`;

function compile(source: string, file = 'rules/machine/oom.yaml') {
  return compileRules({
    words: { file: 'rules/causes.yaml', source: words },
    rules: [{ file, source }],
    facts: registry,
    signals,
    origin: 'built-in',
  });
}

const errorsOf = (source: string): string[] => compile(source).errors.map((e) => `${e.file}:${e.line}:${e.column}: ${e.message}`);

describe('compileRules', () => {
  it('compiles a good rule without an error', () => {
    const { base, errors } = compile(GOOD);
    expect(errors).toEqual([]);
    expect(base.rules.map((r) => r.id)).toEqual(['machine/oom']);
    expect(base.rules[0]?.reads).toEqual(['log.signals']);
    expect(base.hash).toMatch(/^[0-9a-f]{16}$/);
  });

  it('gives another hash for another content', () => {
    expect(compile(GOOD.replace('The card is full.', 'The card is quite full.')).base.hash).not.toBe(compile(GOOD).base.hash);
  });

  it('names a misspelt fact with its place and the nearest one', () => {
    const [error] = errorsOf(GOOD.replace('  log.signals: oom', '  log.signal: oom'));
    expect(error).toBe('rules/machine/oom.yaml:11:3: there is no fact "log.signal"; did you mean "log.signals"?');
  });

  it('refuses a unit that the fact does not have', () => {
    const rule = GOOD.replace('scope: log', 'scope: lora')
      .replace('  log.signals: oom', '  lora.size: { gt: 8s }')
      .replaceAll('{hit.line}', '');
    expect(errorsOf(rule)[0]).toMatch(/^rules\/machine\/oom\.yaml:11:20: unit "s" does not fit a fact in bytes; use B, KiB/);
  });

  it('reads a unit that fits', () => {
    const rule = GOOD.replace('scope: log', 'scope: lora')
      .replace('  log.signals: oom', '  lora.size: { gt: 2KiB }')
      .replaceAll('{hit.line}', '');
    const fitting = rule
      .replace('facts: { log.signals: [{ signal: oom, size: 2 GiB }] }', 'facts: { lora.size: 2049 }')
      .replace('facts: { log.signals: [nan] }', 'facts: { lora.size: 2048 }')
      .replace('facts: { log.signals: { unknown: unreadable } }', 'facts: { lora.size: { unknown: unreadable } }');
    expect(errorsOf(fitting)).toEqual([]);
  });

  it('demands both languages', () => {
    expect(errorsOf(GOOD.replace(', zh: 显存已满。', ''))).toContain('rules/machine/oom.yaml:9:10: message lacks "zh"');
  });

  it('demands the same placeholders in both languages', () => {
    expect(errorsOf(GOOD.replace('第 {hit.line} 行显存不足', '显存不足')).join()).toContain(
      '{hit.line} stands in one language only',
    );
  });

  it('finds a leaf that no example decides', () => {
    const rule = GOOD.replace('  log.signals: oom', '  all:\n    - log.signals: oom\n    - install.ui: { in: [a1111, comfyui] }')
      .replace('[{ signal: oom, size: 2 GiB }] }', '[oom], install.ui: a1111 }')
      .replace('{ unknown: unreadable } }', '{ unknown: unreadable }, install.ui: a1111 }')
      .replace('[nan] }', '[nan], install.ui: a1111 }');
    expect(errorsOf(rule)).toEqual([
      'rules/machine/oom.yaml:20:5: undecided leaf "install.ui: in ["a1111","comfyui"]": no silent example would fire without it',
    ]);
  });

  it('reports an example that comes out otherwise', () => {
    expect(errorsOf(GOOD.replace('log.signals: [nan]', 'log.signals: [oom]')).join()).toContain(
      'example "another line" is noisy: expected silent, got fires',
    );
    expect(errorsOf(GOOD.replace('verdict: confirmed', 'verdict: possible')).join()).toContain(
      'is wrong: expected fires, possible, got fires, confirmed',
    );
  });

  it('refuses words outside of an enum, unknown signals, causes and placeholders', () => {
    expect(errorsOf(GOOD.replace('cause: oom-vram', 'cause: oom-vrma')).join()).toContain(
      'there is no cause "oom-vrma"; did you mean "oom-vram"?',
    );
    expect(errorsOf(GOOD.replace('  log.signals: oom', '  log.signals: ooom')).join()).toContain(
      'no log signature gives the signal "ooom"; did you mean "oom"?',
    );
    expect(errorsOf(GOOD.replaceAll('{hit.line}', '{hit.name}')).join()).toContain('the signals of this rule capture size');
    const rule = GOOD.replace('  log.signals: oom', '  all: [{ log.signals: oom }, { install.ui: a1112 }]');
    expect(errorsOf(rule).join()).toContain('install.ui is never "a1112"; did you mean "a1111"?');
  });

  it('refuses operators of another type, anchors, doubled keys and numbers where a text belongs', () => {
    expect(errorsOf(GOOD.replace('  log.signals: oom', '  install.ui: { gt: 3 }')).join()).toContain(
      '"gt" is no test for install.ui (enum)',
    );
    expect(errorsOf(GOOD.replace('references: [facts]', 'references: &a [facts]')).join()).toContain(
      'anchors and aliases are not allowed',
    );
    expect(errorsOf(`${GOOD}cause: oom-vram\n`).join()).toContain('Map keys must be unique');
    expect(errorsOf(GOOD.replace('references: [facts]', 'references: [1.10]')).join()).toContain('must be a text; quote it');
  });

  it('demands that the id is the place of the file', () => {
    expect(errorsOf(GOOD.replace('id: machine/oom', 'id: machine/ooms')).join()).toContain("must be the file's place");
  });

  it('survives any text', () => {
    for (const source of ['', '[]', '- a', 'when: {', '\u0000', 'schema: 1', '{{{', 'a: &x [*x]'])
      expect(errorsOf(source).length).toBeGreaterThan(0);
  });
});
