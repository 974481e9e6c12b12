import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installCheck } from '../../src/checks/install/check';
import type { Store } from '../../src/facts/store';
import { A1111, COMFY, type Plan, plant, runChecks, tempFolder } from './plant';

let base: string;
beforeEach(() => {
  base = tempFolder();
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

const look = (target = base, options = {}) => runChecks([installCheck], [target], options);
const at = (...parts: string[]) => path.join(base, ...parts);
const installs = (store: Store) => store.subjects('install').map((subject) => path.relative(base, subject.path ?? ''));
const value = (store: Store, fact: string, folder = base) => store.value(`install:${folder}`, `install.${fact}`);
const model = 'x';

describe('recognising', () => {
  const empty = (...names: string[]): Plan => Object.fromEntries(names.map((name) => [name, '']));
  const forge = { ...A1111, 'modules_forge/forge_version.py': '' };
  it.each<[string, Plan]>([
    ['a1111', A1111],
    ['forge', { ...A1111, 'modules_forge/forge_version.py': "version = '2.0.1v1.10.1'", ...empty('backend/x.py') }],
    ['forge', { ...forge, ...empty('backend/x.py', 'packages_3rdparty/x', 'extensions-builtin/sd_forge_lora/networks.py') }],
    ['reforge', { ...A1111, 'modules_forge/forge_version.py': 'version = "1.0.0v2-v1.10.1RC"', ...empty('ldm_patched/x') }],
    ['reforge', { ...forge, ...empty('ldm_patched/x', 'k_diff/x') }],
    ['forge-classic', { ...A1111, 'modules_forge/forge_version.py': 'version = "classic"' }],
    ['forge-neo', { ...A1111, 'modules_forge/forge_version.py': 'version = "neo"\nrelease = "2.22"' }],
    ['forge-neo', { ...forge, ...empty('backend/x', 'modules_forge/packages/x') }],
    ['sdnext', empty('launch.py', 'installer.py', 'webui.py', 'extensions-builtin/Lora/x', 'modules/shared.py')],
    ['comfyui', COMFY],
    ['fooocus', empty('fooocus_version.py', 'launch.py', 'models/loras/')],
    ['invokeai', empty('invokeai.yaml', 'models/')],
    ['swarmui', empty('src/SwarmUI.csproj', 'dlbackend/ComfyUI/main.py', 'Data/Settings.fds')],
    ['kohya', empty('train_network.py', 'library/train_util.py')],
    ['easydiffusion', empty('ui/easydiffusion/x.py', 'scripts/on_sd_start.sh')],
  ])('%s', async (ui, plan) => {
    plant(base, plan);
    const store = await look();
    expect(installs(store)).toEqual(['']);
    expect(value(store, 'ui')).toBe(ui);
  });

  it('goes down to a program in a package, up from a folder in it, and reports all of several', async () => {
    plant(at('ComfyUI_windows_portable', 'ComfyUI'), COMFY);
    plant(at('ComfyUI_windows_portable'), { 'python_embeded/python.exe': '', 'update/update.py': '' });
    plant(at('webui'), A1111);
    expect(installs(await look(at('ComfyUI_windows_portable')))).toEqual(['ComfyUI_windows_portable/ComfyUI']);
    expect(installs(await look(at('ComfyUI_windows_portable', 'update')))).toEqual(['ComfyUI_windows_portable/ComfyUI']);
    expect(installs(await look(at('webui', 'models', 'Lora')))).toEqual(['webui']);
    expect(installs(await look()).sort()).toEqual(['ComfyUI_windows_portable/ComfyUI', 'webui']);
  });

  it('says when there is none, and is silent about it when searching', async () => {
    plant(at('photos'), { 'a.txt': '' });
    const platform = { home: at('home') };
    expect((await look(at('photos'))).notes()).toMatchObject([{ code: 'no-install' }]);
    expect((await look(at('photos'), { searching: true, platform })).notes()).toEqual([]);
    expect((await look(at('nothing'))).notes()).toMatchObject([{ code: 'missing' }]);
  });

  it('finds installs in likely folders of the home folder when searching', async () => {
    plant(at('home', 'AI', 'my-forge'), {
      ...A1111,
      'modules_forge/forge_version.py': "version = '2.0.1v1.10.1'",
      'backend/x': '',
    });
    plant(at('home', 'holiday'), A1111);
    const store = await look(at('home', 'nowhere'), { searching: true, platform: { home: at('home') } });
    expect(installs(store)).toContain('home/AI/my-forge');
    expect(installs(store)).not.toContain('home/holiday');
  });

  it('reads versions from tags, change logs and version files, or not at all', async () => {
    const commit = 'd'.repeat(40);
    plant(base, {
      ...A1111,
      '.git/HEAD': 'ref: refs/heads/dev\n',
      '.git/packed-refs': `${commit} refs/heads/dev\n${'e'.repeat(40)} refs/tags/v1.9.9\n^${commit}\n`,
    });
    const store = await look();
    expect([value(store, 'version'), value(store, 'branch'), value(store, 'commit'), value(store, 'layout')]).toEqual([
      'v1.9.9',
      'dev',
      commit,
      'git',
    ]);
    plant(at('zip'), { ...A1111, 'CHANGELOG.md': '\n## 1.7.0\n' });
    expect(value(await look(at('zip')), 'version', at('zip'))).toBe('v1.7.0');
    plant(at('bare'), { ...COMFY, 'comfyui_version.py': '' });
    expect((await look(at('bare'))).get(`install:${at('bare')}`, 'install.version')).toMatchObject({ state: 'unknown' });
  });
});

describe('arguments and flags', () => {
  const windows = { 'venv/Scripts/python.exe': '', 'venv/pyvenv.cfg': 'version = 3.10.11\n' };
  it('reads the script of the system that the install was made for', async () => {
    plant(base, {
      ...A1111,
      ...windows,
      'webui-user.bat': 'set COMMANDLINE_ARGS=--medvram --xformers --port 7900\r\n',
      'webui-user.sh': 'export COMMANDLINE_ARGS="--lowvram"\n',
    });
    const store = await look();
    expect(value(store, 'args')).toEqual(['--medvram', '--xformers', '--port', '7900']);
    expect([
      value(store, 'medvram'),
      value(store, 'lowvram'),
      value(store, 'useXformers'),
      value(store, 'port'),
      value(store, 'os'),
    ]).toEqual([true, false, true, 7900, 'windows']);
    expect(store.get(`install:${base}`, 'install.args')).toMatchObject({ source: { path: at('webui-user.bat'), line: 1 } });
  });

  it('calls a flag ignored where the fork ignores it, and bad where it stops the program', async () => {
    plant(base, {
      ...A1111,
      ...windows,
      'modules_forge/forge_version.py': "version = '2.0.1v1.10.1'",
      'backend/x': '',
      'webui-user.bat': 'set COMMANDLINE_ARGS=--no-half --foo --ext-flag\n',
      'extensions/e/preload.py': "parser.add_argument('--ext-flag')",
    });
    const store = await look();
    expect(value(store, 'ignoredFlags')).toEqual(['--no-half']);
    expect(value(store, 'badFlags')).toEqual(['--foo']);
    expect(value(store, 'noHalf')).toBe(false);
  });

  it('knows that --normalvram was removed in ComfyUI 0.22', async () => {
    const script = { 'start.sh': '#!/bin/sh\npython main.py --normalvram\n' };
    plant(base, { ...COMFY, ...script, 'comfyui_version.py': '__version__ = "0.33.0"' });
    expect(value(await look(), 'badFlags')).toEqual(['--normalvram']);
    plant(base, { 'comfyui_version.py': '__version__ = "0.3.64"' });
    expect(value(await look(), 'badFlags')).toEqual([]);
    plant(base, { 'comfyui_version.py': '__version__ = "0.21.1"' });
    expect(value(await look(), 'badFlags')).toEqual([]);
  });

  it('prefers the ordinary start script of a portable package, and the own one of the user', async () => {
    plant(at('ComfyUI'), COMFY);
    const line = (args: string) =>
      `.\\python_embeded\\python.exe -s ComfyUI\\main.py --windows-standalone-build ${args}\r\npause\r\n`;
    plant(base, { 'python_embeded/python.exe': '', 'run_cpu.bat': line('--cpu'), 'run_nvidia_gpu.bat': line('--fp16-vae') });
    expect(value(await look(), 'fp16Vae', at('ComfyUI'))).toBe(true);
    expect(value(await look(), 'cpuOnly', at('ComfyUI'))).toBe(false);
    plant(base, { 'mine.bat': line('--fp32-vae') });
    expect(value(await look(), 'argsSource', at('ComfyUI'))).toBe(at('mine.bat'));
  });

  it('takes the arguments that a launcher keeps', async () => {
    plant(at('Packages', 'reforge'), { ...A1111, 'webui-user.sh': 'export COMMANDLINE_ARGS="--api"\n' });
    plant(base, {
      'settings.json': JSON.stringify({
        InstalledPackages: [
          { LibraryPath: 'Packages\\reforge', PackageName: 'x', LaunchArgs: [{ Name: '--medvram', OptionValue: true }] },
        ],
      }),
    });
    const store = await look(at('Packages', 'reforge'));
    expect([value(store, 'args', at('Packages', 'reforge')), value(store, 'layout', at('Packages', 'reforge'))]).toEqual([
      ['--medvram'],
      'stability-matrix',
    ]);
    plant(at('li', 'core'), A1111);
    plant(at('li'), { 'launch_args.txt': '--theme dark --lowvram\n' });
    expect(value(await look(at('li')), 'args', at('li', 'core'))).toEqual(['--theme', 'dark', '--lowvram']);
  });

  it('CF-15, CF-17 sees lost backslashes and open quotes', async () => {
    plant(base, { ...A1111, ...windows, 'webui-user.bat': 'set COMMANDLINE_ARGS=--lora-dir D:\\models\\Lora\n' });
    expect(value(await look(), 'lostBackslashes')).toBe(true);
    plant(base, { 'webui-user.bat': 'set COMMANDLINE_ARGS=--lora-dir "D:\\models\\Lora"\n' });
    expect(value(await look(), 'lostBackslashes')).toBe(false);
    plant(base, { 'webui-user.bat': 'set COMMANDLINE_ARGS=--lora-dir "D:\\models\\"\n' });
    expect(value(await look(), 'argsBroken')).toBe('No closing quotation');
  });
});

describe('folders', () => {
  it('A1111 scans LyCORIS too, Forge does not', async () => {
    plant(base, { ...A1111, 'models/LyCORIS/a.safetensors': model });
    expect(value(await look(), 'loraFolders')).toEqual([at('models/Lora'), at('models/LyCORIS')]);
    plant(base, { 'modules_forge/forge_version.py': "version = '2.0.1v1.10.1'", 'backend/x': '' });
    const store = await look();
    expect(value(store, 'loraFolders')).toEqual([at('models/Lora')]);
    expect(value(store, 'unscannedLoraReasons')).toEqual([
      { path: at('models/LyCORIS'), reason: 'lycoris-not-scanned', files: 1 },
    ]);
  });

  it('follows --lora-dir and says when it does not exist', async () => {
    plant(base, {
      ...A1111,
      'other/a.pt': model,
      'models/Lora/b.safetensors': model,
      'webui-user.sh': 'export COMMANDLINE_ARGS="--lora-dir other --ckpt-dir /nowhere"\n',
    });
    const store = await look();
    expect(value(store, 'loraFolders')).toEqual([at('other')]);
    expect(value(store, 'unscannedLoraReasons')).toEqual([{ path: at('models/Lora'), reason: 'moved-by-flag', files: 1 }]);
    expect(value(store, 'missingFolders')).toEqual(['/nowhere']);
    plant(base, { 'webui-user.sh': 'export COMMANDLINE_ARGS="--lora-dir gone"\n' });
    expect(value(await look(), 'missingLoraFolders')).toEqual([at('gone')]);
  });

  it('SwarmUI: other names, and the folders of the ComfyUI that it starts', async () => {
    plant(base, {
      'src/SwarmUI.csproj': '',
      'dlbackend/ComfyUI/main.py': '',
      'Data/Settings.fds': '',
      'Models/loras/a.safetensors': model,
      'dlbackend/ComfyUI/models/loras/b.safetensors': model,
    });
    const store = await look();
    expect(value(store, 'unscannedLoraReasons')).toEqual([
      { path: at('Models/loras'), reason: 'wrong-name', files: 1 },
      { path: at('dlbackend/ComfyUI/models/loras'), reason: 'backend-folder', files: 1 },
    ]);
  });

  it('ComfyUI: yaml entries behind the default, is_default before it, output/loras last', async () => {
    plant(base, {
      ...COMFY,
      'output/loras/': '',
      'x/a/': '',
      'x/b/': '',
      'extra_model_paths.yaml': 'one:\n  base_path: x\n  loras: a\ntwo:\n  is_default: true\n  base_path: x\n  loras: b\n',
    });
    expect(value(await look(), 'loraFolders')).toEqual([at('x/b'), at('models/loras'), at('x/a'), at('output/loras')]);
  });

  it('ComfyUI: a misspelt key loses a folder; a broken file too', async () => {
    plant(base, {
      ...COMFY,
      'x/Lora/a.safetensors': model,
      'extra_model_paths.yaml': `a:\n  base_path: ${at('x')}\n  lora: Lora\n  vae: gone\n`,
    });
    const store = await look();
    expect(value(store, 'extraPathProblems')).toMatchObject([
      { kind: 'unknown-key', line: 3, near: 'loras', path: at('extra_model_paths.yaml') },
      { kind: 'missing-folder', line: 4, value: at('x/gone') },
    ]);
    expect(value(store, 'unscannedLoraReasons')).toMatchObject([{ path: at('x/Lora'), reason: 'yaml-key' }]);
    plant(base, { 'extra_model_paths.yaml': 'a:\n\tloras: x\n' });
    expect(value(await look(), 'extraPathProblems')).toMatchObject([{ kind: 'tab', line: 2 }]);
  });

  it('ComfyUI: a yaml under a name that is never read', async () => {
    plant(base, { ...COMFY, 'x/l/a.safetensors': model, 'extra_model_paths.yaml.txt': 'a:\n  base_path: x\n  loras: l\n' });
    const store = await look();
    expect(value(store, 'extraPathProblems')).toMatchObject([{ kind: 'not-read' }]);
    expect(value(store, 'unscannedLoraFolders')).toEqual([at('x/l')]);
  });

  it('finds LoRAs beside a doubled folder and under wrong names', async () => {
    plant(at('pack', 'pack'), { ...A1111, '.launcher/config.json': '{}', 'models/loras/b.safetensors': model });
    plant(at('pack'), { 'models/Lora/a.safetensors': model });
    const store = await look(at('pack'));
    expect(value(store, 'layout', at('pack', 'pack'))).toBe('aki');
    expect(value(store, 'unscannedLoraReasons', at('pack', 'pack'))).toEqual([
      { path: at('pack/pack/models/loras'), reason: 'wrong-name', files: 1 },
      { path: at('pack/models/Lora'), reason: 'doubled-folder', files: 1 },
    ]);
  });

  it('Fooocus, SwarmUI and SD.Next read their own settings', async () => {
    plant(at('f'), {
      'fooocus_version.py': "version = '2.5.5'",
      'config.txt': JSON.stringify({ path_loras: [at('l1'), at('l2')] }),
      'models/loras/': '',
    });
    plant(base, { 'l1/': '', 'l2/': '', 'Lora/': '' });
    expect(value(await look(at('f')), 'loraFolders', at('f'))).toEqual([at('l1'), at('l2')]);
    plant(at('s'), {
      'src/SwarmUI.csproj': '<Version>0.9.8.2</Version>',
      'Data/Settings.fds': `Paths:\n\tModelRoot: M;${base}\n\tSDLoraFolder: Lora\n`,
      'M/Lora/': '',
    });
    expect(value(await look(at('s')), 'loraFolders', at('s'))).toEqual([at('s/M/Lora'), at('Lora')]);
    plant(at('n'), {
      'launch.py': '',
      'installer.py': '',
      'webui.py': '',
      'config.json': JSON.stringify({ lora_dir: at('l1') }),
    });
    expect(value(await look(at('n')), 'loraFolders', at('n'))).toEqual([at('l1')]);
  });

  it('lists logs, newest first, and workflows', async () => {
    plant(base, {
      ...COMFY,
      'console.log': 'a',
      'user/comfyui_8188.log': 'b',
      '启动日志.txt': 'c',
      'requirements.txt': 'd',
      'empty.log': '',
      'user/default/workflows/w.json': '{}',
    });
    fs.utimesSync(at('console.log'), 1, 1);
    const store = await look();
    expect(value(store, 'logFiles')).toHaveLength(3);
    expect((value(store, 'logFiles') as string[]).at(-1)).toBe(at('console.log'));
    // Where a log may appear later, also where there is no such folder yet.
    expect(value(store, 'logFolders')).toEqual(expect.arrayContaining([base, at('user'), at('logs')]));
    expect(value(store, 'workflowFolders')).toEqual([at('user/default/workflows')]);
  });
});

describe('Easy Diffusion', () => {
  const easy = { 'ui/easydiffusion/app.py': '', 'scripts/on_sd_start.sh': '' };
  it('has its folders, the one that A1111 would use beside them, and pictures in the home folder', async () => {
    plant(base, { ...easy, 'models/lora/': '', 'models/Lora/': '' });
    const store = await look();
    expect(value(store, 'ui')).toBe('easydiffusion');
    const both = fs.readdirSync(at('models')).length === 2;
    expect(value(store, 'loraFolders')).toEqual([at('models/lora'), ...(both ? [at('models/Lora')] : [])]);
  });
  it.each([
    ['elsewhere', 'net:\n  listen_port: 9000\nmodels_dir: MODELS # mine\n'],
    ['in quotes', "models_dir: 'MODELS'\n"],
    ['in double quotes', 'ui:\n  models_dir: no\nmodels_dir: "MODELS"\n'],
  ])('reads models_dir of config.yaml, %s', async (_name, config) => {
    const models = at('my models');
    plant(base, { ...easy, 'my models/lora/': '', 'config.yaml': config.replace('MODELS', models) });
    expect(value(await look(), 'loraFolders')).toEqual([path.join(models, 'lora')]);
  });
});

describe('environment and settings', () => {
  const site = 'venv/lib/python3.10/site-packages';
  const python = { 'venv/pyvenv.cfg': 'home = /usr/bin\nversion = 3.10.11\n', 'venv/bin/python': '' };

  it('SY-17 reads versions out of an environment without running it', async () => {
    plant(base, {
      ...A1111,
      ...python,
      [`${site}/torch/version.py`]: "__version__ = '2.1.2+cu121'\ncuda: Optional[str] = '12.1'\n",
      [`${site}/torch-2.1.2+cu121.dist-info/WHEEL`]: 'Tag: cp310-cp310-linux_x86_64\n',
      [`${site}/torchvision-0.16.2+cu121.dist-info/METADATA`]: '',
      [`${site}/xformers-0.0.20.dist-info/METADATA`]: 'Name: xformers\nVersion: 0.0.20\nRequires-Dist: torch (==2.0.1)\n',
      [`${site}/~umpy-1.dist-info/METADATA`]: '',
      'CHANGELOG.md': '## 1.10.1\n',
    });
    const store = await look();
    const facts = [
      'python',
      'pythonBits',
      'pythonFits',
      'torch',
      'torchCuda',
      'torchBuild',
      'torchMatches',
      'torchvisionMatches',
      'xformersBuiltFor',
      'xformersProblem',
    ];
    expect(facts.map((fact) => value(store, fact))).toEqual([
      '3.10.11',
      '64',
      true,
      '2.1.2+cu121',
      '12.1',
      'cuda',
      true,
      true,
      '2.0.1',
      true,
    ]);
    expect(value(store, 'interruptedPackages')).toEqual(['~umpy-1.dist-info']);
    expect(value(store, 'missingPackages')).toEqual(['gradio', 'safetensors', 'numpy']);
    expect(store.get(`install:${base}`, 'install.xformersProblem')).toMatchObject({
      source: { path: at(site, 'xformers-0.0.20.dist-info') },
    });
  });

  it('says unknown, not clean, without an environment', async () => {
    plant(base, A1111);
    const store = await look();
    for (const fact of ['torch', 'python', 'xformersProblem', 'missingPackages'])
      expect(store.get(`install:${base}`, `install.${fact}`).state).toBe('unknown');
  });

  it('sees a Python that is too new, and a 32-bit one', async () => {
    plant(base, { ...A1111, 'venv/pyvenv.cfg': 'home = C:\\Python310-32\nversion = 3.12.4\n', 'venv/Scripts/python.exe': '' });
    const store = await look();
    expect([value(store, 'pythonFits'), value(store, 'pythonBits')]).toEqual([false, '32']);
  });

  it('reads settings and what they name', async () => {
    const config = {
      sd_vae: 'gone.safetensors',
      lora_hide_unknown_for_versions: ['SDXL'],
      disabled_extensions: ['Lora', 'x'],
      CLIP_stop_at_last_layers: 2,
      list_hidden_files: false,
    };
    plant(base, { ...A1111, 'config.json': JSON.stringify(config) });
    const store = await look();
    const facts = [
      'vaeSetting',
      'vaeMissing',
      'hideUnknownFor',
      'loraExtensionDisabled',
      'clipSkip',
      'listHiddenFiles',
      'configState',
    ];
    expect(facts.map((fact) => value(store, fact))).toEqual(['gone.safetensors', true, ['SDXL'], true, 2, false, 'ok']);
    plant(base, { 'models/VAE/gone.safetensors': model });
    expect(value(await look(), 'vaeMissing')).toBe(false);
  });

  it('CF-01 does not guess at a half-written settings file', async () => {
    plant(base, { ...A1111, 'config.json': '{"sd_vae": "x.pt"' });
    const store = await look();
    expect(value(store, 'configState')).toBe('broken');
    expect(store.get(`install:${base}`, 'install.vaeMissing').state).toBe('unknown');
  });

  it('InvokeAI: compares its database with the disk', async () => {
    const db = fs.readFileSync(new URL('../fixtures/sqlite/models.db', import.meta.url));
    plant(base, {
      'invokeai.yaml': '',
      'databases/invokeai.db': db,
      'models/k1/here.safetensors': model,
      'models/dropped.safetensors': model,
    });
    const store = await look();
    expect(value(store, 'registeredLoras')).toEqual(['here', 'gone']);
    expect(value(store, 'registeredWithoutFile')).toEqual([
      { name: 'gone', type: 'lora', base: 'sd-1', path: at('models/k2/gone.safetensors') },
    ]);
    expect(value(store, 'unregisteredFiles')).toEqual([at('models/dropped.safetensors')]);
    plant(base, { 'databases/invokeai.db': new Uint8Array(4096) });
    const damaged = await look();
    expect(damaged.get(`install:${base}`, 'install.unregisteredFiles').state).toBe('unknown');
    expect(damaged.notes()).toMatchObject([{ code: 'damaged', path: at('databases/invokeai.db') }]);
  });

  it('Forge: additional modules that do not exist', async () => {
    plant(base, {
      ...A1111,
      'modules_forge/forge_version.py': "version = '2.0.1v1.10.1'",
      'backend/x': '',
      'models/VAE/ae.safetensors': model,
      'config.json': JSON.stringify({ forge_additional_modules: [at('models/VAE/ae.safetensors'), 'D:\\old\\t5.safetensors'] }),
    });
    const store = await look();
    expect(value(store, 'forgeModulesMissing')).toEqual(['D:\\old\\t5.safetensors']);
    expect(store.get(`install:${base}`, 'install.vaeMissing')).toEqual({ state: 'na' });
  });
});
