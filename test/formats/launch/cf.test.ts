import { describe, expect, test } from 'vitest';
import { readFlags } from '../../../src/checks/install/flags';
import { expandPath, resolveFor } from '../../../src/checks/install/look';
import { readComfyPaths } from '../../../src/formats/comfy-paths';
import { parseJson } from '../../../src/formats/json';
import { readBatch } from '../../../src/formats/launch/batch';
import { decodeText } from '../../../src/formats/launch/decode';
import { commandlineArgs } from '../../../src/formats/launch/find-args';
import { readShell } from '../../../src/formats/launch/shell';
import { readToml } from '../../../src/formats/training/toml';
import { nodePlatform } from '../../../src/platform/node';

const bat = (text: string) => commandlineArgs(readBatch(text, 'C:\\sd\\'), 'batch');
const sh = (text: string) => commandlineArgs(readShell(text), 'shell');
const flags = (line: string, ui: 'a1111' | 'comfyui' | 'forge' = 'a1111') =>
  readFlags(line.split(' '), { ui, version: null, added: new Set() });
const folders = (text: string) =>
  readComfyPaths(text).entries.map(({ section, type, base, value }) => [section, type, base, value].join(' '));
const firstKind = (text: string) => readComfyPaths(text).problems[0]?.kind;

describe('batch files', () => {
  test('CF-12 a path in cp936 with CRLF keeps every character and every backslash', () => {
    const bytes = Buffer.concat([
      Buffer.from('@echo off\r\nset COMMANDLINE_ARGS=--lora-dir "D:\\'),
      Buffer.from([0xc4, 0xa3, 0xd0, 0xcd, 0x5c, 0x87, 0x5c, 0x5c]), // 模型\嘰\
      Buffer.from('l" --api\r\ncall webui.bat\r\n'),
    ]);
    const { text, encoding } = decodeText(bytes);
    expect(encoding).toBe('gb18030');
    expect(bat(text)).toMatchObject({ words: ['--lora-dir', 'D:\\模型\\嘰\\l', '--api'], line: 2 });
  });

  test.each([
    ['LF only', '@echo off\nset COMMANDLINE_ARGS=--api\ncall webui.bat\n'],
    ['mixed line ends', '@echo off\nset COMMANDLINE_ARGS=--api\r\ncall webui.bat\n'],
    ['a Ctrl-Z, and what stands behind it', '@echo off\r\nset COMMANDLINE_ARGS=--api\r\n\u001aset COMMANDLINE_ARGS=--no\r\n'],
    ['no final newline', '@echo off\r\nset COMMANDLINE_ARGS=--api'],
    ['a Ctrl-Z right behind the value', '@echo off\r\nset COMMANDLINE_ARGS=--api\u001a'],
  ])('CF-13 %s', (_name, text) => {
    expect(bat(text)).toEqual({ words: ['--api'], line: 2, uncertain: false, overridden: [] });
  });

  test('CF-14 the last of two that may run is uncertain, and the other is named', () => {
    const text = 'set COMMANDLINE_ARGS=--api\nif defined X (\n  set COMMANDLINE_ARGS=--listen\n)\n';
    expect(bat(text)).toMatchObject({ words: ['--listen'], line: 3, uncertain: true, overridden: [1] });
    expect(bat('REM set COMMANDLINE_ARGS=--a\n  :: set COMMANDLINE_ARGS=--b\n@rem set COMMANDLINE_ARGS=--c\n')).toBeNull();
  });

  test.each([
    ['set "COMMANDLINE_ARGS=--api"', ['--api'], false],
    ['set COMMANDLINE_ARGS=--api   ', ['--api'], false],
    ['SET commandline_args=--api', ['--api'], false],
    ['set COMMANDLINE_ARGS=--api ^\r\n  --listen ^\r\n  --xformers', ['--api', '--listen', '--xformers'], false],
    ['set COMMANDLINE_ARGS=--api& echo x', ['--api'], false],
    ['set COMMANDLINE_ARGS=--theme "a&b"', ['--theme', 'a&b'], false],
    ['set COMMANDLINE_ARGS=--theme a^&b', ['--theme', 'a&b'], false],
    ['set D=--api\nset COMMANDLINE_ARGS=%D% --listen', ['--api', '--listen'], false],
    ['set COMMANDLINE_ARGS=--api %MINE%', ['--api'], true],
    ['set /p COMMANDLINE_ARGS=Which?', [], true],
    ['set COMMANDLINE_ARGS=--lora-dir "C:\\new\\test"', ['--lora-dir', 'C:\\new\\test'], false],
  ])('CF-15 %j', (text, words, uncertain) => {
    expect(bat(text)).toMatchObject({ words, uncertain });
  });

  test('CF-15 delayed expansion cannot be told', () => {
    expect(bat('setlocal enabledelayedexpansion\nset COMMANDLINE_ARGS=!MINE! --api')?.uncertain).toBe(true);
  });

  test('CF-15, CF-17 an open quote has a column, in a .bat and in a .sh', () => {
    expect(bat('set COMMANDLINE_ARGS=--api --theme "dark')?.broken).toEqual({ message: 'No closing quotation', column: 14 });
    expect(sh('export COMMANDLINE_ARGS="--api --theme \'dark"')?.broken).toEqual({ message: 'No closing quotation', column: 14 });
  });
});

describe('shell scripts', () => {
  test.each([
    ['export COMMANDLINE_ARGS="--port $(cat port) --api"', true],
    ['export COMMANDLINE_ARGS="--port `cat port` --api"', true],
    ['export COMMANDLINE_ARGS="--port \x24{PORT:-7860} --api"', true],
    ['[ -e x ] && export COMMANDLINE_ARGS="--api"', true],
    ['[ -e x ] || COMMANDLINE_ARGS="--api"', true],
    ['if true; then\n  export COMMANDLINE_ARGS="--api"\nfi', true],
    ['case x in\n  x) COMMANDLINE_ARGS="--api" ;;\nesac', true],
    ['export COMMANDLINE_ARGS="--api"', false],
    ["export COMMANDLINE_ARGS='--api --theme $(x)'", false],
    ['export COMMANDLINE_ARGS="--api" # $(x)', false],
    ['cd x && source y && COMMANDLINE_ARGS="--api"', false],
    ['[ -e x ] && echo y; COMMANDLINE_ARGS="--api"', false],
    ['cd x || exit 1\nCOMMANDLINE_ARGS="--api"', false],
    ['X="$(date)"\nexport COMMANDLINE_ARGS="--api"', false],
  ])('CF-16 %j: dynamic is %s', (text, uncertain) => {
    expect(sh(text)?.words).toContain('--api');
    expect(sh(text)?.uncertain).toBe(uncertain);
  });

  test('CF-16 a # in quotes is text, a here-document is not run', () => {
    expect(sh('export COMMANDLINE_ARGS="--theme #fff --api"')?.words).toEqual(['--theme', '#fff', '--api']);
    expect(sh('cat > x <<\'END\'\nexport COMMANDLINE_ARGS="--no"\nEND\n')).toBeNull();
  });
});

describe('flags', () => {
  test('CF-18 two words or one with =, the last of repeated ones', () => {
    expect(flags('--port=7900').value('--port')).toBe('7900');
    expect(flags('--port 7900').value('--port')).toBe('7900');
    expect(flags('--port 1 --port=2').value('--port')).toBe('2');
  });

  test('CF-18 unknown and ambiguous ones stop the program', () => {
    expect(flags('--med --no-such').problems).toEqual([
      { flag: '--med', kind: 'ambiguous', detail: '--medvram --medvram-sdxl' },
      { flag: '--no-such', kind: 'unknown', detail: '' },
    ]);
    expect(flags('--medvram --lowvram').problems).toEqual([]); // A1111 lets --lowvram win, and says nothing.
  });

  test('CF-18 conflicting ones are named where the program refuses them', () => {
    expect(flags('--lowvram --highvram', 'comfyui').problems).toEqual([
      { flag: '--highvram', kind: 'conflict', detail: '--lowvram' },
    ]);
    expect(flags('--always-gpu --always-cpu', 'forge').problems).toMatchObject([{ kind: 'conflict' }]);
  });
});

describe('extra_model_paths.yaml', () => {
  test('CF-20 a bomb of aliases ends, and ComfyUI would not start with it', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) =>
        `b${i}: &b${i}\n  <<: [${Array(9)
          .fill(`*b${i - 1}`)
          .join(', ')}]\n`,
    );
    const { entries, fatal } = readComfyPaths(`b0: &b0\n  loras: x\n${levels.slice(1).join('')}`);
    expect(fatal).toBe(true);
    expect(entries.length).toBeLessThan(20);
    const texts = Array.from(
      { length: 12 },
      (_, i) =>
        `t${i}: &t${i} [${Array(9)
          .fill(`*t${i - 1}`)
          .join(', ')}]\n`,
    );
    expect(readComfyPaths(`t0: &t0 [x]\n${texts.slice(1).join('')}`).fatal).toBe(true);
  });

  test('CF-20 aliases and merge keys are read as PyYAML reads them', () => {
    expect(folders('a:\n  base_path: &b D:/sd\n  loras: &l models/Lora\nc:\n  base_path: *b\n  loras: *l\n')).toEqual([
      'a loras D:/sd models/Lora',
      'c loras D:/sd models/Lora',
    ]);
    expect(folders('a: &a\n  base_path: D:/sd\n  loras: x\nb:\n  <<: *a\n  loras: y\n')).toEqual([
      'a loras D:/sd x',
      'b loras D:/sd y',
    ]);
    expect(readComfyPaths('a:\n  loras: *nothing\n').fatal).toBe(true);
  });

  test.each(['!!python/object:os.system x', '!!python/object/apply:os.system [x]', '!!python/name:os.system', '!mine x'])(
    'CF-20 the tag of %s is refused',
    (value) => {
      expect(readComfyPaths(`a:\n  base_path: D:/sd\n  loras: ${value}\n`)).toMatchObject({
        fatal: true,
        entries: [],
        problems: [{ kind: 'syntax', line: 3 }],
      });
    },
  );

  test('CF-20 tabs, and the booleans of YAML 1.1', () => {
    expect(firstKind('a:\n\tloras: x\n')).toBe('tab');
    const isDefault = (word: string) => readComfyPaths(`a:\n  is_default: ${word}\n  loras: x\n`).entries[0]?.isDefault;
    expect(['yes', 'on', 'true', "'no'"].map(isDefault)).toEqual([true, true, true, true]);
    expect(['no', 'off', 'false', '0'].map(isDefault)).toEqual([false, false, false, false]);
    expect(readComfyPaths('a:\n  loras: on\n')).toMatchObject({ fatal: true }); // True has no split().
  });

  test('CF-20 of equal sections and keys the last counts', () => {
    expect(folders('a:\n  loras: x\n  vae: v\n  loras: y\n')).toEqual(['a loras  y', 'a vae  v']);
    expect(folders('a:\n  loras: x\na:\n  loras: y\n')).toEqual(['a loras  y']);
  });
});

describe('toml', () => {
  test('CF-21 dates and huge numbers are read', () => {
    const { entries, faults } = readToml(
      'a = 1979-05-27T07:32:00Z\nb = 1979-05-27 07:32:00.5\nc = 07:32:00\nd = 123456789012345678901\n',
    );
    expect(faults).toEqual([]);
    expect(entries.map((entry) => entry.value)).toEqual([
      '1979-05-27T07:32:00Z',
      '1979-05-27 07:32:00.5',
      '07:32:00',
      123456789012345680000,
    ]);
  });

  test.each([
    ['a.b = 1\na.b.c = 2\n', 2],
    ['a.b.c = 1\na.b = 2\n', 2],
    ['a = 1\n[a]\nb = 1\n', 2],
    ['a.b = 1\n[a]\nb = 2\n', 2],
    ['[a]\nx = 1\n[a]\ny = 2\n', 3],
  ])('CF-21 %j is a conflict', (text, line) => {
    expect(readToml(text).faults[0]).toMatchObject({ kind: 'duplicate-key', line });
  });

  test('CF-21 what only looks like one is none', () => {
    expect(
      readToml('a.b = 1\na.c = 2\nab = 3\n[[t]]\nx = 1\n[[t]]\nx = 2\n[t.u]\nx = 1\n[v.w]\nx = 1\n[v]\ny = 1\n').faults,
    ).toEqual([]);
  });
});

describe('json', () => {
  test('CF-04 what Python refuses is refused, its own numbers are not', () => {
    for (const text of ['{"a": 1,}', "{'a': 1}", '// c\n{"a": 1}', '{"a": 1} x', '{a: 1}', '{"a": nan}', '{"a": +Infinity}'])
      expect(parseJson(text), text).toBeUndefined();
    expect(parseJson('{"a": NaN, "b": -Infinity, "c": 1}')).toEqual({ a: null, b: null, c: 1 });
  });
});

describe.runIf(process.platform !== 'win32')('paths', () => {
  const home = { ...nodePlatform(), home: '/home/mia', env: { USERPROFILE: 'C:\\Users\\Mia', X: '/x' } };

  test.each([
    ['linux', 'models/Lora', '/sd/models/Lora'],
    ['linux', '../l/', '/l'],
    ['linux', '/m//l/./x/', '/m/l/x'],
    ['linux', '~/l', '/sd/~/l'], // argparse does not look for a home folder; a shell does that before.
    ['windows', 'models\\Lora/', '/sd/models/Lora'],
    ['windows', 'D:\\m\\l', 'D:\\m\\l'],
    ['windows', 'D:/m\\l', 'D:/m\\l'],
    ['windows', '\\\\nas\\share\\l', '\\\\nas\\share\\l'],
    ['linux', '\\\\nas\\l', '/sd/\\\\nas\\l'],
  ] as const)('CF-23 %s: %s', (os, raw, path) => {
    expect(resolveFor(os, '/sd', raw)).toBe(path);
  });

  test('CF-23 home folder and variables; one that is not set stays as written', () => {
    const expand = (raw: string) => expandPath(raw, home);
    expect(['~', '~/l', '~mia/l', 'a/~', '%USERPROFILE%\\l', '$X/l', '\x24{X}/l', '%NONE%/l', '$NONE/l'].map(expand)).toEqual([
      '/home/mia',
      '/home/mia/l',
      '~mia/l',
      'a/~',
      'C:\\Users\\Mia\\l',
      '/x/l',
      '/x/l',
      '%NONE%/l',
      '$NONE/l',
    ]);
  });
});
