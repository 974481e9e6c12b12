import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScript, shellOf } from '../../../src/formats/training/lex';

const words = (text: string, shell: 'bash' | 'cmd' | 'powershell' = 'bash'): string[][] =>
  readScript(text, shell).commands.map((command) => command.words.map((word) => word.text));
const faults = (text: string, shell: 'bash' | 'cmd' | 'powershell' = 'bash'): string[] =>
  readScript(text, shell).faults.map((fault) => `${fault.kind} ${fault.line}:${fault.column}`);

describe('words', () => {
  it('joins continued lines and undoes quotes', () => {
    expect(words('run "a b"c \\\n  --x=\'d e\'\nnext')).toEqual([['run', 'a bc', '--x=d e'], ['next']]);
    expect(words('run ^\r\n "a b" ^\r\n \'c\r\n', 'cmd')).toEqual([['run', 'a b', "'c"]]);
    expect(words('run `\n "a`"b"', 'powershell')).toEqual([['run', 'a"b']]);
  });

  it('fills in what the script itself set', () => {
    expect(words('M="/x/a b"\nrun "$M/c" \u0024{M} $HOME/d')[1]).toEqual(['run', '/x/a b/c', '/x/a b', '$HOME/d']);
    expect(words('set M=D:\\x\nrun %M%\\a %NO%', 'cmd')[1]).toEqual(['run', 'D:\\x\\a', '%NO%']);
    expect(words('$m = "D:/x"\nrun "$m"', 'powershell')[1]).toEqual(['run', 'D:/x']);
  });

  it('leaves comments out', () => {
    expect(words('# a b\nrun x # y\n')).toEqual([['run', 'x']]);
    expect(words('rem a b\n:: c\nrun x#y', 'cmd')).toEqual([['run', 'x#y']]);
  });

  it('knows each word by line and column', () => {
    const [command] = readScript('run \\\n  --a "b"', 'bash').commands;
    expect(command?.words.map(({ line, column, quoted }) => [line, column, quoted])).toEqual([
      [1, 1, false],
      [2, 3, false],
      [2, 7, true],
    ]);
  });
});

describe('faults', () => {
  it('finds what stands behind the sign that continues a line, and reads on as it was meant', () => {
    const text = 'run --a \\   # why\n  --b \\ \n  --c';
    expect(faults(text)).toEqual(['comment-after-continuation 1:9', 'blank-after-continuation 2:7']);
    expect(words(text)).toEqual([['run', '--a', '--b', '--c']]);
    expect(faults('run --a ^ \n --b', 'cmd')).toEqual(['blank-after-continuation 1:9']);
    expect(faults('run --a ` # b\n --b', 'powershell')).toEqual(['comment-after-continuation 1:9']);
  });

  it('tells apart a sound line end', () => {
    expect(faults('run --a \\\n  --b')).toEqual([]);
    expect(faults('run --a ^\r\n --b', 'cmd')).toEqual([]);
  });

  it('finds line ends of Windows in a bash script, the sign of another shell, and odd characters', () => {
    expect(faults('run --a \\\r\n --b')).toEqual(['carriage-return 1:9']);
    expect(faults('run --a \\\n --b', 'cmd')).toEqual(['foreign-continuation 1:9']);
    expect(faults('run \u201ca b\u201d')).toEqual(['curly-quote 1:5']);
    expect(readScript('run --x=\u201ca b\u201d', 'bash').commands[0]?.words.map((word) => word.text)).toEqual(['run', '--x=a b']);
    expect(faults('run a\u3000b')).toEqual(['wide-blank 1:6']);
    expect(faults('run "a')).toEqual(['unclosed-quote 1:5']);
    expect(faults('run --a \\\n  --b \\\n')).toEqual(['ends-early 2:7']);
  });
});

describe('shellOf', () => {
  it('goes by the name, else by the signs at line ends', () => {
    expect(shellOf('a.bat', '')).toBe('cmd');
    expect(shellOf('a.ps1', '')).toBe('powershell');
    expect(shellOf('-', 'a ^\nb ^\nc')).toBe('cmd');
    expect(shellOf('-', 'a `\nb')).toBe('powershell');
    expect(shellOf('-', 'a \\\nb')).toBe('bash');
  });
});

describe('any text', () => {
  const piece = fc.constantFrom('a', ' ', '\n', '\r', '\\', '^', '`', '"', "'", '#', '$a', '%a%', '=', ';', '\u3000', '–', '--x');
  it.each(['bash', 'cmd', 'powershell'] as const)('is cut into words that stand where they are said to (%s)', (shell) => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const lines = text.split('\n');
        const { commands, faults: found } = readScript(text, shell);
        for (const place of [...commands.flatMap((c) => c.words), ...found]) {
          expect(place.line).toBeGreaterThan(0);
          expect(place.line).toBeLessThanOrEqual(lines.length);
          expect(place.column).toBeLessThanOrEqual((lines[place.line - 1] ?? '').length + 1);
        }
      }),
      { numRuns: 400 },
    );
  });
});
