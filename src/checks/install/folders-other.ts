import { join } from 'node:path';
import { readFds } from '../../formats/fds';
import { dataFolder, type FolderContext, type Folders, NO_FOLDERS } from './folders';
import { expandPath, resolveFor } from './look';

/** SD.Next: options in config.json, then command line, then `<models>/…` (webui-comfyui-and-others.md B1, B2). */
export function sdnextFolders({ look, root, os, flags, settings }: FolderContext): Folders {
  const env = look.platform.env;
  const at = (raw: string): string => resolveFor(os, root, expandPath(raw, look.platform));
  const data = env.SD_DATADIR && !flags.has('--data-dir') ? at(env.SD_DATADIR) : dataFolder(root, os, flags);
  const modelsRaw = flags.value('--models-dir') ?? settings.text('models_dir') ?? env.SD_MODELSDIR;
  const models = modelsRaw === undefined || modelsRaw === '' ? join(data, 'models') : resolveFor(os, data, modelsRaw);
  const named = (option: string, key: string, variable?: string): string | null => {
    const raw = flags.value(option) ?? (variable === undefined ? undefined : env[variable]) ?? settings.text(key);
    return raw === null || raw === undefined || raw === '' ? null : at(raw);
  };
  const lora = named('--lora-dir', 'lora_dir', 'SD_LORADIR');
  const lycoris = settings.text('lyco_dir');
  const outputs = [
    ...settings.list('outdir_samples'),
    ...settings.list('outdir_txt2img_samples'),
    ...settings.list('outdir_img2img_samples'),
  ];
  return {
    ...NO_FOLDERS,
    data,
    lora: [lora ?? join(models, 'Lora')],
    checkpoint: [
      named('--ckpt-dir', 'ckpt_dir') ?? join(models, 'Stable-diffusion'),
      join(models, 'UNET'),
      join(models, 'Diffusers'),
    ],
    vae: [named('--vae-dir', 'vae_dir') ?? join(models, 'VAE')],
    encoder: [named('--te-dir', 'te_dir') ?? join(models, 'Text-encoder')],
    embedding: [named('--embeddings-dir', 'embeddings_dir') ?? join(models, 'embeddings')],
    output: [...new Set([join(data, 'outputs'), ...outputs.filter((value) => value !== '').map(at)])],
    namedLora: lora === null ? [] : [lora],
    lost:
      lycoris && lora !== at(lycoris) && look.isFolder(at(lycoris)) ? [{ path: at(lycoris), reason: 'overridden-setting' }] : [],
  };
}

/** Fooocus: config.txt keys, an environment variable of the same name wins, else `models/…` (Part C). */
export function fooocusFolders({ look, root, os, settings, flags }: FolderContext): Folders {
  const lost: { path: string; reason: 'overridden-setting' }[] = [];
  const named: string[] = [];
  const of = (key: string, fallback: string): string[] => {
    const raw = look.platform.env[key];
    const values = (raw ? [raw] : settings.list(key)).map((value) => resolveFor(os, root, value));
    if (key === 'path_loras') named.push(...values);
    // The program takes the setting only when each of its folders exists.
    if (values.length > 0 && values.every((path) => look.isFolder(path))) return values;
    for (const path of values) if (key === 'path_loras' && look.isFolder(path)) lost.push({ path, reason: 'overridden-setting' });
    return [join(root, fallback)];
  };
  const output = flags.value('--output-path');
  return {
    ...NO_FOLDERS,
    data: root,
    lora: of('path_loras', 'models/loras'),
    checkpoint: of('path_checkpoints', 'models/checkpoints'),
    vae: of('path_vae', 'models/vae'),
    embedding: of('path_embeddings', 'models/embeddings'),
    output: output === null ? of('path_outputs', 'outputs') : [resolveFor(os, root, output)],
    namedLora: named,
    lost,
  };
}

/** SwarmUI: `Data/Settings.fds`, Paths; several folders with `;` (Part E). */
export function swarmFolders({ look, root, os }: FolderContext): Folders {
  const values = readFds(look.text(join(root, 'Data/Settings.fds')) ?? '');
  const list = (key: string, fallback: string): string[] =>
    (values.get(`Paths.${key}`) ?? fallback)
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const roots = list('ModelRoot', 'Models').map((raw) => resolveFor(os, root, raw));
  const under = (key: string, fallback: string): string[] =>
    roots.flatMap((base) => list(key, fallback).map((raw) => resolveFor(os, base, raw)));
  const lora = under('SDLoraFolder', 'Lora');
  return {
    ...NO_FOLDERS,
    data: join(root, 'Data'),
    lora,
    checkpoint: [...under('SDModelFolder', 'Stable-Diffusion'), ...roots.map((base) => join(base, 'diffusion_models'))],
    vae: under('SDVAEFolder', 'VAE'),
    encoder: under('SDClipFolder', 'clip;text_encoders'),
    embedding: under('SDEmbeddingFolder', 'Embeddings'),
    output: list('OutputPath', 'Output').map((raw) => resolveFor(os, root, raw)),
    namedLora: values.has('Paths.SDLoraFolder') || values.has('Paths.ModelRoot') ? lora : [],
  };
}

/** InvokeAI keeps each model in a folder of its own under `models/`; its database says which are known (Part D). */
export function invokeFolders({ look, root }: FolderContext): Folders {
  const config = look.text(join(root, 'invokeai.yaml')) ?? '';
  const value = (key: string): string | null =>
    new RegExp(`^\\s*${key}:\\s*['"]?([^'"\\n#]{1,400})`, 'm').exec(config)?.[1]?.trim() ?? null;
  const models = resolveFor('unknown', root, value('models_dir') ?? 'models');
  const outputs = resolveFor('unknown', root, value('outputs_dir') ?? 'outputs');
  return { ...NO_FOLDERS, data: root, lora: [models], checkpoint: [models], vae: [models], output: [join(outputs, 'images')] };
}

/**
 * Easy Diffusion: `models/<kind>`, and the folder of that kind as A1111 names it where there is one; `models_dir` of config.yaml
 * names another place. Pictures go to the home folder (its app.py and model_manager/__init__.py at 19c805e).
 */
export function easyFolders({ look, root, os }: FolderContext): Folders {
  const config = look.text(join(root, 'config.yaml')) ?? look.text(join(root, 'scripts/config.yaml')) ?? '';
  const value = (key: string): string | null =>
    new RegExp(`^${key}:[ \\t]*(?:'([^'\\n]{1,400})'|"([^"\\n]{1,400})"|([^'"\\s#][^\\n#]{0,400}))`, 'm')
      .exec(config)
      ?.slice(1)
      .find((text) => text !== undefined)
      ?.trim() ?? null;
  const models = resolveFor(os, root, value('models_dir') ?? 'models');
  // The names as they are stored: on Windows both would be found, and be one folder.
  const stored = look.names(models);
  const of = (kind: string, other: string): string[] =>
    [kind, ...(stored.has(other) ? [other] : [])].map((name) => join(models, name));
  return {
    ...NO_FOLDERS,
    data: root,
    lora: of('lora', 'Lora'),
    checkpoint: of('stable-diffusion', 'Stable-diffusion'),
    vae: of('vae', 'VAE'),
    embedding: [join(models, 'embeddings')],
    output: [value('force_save_path') ?? join(look.platform.home, 'Stable Diffusion UI')],
  };
}
