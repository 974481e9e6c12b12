import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBatch, splitWindows } from '../../../src/formats/launch/batch';
import { decodeText } from '../../../src/formats/launch/decode';
import { commandlineArgs, entryArguments, launchArgsFile } from '../../../src/formats/launch/find-args';
import { readShell } from '../../../src/formats/launch/shell';
import { shlexSplit } from '../../../src/formats/launch/shlex';

const bat = (text: string) => commandlineArgs(readBatch(text, 'C:\\sd\\'), 'batch');
const sh = (text: string) => commandlineArgs(readShell(text), 'shell');

describe('shlexSplit', () => {
  // Each pair was made with Python 3.11's shlex.split.
  it.each([
    ['--a --b', ['--a', '--b']],
    ['C:\\models\\Lora', ['C:modelsLora']],
    ['"C:\\models\\Lora"', ['C:\\models\\Lora']],
    ['"a\\"b" "c\\\\d"', ['a"b', 'c\\d']],
    ["'a\\b' c'd e'f", ['a\\b', 'cd ef']],
    ['x "" y', ['x', '', 'y']],
    ['a#b # c', ['a#b', '#', 'c']],
    ['', []],
  ])('%s', (text, words) => {
    expect(shlexSplit(text)).toEqual({ words });
  });

  it('CF-17 says where an open quote began', () => {
    expect(shlexSplit('--lora-dir "C:\\x\\" --api')).toEqual({ error: { message: 'No closing quotation', column: 11 } });
    expect(shlexSplit('a\\')).toEqual({ error: { message: 'No escaped character', column: 1 } });
  });

  it('gives back words that were quoted singly', () => {
    const word = fc.string({ maxLength: 12 }).map((text) => text.replaceAll("'", ''));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        expect(shlexSplit(words.map((w) => `'${w}'`).join(' '))).toEqual({ words });
      }),
      { numRuns: 300 },
    );
  });
});

describe('webui-user.bat', () => {
  it('CF-14 takes the last assignment and names the others', () => {
    const found = bat(
      '@echo off\r\nset COMMANDLINE_ARGS=--xformers\r\nrem set COMMANDLINE_ARGS=--no-half\r\n::set COMMANDLINE_ARGS=--api\r\nset COMMANDLINE_ARGS=--medvram  \r\ncall webui.bat\r\n',
    );
    expect(found).toMatchObject({ words: ['--medvram'], line: 5, overridden: [2], uncertain: false });
  });

  it('CF-15 joins lines at a caret, reads quotes around the whole assignment, expands earlier variables', () => {
    expect(bat('set COMMANDLINE_ARGS=--api ^\r\n--listen')?.words).toEqual(['--api', '--listen']);
    expect(bat('set "COMMANDLINE_ARGS=--api --port 7861"')?.words).toEqual(['--api', '--port', '7861']);
    expect(bat('set X=--api\nset COMMANDLINE_ARGS=%X% --listen\n')?.words).toEqual(['--api', '--listen']);
    expect(bat('set COMMANDLINE_ARGS=%COMMANDLINE_ARGS% --api')).toMatchObject({ words: ['--api'], uncertain: true });
  });

  it('CF-14 is not sure of what stands behind an if', () => {
    expect(bat('if exist x set COMMANDLINE_ARGS=--api')).toMatchObject({ words: ['--api'], uncertain: true });
    expect(bat('if exist x (\nset COMMANDLINE_ARGS=--api\n)\nset COMMANDLINE_ARGS=--listen')).toMatchObject({
      words: ['--listen'],
      uncertain: false,
    });
  });

  it('CF-17 reports a value that shlex refuses', () => {
    expect(bat('set COMMANDLINE_ARGS=--lora-dir "D:\\l\\"')?.broken).toMatchObject({ message: 'No closing quotation' });
  });

  it('adds words given to webui.bat, which are not split again', () => {
    expect(bat('set COMMANDLINE_ARGS=--api\ncall webui.bat --port 7862')?.words).toEqual(['--api', '--port', '7862']);
  });

  it('CF-12 reads GBK bytes with a backslash as second byte of a character', () => {
    // 嘰 is 0x87 0x5C in GBK.
    const bytes = new Uint8Array([...Buffer.from('set COMMANDLINE_ARGS=--lora-dir "D:/'), 0x87, 0x5c, ...Buffer.from('/l"')]);
    expect(bat(decodeText(bytes).text)?.words).toEqual(['--lora-dir', 'D:/嘰/l']);
  });
});

describe('webui-user.sh', () => {
  it('CF-16 reads exports, appends, comments and continuations', () => {
    expect(sh('#export COMMANDLINE_ARGS=""\n')).toBeNull();
    expect(sh('export COMMANDLINE_ARGS="--api --lora-dir \'/a b/l\'" # x\n')?.words).toEqual(['--api', '--lora-dir', '/a b/l']);
    expect(sh('COMMANDLINE_ARGS="--api"\nCOMMANDLINE_ARGS+=" --listen"\n')).toMatchObject({
      words: ['--api', '--listen'],
      line: 2,
    });
    expect(sh('export COMMANDLINE_ARGS="--api \\\n --listen"')?.words).toEqual(['--api', '--listen']);
    expect(sh('export COMMANDLINE_ARGS="$COMMANDLINE_ARGS --api"')).toMatchObject({ words: ['--api'], uncertain: true });
    expect(sh('export COMMANDLINE_ARGS="$(cat args)"')).toMatchObject({ words: [], uncertain: true });
    expect(sh('cat <<EOF\nexport COMMANDLINE_ARGS="--no"\nEOF\nexport COMMANDLINE_ARGS="--api # no comment"')?.words).toEqual([
      '--api',
      '#',
      'no',
      'comment',
    ]);
  });
});

describe('entryArguments', () => {
  it('finds the program in a start script', () => {
    const portable = readBatch(
      '.\\python_embeded\\python.exe -s ComfyUI\\main.py --windows-standalone-build --lowvram\r\npause\r\n',
    );
    expect(entryArguments(portable, ['main.py'])?.words).toEqual(['--windows-standalone-build', '--lowvram']);
    const shell = readShell('#!/bin/sh\nexec venv/bin/python main.py --listen 127.0.0.1 > log.txt 2>&1\n');
    expect(entryArguments(shell, ['main.py'])?.words).toEqual(expect.arrayContaining(['--listen', '127.0.0.1']));
    expect(entryArguments(readShell('echo main.py\n'), ['main.py'])).toBeNull();
  });
});

describe('hostile scripts', () => {
  it('never throw and lose no plain word', () => {
    const piece = fc.constantFrom(
      'set ',
      'COMMANDLINE_ARGS',
      '=',
      '"',
      "'",
      '^',
      '%',
      '!',
      '&',
      '|',
      '(',
      ')',
      '\n',
      '\\',
      '$',
      '`',
      '${',
      '}',
      '<<E',
      '#',
      'x',
      ' ',
      '\u001a',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        expect(Array.isArray(readBatch(text).commands)).toBe(true);
        expect(Array.isArray(readShell(text).commands)).toBe(true);
        expect(splitWindows(text).every((word) => typeof word === 'string')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('reads launch_args.txt', () => {
    expect(launchArgsFile('\n--theme dark --api\n')).toMatchObject({ words: ['--theme', 'dark', '--api'], line: 2 });
  });
});
