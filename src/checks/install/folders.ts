import { join } from 'node:path';
import type { Ui } from '../../facts/families';
import type { ComfyPathProblem } from '../../formats/comfy-paths';
import type { Flags } from './flags';
import type { InstallOs, Look } from './look';
import { resolveFor } from './look';
import type { Settings } from './settings';

/** Folders as the program resolves them, before anyone looks whether they exist. In order of search. */
export interface Folders {
  readonly data: string;
  readonly lora: readonly string[];
  readonly lycoris: readonly string[];
  readonly checkpoint: readonly string[];
  readonly vae: readonly string[];
  readonly encoder: readonly string[];
  readonly embedding: readonly string[];
  readonly output: readonly string[];
  readonly workflow: readonly string[];
  /** LoRA folders that a flag or a setting names (as opposed to defaults, which the program makes itself). */
  readonly namedLora: readonly string[];
  readonly yaml: readonly (ComfyPathProblem & { readonly path: string })[];
  /** Folders that a yaml names under a key without effect: path and the reason. */
  readonly lost: readonly { readonly path: string; readonly reason: 'yaml-key' | 'yaml-not-read' | 'overridden-setting' }[];
}

export interface FolderContext {
  readonly look: Look;
  readonly ui: Ui;
  readonly root: string;
  readonly os: InstallOs;
  readonly version: string | null;
  readonly flags: Flags;
  readonly settings: Settings;
}

export const NO_FOLDERS: Omit<Folders, 'data'> = {
  lora: [],
  lycoris: [],
  checkpoint: [],
  vae: [],
  encoder: [],
  embedding: [],
  output: [],
  workflow: [],
  namedLora: [],
  yaml: [],
  lost: [],
};

const OUTPUT_KEYS = [
  'outdir_samples',
  'outdir_txt2img_samples',
  'outdir_img2img_samples',
  'outdir_extras_samples',
  'outdir_grids',
  'outdir_txt2img_grids',
  'outdir_save',
  'outdir_init_images',
];

/** `--data-dir`, else the program's folder; relative paths count from the current folder, which start scripts set to the root. */
export function dataFolder(root: string, os: InstallOs, flags: Flags): string {
  const raw = flags.value('--data-dir');
  return raw === null ? root : resolveFor(os, root, raw);
}

/** A1111, Forge, reForge, classic, Neo: webui-a1111-family.md §2.1, §2.2. */
export function a1111Folders({ ui, root, os, flags, settings, look }: FolderContext): Folders {
  const at = (raw: string): string => resolveFor(os, root, raw);
  const data = dataFolder(root, os, flags);
  const neo = ui === 'forge-neo';
  const late = neo || ui === 'forge-classic';
  const modelsFlag = flags.value(late ? '--model-ref' : '--models-dir');
  const models = modelsFlag === null ? join(data, 'models') : at(modelsFlag);
  const lists = (...options: string[]): string[] => options.flatMap((option) => flags.all(option)).map(at);
  const last = (option: string): string[] => {
    const value = flags.value(option);
    return value === null ? [] : [at(value)];
  };
  const other = flags.value('--forge-ref-a1111-home');
  const reference = other === null ? null : referenceFolders(ui, at(other), look, flags);
  const loraFlag = last('--lora-dir');
  const mainLora = loraFlag[0] ?? (neo ? null : (reference?.lora ?? null)) ?? join(models, 'Lora');
  const extra = neo ? [...lists('--lora-dirs'), ...(reference?.lora ? [reference.lora] : [])] : [];
  const lycoris = ui === 'a1111' ? [last('--lyco-dir-backcompat')[0] ?? join(models, 'LyCORIS')] : [];
  const embeddings = last('--embeddings-dir')[0] ?? reference?.embeddings ?? join(late ? models : data, 'embeddings');
  const outputs = OUTPUT_KEYS.map((key) => settings.text(key)).filter((value): value is string => value !== null && value !== '');
  const base = join(data, late ? 'output' : 'outputs');
  return {
    ...NO_FOLDERS,
    data,
    lora: [mainLora, ...extra, ...lycoris],
    lycoris,
    checkpoint: [
      join(models, 'Stable-diffusion'),
      ...(neo ? lists('--ckpt-dirs') : last('--ckpt-dir')),
      ...(reference?.checkpoint ? [reference.checkpoint] : []),
    ],
    vae: [join(models, 'VAE'), ...(neo ? lists('--vae-dirs') : last('--vae-dir')), ...(reference?.vae ? [reference.vae] : [])],
    encoder: ui === 'a1111' ? [] : [join(models, 'text_encoder'), ...lists('--text-encoder-dir', '--text-encoder-dirs')],
    embedding: [embeddings],
    output: [base, ...outputs.map(at).filter((folder) => !folder.startsWith(base)), join(data, 'log/images')],
    namedLora: [...loraFlag, ...extra, ...(ui === 'a1111' ? last('--lyco-dir-backcompat') : [])],
  };
}

interface Reference {
  readonly lora: string | null;
  readonly checkpoint: string | null;
  readonly vae: string | null;
  readonly embeddings: string | null;
}

/** `--forge-ref-a1111-home`: a path that does not exist, or a flag given as its own word, is skipped (§2.2). */
function referenceFolders(ui: Ui, home: string, look: Look, flags: Flags): Reference {
  // Forge asks for `models/lora` in lower case, which a case-sensitive file system does not have.
  const loraNames = ui === 'forge' ? ['models/lora'] : ui === 'forge-neo' ? ['Lora', 'models/Lora'] : ['models/Lora'];
  const pick = (flag: string, names: readonly string[]): string | null =>
    flags.has(flag) && ui !== 'forge-neo'
      ? null
      : (names.map((name) => join(home, name)).find((path) => look.isFolder(path)) ?? null);
  return {
    lora: pick('--lora-dir', loraNames),
    checkpoint: pick('--ckpt-dir', ['models/Stable-diffusion']),
    vae: pick('--vae-dir', ['models/VAE']),
    embeddings: pick('--embeddings-dir', [ui === 'forge-classic' ? 'models/embeddings' : 'embeddings']),
  };
}
