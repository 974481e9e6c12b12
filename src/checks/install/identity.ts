import { isAbsolute, join } from 'node:path';
import type { Ui } from '../../facts/families';
import { readGitFile, readHead, readPackedRefs, readRef, readRemote } from '../../formats/git';
import { assigned } from '../../formats/python-env';
import type { Look } from './look';

/** Version and git state of a program. Null where the files do not tell. */
export interface Identity {
  readonly version: string | null;
  readonly versionSource: string | null;
  readonly commit: string | null;
  readonly branch: string | null;
  readonly remote: string | null;
}

/** First eight digits of the commits of A1111's releases (webui-a1111-family.md §1.2). */
const A1111_TAGS: { readonly [commit: string]: string } = {
  '82a973c0': 'v1.10.1',
  c19d0443: 'v1.10.0',
  feee37d7: 'v1.9.4',
  '1c0a0c4c': 'v1.9.3',
  adadb4e3: 'v1.9.0',
  bef51aed: 'v1.8.0',
  cf2772fa: 'v1.7.0',
  '4afaaf8a': 'v1.6.1',
  '5ef669de': 'v1.6.0',
  c9c8485b: 'v1.5.2',
  '68f336bd': 'v1.5.1',
  a3ddf464: 'v1.5.0',
  f865d3e1: 'v1.4.1',
  '394ffa7b': 'v1.4.0',
  baf6946e: 'v1.3.2',
  b6af0a38: 'v1.3.1',
  '20ae71fa': 'v1.3.0',
  '89f9faa6': 'v1.2.1',
  b08500ce: 'v1.2.0',
  '5ab7f213': 'v1.1.1',
  '72cd27a1': 'v1.1.0',
  '93fad28a': 'v1.0.0-pre',
};

interface Git {
  readonly commit: string | null;
  readonly branch: string | null;
  readonly remote: string | null;
  /** Names of tags on the commit. */
  readonly tags: readonly string[];
}

const NO_GIT: Git = { commit: null, branch: null, remote: null, tags: [] };

export function identify(look: Look, ui: Ui, root: string): Identity {
  const git = readGit(look, root);
  const { version, source } = versionOf(look, ui, root, git);
  return { version, versionSource: source, commit: git.commit, branch: git.branch, remote: git.remote };
}

function readGit(look: Look, root: string): Git {
  let folder = join(root, '.git');
  if (look.isFile(folder)) {
    const target = readGitFile(look.text(folder) ?? '');
    if (target === null) return NO_GIT;
    folder = isAbsolute(target) ? target : join(root, target);
  }
  const headText = look.text(join(folder, 'HEAD'));
  if (headText === null) return NO_GIT;
  const head = readHead(headText);
  const common = look.text(join(folder, 'commondir'))?.trim();
  const shared = common === undefined ? folder : isAbsolute(common) ? common : join(folder, common);
  const packed = readPackedRefs(look.text(join(shared, 'packed-refs')) ?? '');
  const name = head.branch === null ? null : `refs/heads/${head.branch}`;
  const safe = name !== null && !name.split('/').includes('..');
  const loose = name !== null && safe ? readRef(look.text(join(shared, name)) ?? '') : null;
  const commit = head.commit ?? loose ?? packed.find((ref) => ref.name === name)?.commit ?? null;
  const tags = packed
    .filter((ref) => ref.commit === commit && ref.name.startsWith('refs/tags/'))
    .map((ref) => ref.name.slice(10));
  return { commit, branch: head.branch, remote: readRemote(look.text(join(shared, 'config')) ?? ''), tags };
}

function versionOf(look: Look, ui: Ui, root: string, git: Git): { version: string | null; source: string | null } {
  const none = { version: null, source: null };
  const from = (file: string, read: (text: string) => string | null): { version: string | null; source: string | null } => {
    const path = join(root, file);
    const version = read(look.text(path) ?? '');
    return version === null ? none : { version, source: path };
  };
  const first = (...options: { version: string | null; source: string | null }[]) =>
    options.find((option) => option.version !== null) ?? none;
  switch (ui) {
    case 'a1111':
      return a1111Version(look, root, git);
    case 'forge':
    case 'reforge':
      return from('modules_forge/forge_version.py', (text) => assigned(text, 'version'));
    case 'forge-classic':
    case 'forge-neo':
      return first(
        from('modules_forge/forge_version.py', (text) => assigned(text, 'release')),
        from('modules_forge/forge_version.py', (text) => assigned(text, 'version')),
      );
    case 'comfyui':
      return first(
        from('comfyui_version.py', (text) => assigned(text, '__version__')),
        from('pyproject.toml', projectVersion),
        { version: git.tags.find((tag) => /^v\d/.test(tag))?.slice(1) ?? null, source: join(root, '.git') },
      );
    case 'fooocus':
      return from('fooocus_version.py', (text) => assigned(text, 'version'));
    case 'swarmui':
      return from('src/SwarmUI.csproj', (text) => /<Version>([^<]{1,40})<\/Version>/.exec(text)?.[1] ?? null);
    case 'kohya':
      return first(
        from('.release', (text) => text.trim().slice(0, 40) || null),
        from('pyproject.toml', projectVersion),
        { version: git.tags.find((tag) => /^v?\d/.test(tag)) ?? null, source: join(root, '.git') },
      );
    default:
      return none;
  }
}

function a1111Version(look: Look, root: string, git: Git): { version: string | null; source: string | null } {
  const tag =
    git.tags.find((name) => /^v\d/.test(name)) ?? (git.commit === null ? undefined : A1111_TAGS[git.commit.slice(0, 8)]);
  if (tag !== undefined) return { version: tag, source: join(root, '.git') };
  const path = join(root, 'CHANGELOG.md');
  const line = (look.text(path) ?? '').split('\n').find((candidate) => candidate.trim() !== '');
  const version = /^##\s*v?(\d[\w.-]{0,30})/.exec(line ?? '')?.[1];
  return version === undefined ? { version: null, source: null } : { version: `v${version}`, source: path };
}

/** `version` of `[project]` in a pyproject.toml. */
function projectVersion(text: string): string | null {
  let inside = false;
  for (const line of text.split('\n', 2000)) {
    if (line.startsWith('[')) inside = line.trim() === '[project]' || line.trim() === '[tool.poetry]';
    const match = inside ? /^version\s*=\s*["']([^"']{1,40})["']/.exec(line) : null;
    if (match?.[1]) return match[1];
  }
  return null;
}
