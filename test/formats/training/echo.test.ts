import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEcho } from '../../../src/formats/training/echo';
import { readPythonList } from '../../../src/formats/training/python-list';

/** What Python's `repr` makes of a text. */
function repr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '\\' || char === quote) out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\r') out += '\\r';
    else if (char === '\t') out += '\\t';
    else if (code < 32 || code === 127) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code >= 0xd800 && code <= 0xdfff) out += `\\u${code.toString(16)}`;
    else out += char;
  }
  return `${quote}${out}${quote}`;
}
const list = (texts: readonly string[]): string => `[${texts.map(repr).join(', ')}]`;

describe('readPythonList', () => {
  const texts = (source: string): readonly string[] | undefined => readPythonList(source, 0)?.texts.map(({ text }) => text);

  it.each([
    ['[]', []],
    [`['a', "it's", '']`, ['a', "it's", '']],
    [String.raw`['C:\\Users\\me\\img', 'a\'b"c']`, ['C:\\Users\\me\\img', 'a\'b"c']],
    [String.raw`['\x1b', '\u4e2d', '\U0001f600', 'a\tb']`, ['\u001b', '中', '\u{1f600}', 'a\tb']],
    ["['--sd\npa', 'b']", ['--sdpa', 'b']],
    ["['a',\r\n'b']", ['a', 'b']],
  ])('%s', (source, expected) => {
    expect(texts(source)).toEqual(expected);
  });

  it.each(['', '[', "['a'", "['a', ", "['a' 'b']", "['a]", '[a]', "['a', 3]", String.raw`['\q']`, String.raw`['\x1']`, "['a\\"])(
    'is none: %s',
    (source) => {
      expect(readPythonList(source, 0)).toBeNull();
    },
  );

  it('reads what repr writes, with the place of each text, wherever a terminal breaks the line', () => {
    const any = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 8 });
    fc.assert(
      fc.property(any, fc.string({ maxLength: 9 }), (words, before) => {
        const source = `${before}${list(words)}' returned`;
        const read = readPythonList(source, before.length);
        expect(read?.texts.map(({ text }) => text)).toEqual(words);
        expect(read?.texts.map(({ start, end }) => source.slice(start, end))).toEqual(words.map(repr));
        expect(source.slice(read?.end)).toBe("' returned");
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z=/.]{1,20}$/), { minLength: 1, maxLength: 6 }), fc.nat(), (words, cut) => {
        const source = list(words);
        const at = 1 + (cut % (source.length - 1));
        expect(readPythonList(`${source.slice(0, at)}\n${source.slice(at)}`, 0)?.texts.map(({ text }) => text)).toEqual(words);
      }),
    );
  });

  it('ends on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => void readPythonList(`['${text}`, 0)));
    expect(readPythonList(`[${"'a', ".repeat(100_000)}`, 0)).toBeNull();
  });
});

const failed = (words: readonly string[], status: number, before = '', after = ''): string =>
  `${before}Traceback (most recent call last):\n  File "launch.py", line 1, in simple_launcher\n    raise subprocess.CalledProcessError(returncode=process.returncode, cmd=cmd)\nsubprocess.CalledProcessError: Command '${list(words)}' returned non-zero exit status ${status}.\n${after}`;

describe('readEcho', () => {
  const words = [
    'C:\\venv\\Scripts\\python.exe',
    './sdxl_train_network.py',
    '--network_dim=4',
    '--learing_rate',
    '1e-4',
    '--output_name=my cat',
  ];
  const refused = 'sdxl_train_network.py: error: unrecognized arguments: --learing_rate 1e-4\n';

  it('gives options and faults with line and column of the log', () => {
    const text = failed(words, 2, refused);
    const echo = readEcho(text);
    expect(echo?.stopped).toBe('arguments');
    expect(echo?.setup.script).toBe('sdxl_train_network.py');
    expect([...(echo?.setup.options ?? [])].map(([name, { values }]) => [name, values])).toEqual([
      ['network_dim', ['4']],
      ['output_name', ['my cat']],
    ]);
    const [problem] = echo?.setup.problems ?? [];
    expect(problem).toMatchObject({ kind: 'unknown-option', text: '--learing_rate', nearest: 'learning_rate', line: 5 });
    const line = text.split('\n')[4] ?? '';
    expect(line.slice((problem?.column ?? 0) - 1)).toMatch(/^'--learing_rate'/);
    expect(echo?.line).toBe(5);
  });

  it('tells where it stopped', () => {
    expect(readEcho(failed(words, 1))?.stopped).toBe('start');
    expect(readEcho(failed(words, 1, 'prepare tokenizer\n'))?.stopped).toBe('start');
    const earlier = 'steps: 100%|####| 9/9 [00:01<00:00]\nmodel saved.\n';
    expect(readEcho(failed(words, 1, `${earlier}prepare tokenizer\n`))?.stopped).toBe('start');
    expect(readEcho(failed(words, 2, earlier + refused))?.stopped).toBe('arguments');
  });

  it.each([
    ['a healthy log', 'prepare tokenizer\nsteps: 100%|####| 9/9 [00:01<00:00]\nmodel saved.\n'],
    ['nothing', ''],
    ['a run that made steps', failed(words, 1, 'prepare tokenizer\nsteps:  10%|#   | 1/9 [00:01<00:00]\n')],
    ['one that was killed', failed(words, 1).replace('returned non-zero exit status 1', 'died with <Signals.SIGKILL: 9>')],
    ['a crash of the system', failed(words, 3221225477 % 10000)],
    ['2 for another reason than the arguments', failed(words, 2, "python: can't open file 'train_network.py'\n")],
    ['a later run', failed(words, 1, '', 'prepare tokenizer\nsteps: 100%|####| 9/9 [00:01<00:00]\nmodel saved.\n')],
    ['another program', failed(['pip', 'install', 'x'], 1)],
    ['a list that is cut', failed(words, 1).slice(0, -80)],
    ['a command that is no list', "subprocess.CalledProcessError: Command 'pip install x' returned non-zero exit status 1.\n"],
  ])('is none: %s', (_what, text) => {
    expect(readEcho(text)).toBeNull();
  });

  it('follows from nothing that is left out when a file holds the rest', () => {
    expect(readEcho(failed(['python', 'train_network.py', '--config_file', 'D:\\a.toml'], 1))?.setup.open).toBe(true);
    expect(readEcho(failed(['python', 'train_network.py', '--sdpa'], 1))?.setup.open).toBe(false);
  });

  it('is linear in the length of the log', () => {
    expect(readEcho(`${"CalledProcessError: Command '['a', ".repeat(20_000)}`)).toBeNull();
  });
});
