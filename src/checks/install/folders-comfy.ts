import { dirname, isAbsolute, join } from 'node:path';
import { type ComfyPathProblem, type ComfyPaths, readComfyPaths } from '../../formats/comfy-paths';
import { decodeUtf8 } from '../../formats/launch/decode';
import { type FolderContext, type Folders, NO_FOLDERS } from './folders';
import { expandPath, type Look, resolveFor } from './look';

type YamlProblem = ComfyPathProblem & { readonly path: string };
type Lost = Folders['lost'][number];

const TYPES = ['loras', 'checkpoints', 'diffusion_models', 'vae', 'text_encoders', 'embeddings'] as const;

/** Search folders by type; `is_default` entries go in front, newest first, others behind, in the order read. */
class Paths {
  readonly byType = new Map<string, string[]>();
  readonly problems: YamlProblem[] = [];
  readonly lost: Lost[] = [];

  add(type: string, path: string, first: boolean): void {
    const list = this.byType.get(type) ?? [];
    this.byType.set(type, list);
    const at = list.indexOf(path);
    if (at >= 0 && first) list.splice(at, 1);
    if (at < 0 || first) list.splice(first ? 0 : list.length, 0, path);
  }

  of(...types: readonly string[]): string[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }
}

/** ComfyUI: webui-comfyui-and-others.md A3. */
export function comfyFolders(context: FolderContext, desktop: boolean): Folders {
  const { look, root, os, flags } = context;
  const at = (raw: string): string => resolveFor(os, root, raw);
  const value = (option: string): string | null => {
    const raw = flags.value(option);
    return raw === null ? null : at(raw);
  };
  const base = value('--base-directory') ?? root;
  const models = value('--models-directory') ?? join(base, 'models');
  const output = value('--output-directory') ?? join(base, 'output');
  const user = value('--user-directory') ?? join(base, 'user');
  const paths = new Paths();
  for (const type of TYPES) paths.add(type, join(models, type), false);
  paths.add('diffusion_models', join(models, 'unet'), false);
  paths.add('text_encoders', join(models, 'clip'), false);
  const beside = desktop ? desktopYaml(context) : join(root, 'extra_model_paths.yaml');
  const files = [...(beside !== null && look.exists(beside) ? [beside] : []), ...flags.all('--extra-model-paths-config').map(at)];
  for (const file of files) readFile(context, file, paths, false);
  if (!desktop) for (const file of unreadNames(look, root)) readFile(context, file, paths, true);
  paths.add('loras', join(output, 'loras'), false);
  paths.add('checkpoints', join(output, 'checkpoints'), false);
  const defaults = new Set([join(models, 'loras'), join(output, 'loras')]);
  const lora = paths.of('loras');
  const profiles = [...look.names(user)].filter((name) => !name.startsWith('_')).map((name) => join(user, name, 'workflows'));
  return {
    ...NO_FOLDERS,
    data: base,
    lora,
    checkpoint: paths.of('checkpoints', 'diffusion_models'),
    vae: paths.of('vae'),
    encoder: paths.of('text_encoders'),
    embedding: paths.of('embeddings'),
    output: [output],
    workflow: [...profiles.filter((path) => look.isFolder(path)), join(base, 'workflows')],
    namedLora: lora.filter((path) => !defaults.has(path)),
    yaml: paths.problems,
    lost: paths.lost,
  };
}

/** Copies that ComfyUI never opens: a text editor added `.txt`, or the example itself was edited (traps 20). */
function unreadNames(look: Look, root: string): string[] {
  const names = look.names(root);
  if (names.has('extra_model_paths.yaml')) return [];
  return [
    'extra_model_paths.yaml.txt',
    'extra_model_paths.yml',
    'extra_model_paths.yaml.yaml',
    'extra_model_path.yaml',
    'extra_model_paths.yaml.example',
  ]
    .filter((name) => names.has(name))
    .map((name) => join(root, name));
}

function readFile(context: FolderContext, file: string, paths: Paths, unread: boolean): void {
  const { look, root } = context;
  const bytes = look.bytes(file);
  const text = bytes === null ? null : decodeUtf8(bytes);
  if (text === null) {
    if (!unread) paths.problems.push({ kind: 'unreadable', path: file, line: 0, key: '', value: '', near: '' });
    return;
  }
  // PyYAML drops a byte order mark.
  const read = readComfyPaths(text.startsWith('\ufeff') ? text.slice(1) : text);
  const before = paths.problems.length;
  if (!unread) paths.problems.push(...read.problems.map((problem) => ({ ...problem, path: file })));
  collect(context, file, read, paths, unread);
  // The shipped example names no folder that exists: only an edited copy does.
  if (unread && paths.lost.some((lost) => lost.reason === 'yaml-not-read') && paths.problems.length === before) {
    paths.problems.push({
      kind: 'not-read',
      path: file,
      line: 0,
      key: '',
      value: join(root, 'extra_model_paths.yaml'),
      near: '',
    });
  }
}

function collect(context: FolderContext, file: string, read: ComfyPaths, paths: Paths, unread: boolean): void {
  const { look, os } = context;
  const nearOf = new Map(
    read.problems.filter((problem) => problem.kind === 'unknown-key').map((problem) => [problem.key, problem.near]),
  );
  for (const entry of read.entries) {
    const base = entry.base === null ? null : expandPath(entry.base, look.platform);
    const absoluteBase = base === null ? null : resolveFor(os, dirname(file), base);
    const path =
      absoluteBase === null || isAbsolute(entry.value)
        ? resolveFor(os, dirname(file), entry.value)
        : resolveFor(os, absoluteBase, entry.value);
    const meant = nearOf.get(entry.type) ?? (nearOf.has(entry.type) ? '' : entry.type);
    if (unread || read.fatal || meant !== entry.type) {
      const reason = unread || read.fatal ? 'yaml-not-read' : 'yaml-key';
      if (meant === 'loras' && look.isFolder(path)) paths.lost.push({ path, reason });
      continue;
    }
    paths.add(entry.type, path, entry.isDefault);
    if (TYPES.some((type) => type === entry.type) && !look.isFolder(path)) {
      paths.problems.push({ kind: 'missing-folder', path: file, line: entry.line, key: entry.type, value: path, near: '' });
    }
  }
}

/** extra_models_config.yaml of the desktop app's own data folder. */
function desktopYaml({ look }: FolderContext): string | null {
  const { os, home, env } = look.platform;
  const folder =
    os === 'windows'
      ? join(env.APPDATA ?? join(home, 'AppData/Roaming'), 'ComfyUI')
      : os === 'macos'
        ? join(home, 'Library/Application Support/ComfyUI')
        : join(home, '.config/ComfyUI');
  return join(folder, 'extra_models_config.yaml');
}
