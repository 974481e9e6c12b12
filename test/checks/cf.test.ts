import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installCheck } from '../../src/checks/install/check';
import { loraCheck } from '../../src/checks/lora/check';
import { gatherScript } from '../../src/checks/prompts/script';
import { A1111, COMFY, plant, runChecks, tempFolder } from './plant';

let base: string;
beforeEach(() => {
  base = tempFolder();
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

const look = () => runChecks([installCheck], [base]);
/** What becomes of an install with this config.json. */
async function withConfig(config: string | Uint8Array) {
  plant(base, { ...A1111, 'config.json': config });
  const store = await look();
  return {
    store,
    state: store.value(`install:${base}`, 'install.configState'),
    fact: (name: string) => store.get(`install:${base}`, `install.${name}`),
    value: (name: string) => store.value(`install:${base}`, `install.${name}`),
  };
}
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

describe('settings files', () => {
  const text = '{"sd_vae": "a.pt", "CLIP_stop_at_last_layers": 2, "x": [1, {"y": "}"}]}';

  test('CF-01 cut at any byte: broken, and nothing is known from it', async () => {
    for (let length = 1; length < text.length; length++) {
      const { state, fact, value } = await withConfig(text.slice(0, length));
      expect(state, `${length} bytes`).toBe('broken');
      expect([fact('clipSkip').state, fact('vaeSetting').state]).toEqual(['unknown', 'unknown']);
      expect(value('configFault'), `${length} bytes`).toBe('cut-short');
    }
    const { state, value } = await withConfig(text);
    expect([state, value('clipSkip')]).toEqual(['ok', 2]);
  });

  test('CF-01, CF-02 offers the newest copy that is whole', async () => {
    const broken = text.slice(0, 20);
    const at = (name: string, contents: string, minutes: number) => {
      plant(base, { [name]: contents });
      const time = Date.now() / 1000 - 60 * minutes;
      fs.utimesSync(path.join(base, name), time, time);
    };
    expect((await withConfig(broken)).fact('configBackup').state).toBe('na');
    at('tmp/config.json', '{"sd_vae": "old.pt"}', 60);
    at('config.json.bak', text, 20);
    at('config - Copy.json', broken, 10);
    at('config_presets.json', '{"mine": 1}', 5);
    expect((await withConfig(broken)).value('configBackup')).toBe(path.join(base, 'config.json.bak'));
    expect((await withConfig('')).value('configBackup')).toBeUndefined();
    at('tmp/config.json', '{"sd_model_checkpoint": "x"}', 60);
    expect((await withConfig('')).value('configBackup')).toBe(path.join(base, 'tmp/config.json'));
  });

  test.each([0, 1, 4096])('CF-02 %i NUL bytes', async (length) => {
    const { state, fact, value } = await withConfig(new Uint8Array(length));
    expect(value('configFault')).toBe(length === 0 ? 'empty' : 'nul-bytes');
    expect([state, fact('vaeMissing').state]).toEqual(['broken', 'unknown']);
  });

  test.each([
    ['a byte order mark', 'byte-order-mark', 'utf-8', 'a.pt', `\ufeff${text}`],
    ['UTF-16', 'not-utf8', 'utf-16le', 'a.pt', utf16(text)],
    ['Latin-1', 'not-utf8', 'windows-1252', 'caf\u00e9.pt', Buffer.from(text.replace('a.pt', 'caf\u00e9.pt'), 'latin1')],
    ['cp936', 'not-utf8', 'gb18030', '中.pt', Buffer.from([...Buffer.from('{"sd_vae": "'), 0xd6, 0xd0, ...Buffer.from('.pt"}')])],
  ])(
    'CF-03 %s: the program refuses it; the encoding is named and what stands in it',
    async (_name, fault, encoding, vae, config) => {
      const { state, value } = await withConfig(config);
      expect([state, value('configFault'), value('configEncoding')]).toEqual(['broken', fault, encoding]);
      expect(value('configMeant')).toContain(`sd_vae: ${vae}`);
    },
  );

  test.each(['{"sd_vae": "a",}', "{'sd_vae': 'a'}", '// c\n{}', '[]', '"x"', 'null'])('CF-04 %s is broken', async (config) => {
    expect((await withConfig(config)).state).toBe('broken');
  });

  test.each([
    ['a trailing comma', '{\n "a": 1,\n}', 'syntax', 3, 1, 'comma-too-many', '2:8'],
    ['a comment', '{\n// c\n"a": 1}', 'syntax', 2, 1, 'comment', '2:1'],
    ['single quotes', "{\n\n'a': 1}", 'syntax', 3, 1, 'single-quotes', '3:1'],
    ['a Windows path', '{\n"a": "D:\\sd"}', 'syntax', 2, 10, 'single-backslash', '2:9'],
    ['no object', '[1]', 'not-an-object', undefined, undefined, undefined, undefined],
  ])('CF-04 says what and where: %s', async (_name, config, ...expected) => {
    const { value } = await withConfig(config);
    const names = ['configFault', 'configFaultLine', 'configFaultColumn', 'configSlip', 'configSlipPlace'];
    expect(names.map(value)).toEqual(expected);
  });

  test('CF-04 NaN and Infinity are what Python itself writes', async () => {
    const { state, value } = await withConfig('{"a": NaN, "b": [Infinity, -Infinity], "CLIP_stop_at_last_layers": 2}');
    expect([state, value('clipSkip')]).toEqual(['ok', 2]);
  });

  test('CF-05 of equal keys the last counts, and all are named with their lines', async () => {
    const { value } = await withConfig(
      '{"CLIP_stop_at_last_layers": 2,\n"api_key": "a", "api_key": "b",\n"CLIP_stop_at_last_layers": 4}',
    );
    expect(value('clipSkip')).toBe(4);
    expect(value('configRepeats')).toEqual(['CLIP_stop_at_last_layers: 2 (1), 4 (3)', 'api_key: *** (2), *** (2)']);
    expect((await withConfig(text)).value('configRepeats')).toEqual([]);
  });

  test('CF-06 deep, wide and huge files are bounded', async () => {
    const deep = await withConfig(`{"x": ${'['.repeat(200)}${']'.repeat(200)}, "CLIP_stop_at_last_layers": 2}`);
    expect([deep.state, deep.value('clipSkip')]).toEqual(['ok', 2]);
    expect((await withConfig('['.repeat(4_000_000))).state).toBe('broken');
    const huge = await withConfig(`{${Array.from({ length: 400_000 }, (_, i) => `"k${i}":1`).join(',')}}`);
    expect(huge.state).toBe('unreadable');
    expect(huge.fact('clipSkip').state).toBe('unknown');
    expect(huge.store.notes()).toMatchObject([{ code: 'too-large', path: path.join(base, 'config.json') }]);
  });

  test('CF-07 names of built-in properties are data', async () => {
    const { state, value } = await withConfig(
      '{"__proto__": {"sd_vae": "x.pt", "CLIP_stop_at_last_layers": 9}, "constructor": {"prototype": {"polluted": 1}}, "toString": 1}',
    );
    expect([state, value('clipSkip'), value('vaeSetting')]).toEqual(['ok', 1, 'Automatic']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('CF-08 numbers beyond any range are no setting', async () => {
    expect((await withConfig('{"CLIP_stop_at_last_layers": 1e999}')).fact('clipSkip')).toMatchObject({ state: 'unknown' });
    expect((await withConfig('{"seed": 123456789012345678901234567890, "CLIP_stop_at_last_layers": 2}')).value('clipSkip')).toBe(
      2,
    );
  });

  test('CF-09 a value of another type is not known, and the file and key are named', async () => {
    const { state, fact, value } = await withConfig(
      '{"CLIP_stop_at_last_layers": "2", "list_hidden_files": "no", "lora_preferred_name": [1], "disabled_extensions": {"a": 1}, "upcast_attn": null}',
    );
    expect(state).toBe('ok');
    const source = { path: path.join(base, 'config.json'), text: 'CLIP_stop_at_last_layers' };
    const detail = 'CLIP_stop_at_last_layers: not a number';
    expect(fact('clipSkip')).toEqual({ state: 'unknown', reason: 'unreadable', detail, source });
    expect(['listHiddenFiles', 'preferredName'].map((name) => fact(name).state)).toEqual(['unknown', 'unknown']);
    expect([value('disabledExtensions'), value('upcastAttentionSetting')]).toEqual([[], false]);
  });

  test.runIf(process.platform !== 'win32')(
    'CF-11, CF-24 a file is left as it is: written by hand, read-only, a link or a hard link',
    async () => {
      const odd = '{\n\t"sd_vae":  "b.pt" ,"CLIP_stop_at_last_layers":2}';
      plant(base, { ...A1111, 'elsewhere.json': odd });
      const [file, real] = [path.join(base, 'config.json'), path.join(base, 'elsewhere.json')];
      for (const make of [fs.symlinkSync, fs.linkSync]) {
        make(real, file);
        fs.chmodSync(real, 0o444);
        const before = fs.statSync(real);
        const store = await look();
        expect(store.value(`install:${base}`, 'install.vaeSetting')).toBe('b.pt');
        const after = fs.statSync(real);
        expect([after.mtimeMs, after.mode, after.ino, fs.readFileSync(file, 'utf8')]).toEqual([
          before.mtimeMs,
          before.mode,
          before.ino,
          odd,
        ]);
        fs.unlinkSync(file);
      }
    },
  );

  test('CF-10 3,000 keys of extensions hide none of the own ones', async () => {
    const keys = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`ext_${i}_sd_vae`, `${i}.pt`]));
    const { state, value } = await withConfig(JSON.stringify({ ...keys, sd_vae: 'own.pt', ...keys }));
    expect([state, value('vaeSetting')]).toEqual(['ok', 'own.pt']);
  });
});

describe('arguments', () => {
  test('CF-19 passwords and tokens do not even become facts', async () => {
    plant(base, {
      ...A1111,
      'webui-user.sh':
        'export COMMANDLINE_ARGS="--gradio-auth mia:hunter2 --api-auth=bob:hunter2 --ngrok hunter2 --my-token hunter2 --gradio-auth-path users.txt --port 7900"\n',
    });
    const store = await look();
    expect(JSON.stringify(store.snapshot('t'))).not.toContain('hunter2');
    expect(store.value(`install:${base}`, 'install.args')).toEqual([
      '--gradio-auth',
      '***',
      '--api-auth=***',
      '--ngrok',
      '***',
      '--my-token',
      '***',
      '--gradio-auth-path',
      'users.txt',
      '--port',
      '7900',
    ]);
  });
});

describe('folders named by configuration', () => {
  test.runIf(process.platform !== 'win32')('CF-23 a drive that is not here is missing, never guessed', async () => {
    plant(base, {
      ...COMFY,
      'D:/loras/': '', // A folder of that name beside the program is not the drive.
      'run_nvidia_gpu.bat': '.\\python_embeded\\python.exe -s main.py\r\n',
      'python_embeded/python.exe': '',
      'extra_model_paths.yaml': 'a:\n  base_path: Z:\\models\\\n  loras: loras\\\n',
    });
    const store = await look();
    expect(store.value(`install:${base}`, 'install.loraFolders')).toEqual([path.join(base, 'models/loras')]);
    expect(store.value(`install:${base}`, 'install.extraPathProblems')).toMatchObject([{ kind: 'missing-folder', line: 3 }]);
  });
});

describe('styles', () => {
  const value = (store: Awaited<ReturnType<typeof look>>, fact: string) => store.value(`install:${base}`, `install.${fact}`);
  const HEAD = '\ufeffname,prompt,negative_prompt\r\n';

  test('CF-22 styles.csv is read where the program keeps it; those with tags are told', async () => {
    plant(base, { ...A1111, 'styles.csv': `${HEAD}Film,"film, <lora:film:0.8>",bad\r\nPlain,soft light,\r\nHalf\r\n` });
    const store = await look();
    expect(value(store, 'styleCount')).toBe(2);
    expect(value(store, 'styleTags')).toEqual([{ name: 'Film', prompt: 'film, <lora:film:0.8>', negative: 'bad' }]);
    expect(value(store, 'styleProblems')).toEqual([{ path: path.join(base, 'styles.csv'), kind: 'no-prompt', line: 4 }]);
    expect(store.get(`install:${base}`, 'install.styleTags')).toMatchObject({ source: { path: path.join(base, 'styles.csv') } });
  });

  test.each([
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('name,prompt\nA,b\n', 'utf16le')]), ['not-utf8']],
    ['GBK', Buffer.concat([Buffer.from('name,prompt\nA,'), Buffer.from([0xc4, 0xe3, 0xba, 0xc3])]), ['not-utf8']],
    ['semicolons', 'name;prompt\nA;b\n', ['no-columns']],
    ['NUL', 'name,prompt\nA,\u0000\n', ['nul']],
    ['nothing', '', []],
  ])('CF-22 %s: no style, and it is named why', async (_name, content, kinds) => {
    plant(base, { ...A1111, 'styles.csv': content });
    const store = await look();
    expect([value(store, 'styleCount'), value(store, 'styleTags')]).toEqual([0, []]);
    expect((value(store, 'styleProblems') as { kind: string }[]).map(({ kind }) => kind)).toEqual(kinds);
  });

  test('CF-22 --styles-file names files and patterns, and styles.csv does not count then', async () => {
    plant(base, {
      ...A1111,
      'webui-user.sh': 'export COMMANDLINE_ARGS="--styles-file styles/*.csv --styles-file more.csv"\n',
      'styles.csv': 'name,prompt\nOld,<lora:old:1>\n',
      'styles/a.csv': 'name,prompt\nA,<lora:a:1>\n',
      'styles/b.txt': 'name,prompt\nB,<lora:b:1>\n',
      'more.csv': 'name,text\nMore,<lora:more:1>\n',
    });
    const store = await look();
    expect((value(store, 'styleTags') as { name: string }[]).map(({ name }) => name)).toEqual(['A', 'More']);
  });

  test('CF-22 a program without such styles has none', async () => {
    plant(base, { ...COMFY, 'styles.csv': 'name,prompt\n' });
    expect((await look()).get(`install:${base}`, 'install.styleTags')).toEqual({ state: 'na' });
  });

  test('CF-22 a huge file is named, not read', async () => {
    plant(base, { ...A1111, 'styles.csv': Buffer.alloc(5 * 1024 * 1024, 'a') });
    const store = await look();
    expect(store.get(`install:${base}`, 'install.styleCount')).toMatchObject({ state: 'unknown', reason: 'unreadable' });
    expect(store.notes()).toContainEqual(expect.objectContaining({ code: 'too-large', path: path.join(base, 'styles.csv') }));
  });

  test('CF-22 a script that names a style loads what the style loads', async () => {
    plant(base, { ...A1111, 'styles.csv': `${HEAD}Film,"{prompt}, <lora:film:0.8>",<lora:no:1>\r\n`, 'models/Lora/': '' });
    const store = await runChecks([installCheck, loraCheck], [base]);
    const [install] = store.subjects('install');
    const text =
      'import requests\nrequests.post("http://127.0.0.1:7860/sdapi/v1/txt2img", json={"prompt": "a cat", "styles": ["Film", "None"]})\n';
    const { subjects, facts } = gatherScript(store, install ?? null, null, { path: 'a.py', text });
    const prompt = subjects.find(({ id }) => id === 'prompt:a.py#2');
    expect(facts[prompt?.id ?? '']).toMatchObject({
      'prompt.positive': { value: 'a cat, <lora:film:0.8>' },
      'prompt.loraCount': { value: 1 },
      'prompt.usedCount': { value: 0 },
    });
  });
});
