import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFds } from '../../src/formats/fds';
import { readGitFile, readHead, readPackedRefs, readRef, readRemote, repositoryOf } from '../../src/formats/git';
import { parseJson } from '../../src/formats/json';
import {
  assigned,
  bitsFromTag,
  interrupted,
  isEditable,
  pinned,
  pythonFromName,
  readCondaMeta,
  readDistInfos,
  readMetadata,
  readTorchVersion,
  readVenvConfig,
  torchBuild,
} from '../../src/formats/python-env';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);

describe('git', () => {
  it('reads HEAD, refs and packed refs with peeled tags', () => {
    expect(readHead('ref: refs/heads/neo\n')).toEqual({ branch: 'neo', commit: null });
    expect(readHead(`${A}\n`)).toEqual({ branch: null, commit: A });
    expect(readHead('')).toEqual({ branch: null, commit: null });
    expect(readRef(`${B}\n`)).toBe(B);
    expect(readRef('nonsense')).toBeNull();
    expect(readPackedRefs(`# pack-refs with: peeled\n${A} refs/tags/v1.10.1\n^${B}\n${A} refs/heads/x\n`)).toEqual([
      { name: 'refs/tags/v1.10.1', hash: A, commit: B },
      { name: 'refs/heads/x', hash: A, commit: A },
    ]);
    expect(readGitFile('gitdir: ../.git/modules/x\n')).toBe('../.git/modules/x');
  });

  it('reads the remote without credentials', () => {
    const config =
      '[core]\n\tbare = false\n[remote "fork"]\n\turl = git@github.com:me/x.git\n[remote "origin"]\n\turl = https://user:secret@github.com/Panchovix/Stable.git\n';
    const remote = readRemote(config);
    expect(remote).toBe('https://github.com/Panchovix/Stable.git');
    expect(repositoryOf(remote ?? '')).toBe('panchovix/stable');
    expect(repositoryOf('git@github.com:me/x.git')).toBe('me/x');
    expect(readRemote('')).toBeNull();
  });
});

describe('python environment', () => {
  it('SY-18 reads package names, twins and leftovers', () => {
    const names = [
      'torch-2.1.2+cu121.dist-info',
      'Pillow-9.5.0.dist-info',
      'pytorch_lightning-1.9.4.dist-info',
      '~orch-2.0.dist-info',
      'torch',
      'xformers-0.0.23.post1.dist-info',
      'x-1.0-py3.10.egg-info',
    ];
    expect(readDistInfos(names).map((entry) => [entry.name, entry.version])).toEqual([
      ['pillow', '9.5.0'],
      ['pytorch-lightning', '1.9.4'],
      ['torch', '2.1.2+cu121'],
      ['x', '1.0'],
      ['xformers', '0.0.23.post1'],
    ]);
    expect(interrupted(names)).toEqual(['~orch-2.0.dist-info']);
  });

  it('reads what xFormers needs', () => {
    const { version, requires } = readMetadata(
      'Metadata-Version: 2.1\nName: xformers\nVersion: 0.0.20\nRequires-Dist: numpy\nRequires-Dist: torch (==2.0.1)\n\nVersion: 9\n',
    );
    expect(version).toBe('0.0.20');
    expect(pinned(requires, 'torch')).toBe('2.0.1');
    expect(pinned(['torch>=2.8'], 'torch')).toBeNull();
    expect(pinned(['torch==2.1.2+cu121 ; x'], 'torch')).toBe('2.1.2');
  });

  it('reads torch/version.py', () => {
    const text =
      "from typing import Optional\n__all__ = ['__version__']\n__version__ = '2.9.1+cu130'\ncuda: Optional[str] = '13.0'\nhip: Optional[str] = None\n";
    const info = readTorchVersion(text);
    expect(info).toEqual({ version: '2.9.1+cu130', cuda: '13.0', hip: null });
    expect(torchBuild('2.9.1', info)).toBe('13.0');
    expect(torchBuild('2.1.2+cu121', null)).toBe('12.1');
    expect(torchBuild('2.7.0+cpu', { version: '2.7.0+cpu', cuda: null, hip: null })).toBe('cpu');
    expect(torchBuild('2.7.0+rocm6.2', { version: '2.7.0+rocm6.2', cuda: null, hip: '6.2.41133' })).toBe('rocm6.2');
    expect(torchBuild('2.7.0', null)).toBeNull();
    expect(readTorchVersion('')).toBeNull();
    expect(assigned('version = "neo"\nrelease = \'2.22\'\n', 'version')).toBe('neo');
    expect(assigned('version_x = "a"\n', 'version')).toBeNull();
  });

  it('reads pyvenv.cfg, names and tags', () => {
    expect(readVenvConfig('home = C:\\Python310-32\nVersion = 3.10.6\ninclude-system-site-packages = true\n')).toEqual({
      home: 'C:\\Python310-32',
      version: '3.10.6',
      systemSitePackages: true,
    });
    expect(pythonFromName('python310.dll')).toBe('3.10');
    expect(pythonFromName('python3.dll')).toBeNull();
    expect(bitsFromTag('cp310-cp310-win32')).toBe(32);
    expect(bitsFromTag('cp312-cp312-manylinux_2_28_x86_64')).toBe(64);
    expect(bitsFromTag('py3-none-any')).toBeNull();
  });

  it('SY-18 a linked package stands once; conda puts the build behind the version', () => {
    const read = (names: readonly string[]) => readDistInfos(names).map(({ name, version, source }) => [name, version, source]);
    expect(read(['__editable__.My_Tool-1.2.pth', 'my_tool-1.2.dist-info'])).toEqual([['my-tool', '1.2', 'editable']]);
    expect(read(['__editable___my_tool_1_2_finder.py', 'a.pth', 'distutils-precedence.pth'])).toEqual([]);
    expect(read(['tool.egg-link', 'tool-2.0.dist-info'])).toEqual([['tool', '2.0', 'editable']]);
    expect(readCondaMeta(['ca-certificates-2024.2.2-hbcca054_0.json', '_libgcc_mutex-0.1-main.json', 'history'])).toMatchObject([
      { name: 'ca-certificates', version: '2024.2.2', source: 'conda' },
      { name: '-libgcc-mutex', version: '0.1' },
    ]);
    expect(isEditable('{"dir_info": {"editable": true}}')).toBe(true);
    for (const text of ['', '{', '[]', '{"dir_info": {}}', '{"dir_info": {"editable": "true"}}', '{"vcs_info": {}}'])
      expect(isEditable(text)).toBe(false);
  });

  it('never throws on names, and gives no name twice that stood once', () => {
    const name = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.stringMatching(/^(?:__editable__\.)?[a-z_.-]{1,8}-[0-9.]{1,5}(?:-py3\.10)?\.(?:dist-info|egg-info|pth|egg-link|json)$/),
    );
    fc.assert(
      fc.property(fc.uniqueArray(name), (names) => {
        for (const found of [readDistInfos(names), readCondaMeta(names)]) {
          expect(new Set(found.map(({ folder }) => folder)).size).toBe(found.length);
          for (const { folder } of found) expect(names).toContain(folder);
        }
      }),
    );
  });
});

describe('json and fds', () => {
  it("CF-04 takes Python's numbers", () => {
    expect(parseJson('{"a": NaN, "b": -Infinity, "c": "NaN \\" Infinity"}')).toEqual({ a: null, b: null, c: 'NaN " Infinity' });
    expect(parseJson('{"a": ')).toBeUndefined();
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 200 },
    );
  });

  it('reads SwarmUI settings', () => {
    const values = readFds('# x\nPaths:\n\tModelRoot: Models;/mnt/b\n\tInner:\n\t\tX: 1\n\tSDLoraFolder: Lora\nEnd: a\\cb\n');
    expect([...values]).toEqual([
      ['Paths.ModelRoot', 'Models;/mnt/b'],
      ['Paths.Inner.X', '1'],
      ['Paths.SDLoraFolder', 'Lora'],
      ['End', 'a:b'],
    ]);
  });
});
