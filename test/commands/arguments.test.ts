import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../src/commands/arguments';
import { COMMANDS, GLOBAL, NOT_YET } from '../../src/commands/options';

const read = (argv: readonly string[], exists: (path: string) => boolean = () => false) => readArguments(argv, 'en', exists);

/** Command, words and options of a line that is right. */
function right(argv: readonly string[], exists?: (path: string) => boolean) {
  const result = read(argv, exists);
  if ('code' in result) throw new Error(`${result.code}: ${result.message}`);
  return {
    command: result.command.name,
    words: result.words,
    options: Object.fromEntries(result.options),
    implied: result.implied,
  };
}

function wrong(argv: readonly string[], lang: 'en' | 'zh-CN' = 'en') {
  const result = readArguments(argv, lang, () => false);
  if (!('code' in result)) throw new Error('no error');
  return result;
}

describe('what a command line means', () => {
  it.each([
    [[], { command: 'check', words: [], options: {}, implied: true }],
    [['--json'], { command: 'check', words: [], options: { json: true }, implied: true }],
    [['./sd'], { command: 'check', words: ['./sd'], options: {}, implied: true }],
    [['C:\\sd'], { command: 'check', words: ['C:\\sd'], options: {}, implied: true }],
    [['check', 'a', 'b'], { command: 'check', words: ['a', 'b'], options: {}, implied: false }],
    [['--lang=zh-CN', 'check'], { command: 'check', words: [], options: { lang: 'zh-CN' }, implied: false }],
    [['--lang', 'zh-CN', 'check'], { command: 'check', words: [], options: { lang: 'zh-CN' }, implied: false }],
    [['check', '--depth', 'deep', 'a'], { command: 'check', words: ['a'], options: { depth: 'deep' }, implied: false }],
    [['log', '-'], { command: 'log', words: ['-'], options: {}, implied: false }],
    [
      ['log', '--ui', 'forge', '-', '--json'],
      { command: 'log', words: ['-'], options: { ui: 'forge', json: true }, implied: false },
    ],
    [['-h'], { command: 'check', words: [], options: { help: true }, implied: true }],
    [['rules', 'list'], { command: 'rules', words: ['list'], options: {}, implied: false }],
  ])('%j', (argv, meaning) => {
    expect(right(argv)).toEqual(meaning);
  });

  it('takes everything after -- as a path, also what looks like an option or a command', () => {
    expect(right(['check', '--', '--json', '-x'])).toMatchObject({ words: ['--json', '-x'], options: {} });
    expect(right(['--', 'log'])).toEqual({ command: 'check', words: ['log'], options: {}, implied: true });
    expect(right(['--', 'inspct'])).toMatchObject({ words: ['inspct'] });
  });

  it('takes a word that exists as a path, a command before that', () => {
    expect(right(['sd'], () => true)).toMatchObject({ command: 'check', words: ['sd'] });
    expect(right(['log', 'x'], () => true)).toMatchObject({ command: 'log', words: ['x'] });
  });
});

describe('what is wrong, and what was meant', () => {
  it.each([
    [['inspct'], 'unknown-command', 'inspect'],
    [['chekc'], 'unknown-command', 'check'],
    [['check', '--dpeth', 'quick'], 'unknown-option', '--depth'],
    [['check', '--jsno'], 'unknown-option', '--json'],
    [['check', '--lnag=en'], 'unknown-option', '--lang'],
    [['inspect', '--weight'], 'unknown-option', '--weights'],
    [['check', '--depth', 'depe'], 'bad-value', '"deep"'],
    [['check', '--fail-on=warnig'], 'bad-value', '"warning"'],
    [['check', '--lang', 'zh'], 'bad-value', 'zh-CN'],
  ])('%j', (argv, code, meant) => {
    expect(wrong(argv)).toMatchObject({ code, remedy: expect.stringContaining(meant) });
  });

  it.each([
    [['check', '--zzzzzzzzzz'], 'unknown-option', 'lora-doctor check --help'],
    [['qqqqqqqqqq'], 'unknown-command', 'lora-doctor --help'],
    [['check', '-x'], 'unknown-option', 'lora-doctor check --help'],
    [['log', '--weights', 'f'], 'unknown-option', '--help'],
    [['check', '--depth'], 'bad-value', 'quick, normal, deep'],
    [['check', '--depth='], 'bad-value', 'quick, normal, deep'],
    [['check', '--rules', '--json'], 'bad-value', 'DIR'],
    [['check', '--json=yes'], 'bad-value', 'just --json'],
  ])('says what there is when nothing is near: %j', (argv, code, hint) => {
    expect(wrong(argv)).toMatchObject({ code, remedy: expect.stringContaining(hint) });
  });

  it('is honest about what is planned only', () => {
    for (const word of NOT_YET) expect(wrong([word]).code).toBe('not-in-this-version');
  });

  it('speaks Chinese when asked', () => {
    for (const argv of [
      ['inspct'],
      ['check', '--dpeth'],
      ['check', '--depth', 'x'],
      ['check', '--depth'],
      ['--json=1'],
      [NOT_YET[0] ?? 'zzzzzz'],
    ]) {
      const { message, remedy } = wrong(argv, 'zh-CN');
      expect(message).toMatch(/\p{Script=Han}/u);
      expect(remedy).toMatch(/\p{Script=Han}/u);
    }
  });

  it('is one line of harmless text for any words at all', () => {
    const known = [...COMMANDS.map((c) => c.name), ...GLOBAL.map((o) => `--${o.name}`), '--depth', '--', '-'];
    const word = fc.oneof(
      fc.constantFrom(...known),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((s) => `--${s}`),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (argv) => {
        const result = read(argv);
        if (!('code' in result)) return;
        expect(result.message + result.remedy).not.toMatch(/[\p{Cc}\u2028-\u202e\u200b-\u200f\ufeff]/u);
      }),
      { numRuns: 500 },
    );
  });
});
