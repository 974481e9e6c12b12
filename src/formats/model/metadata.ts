import { baseName } from '../file-name';
import { isRecord, parseJson } from '../json';
import { type Triggers, triggerWords } from './triggers';

/** What a model file's metadata says of itself. Claims, all of them: tensors decide. Raw strings; cap and `show()` before printing. */
export interface ModelMetadata {
  readonly trainer: string | null;
  readonly trainerVersion: string | null;
  /** File or repository name of the base model, as written. */
  readonly baseModel: string | null;
  readonly baseVersion: string | null;
  readonly architecture: string | null;
  readonly title: string | null;
  readonly outputName: string | null;
  /** `ss_output_name`, which A1111 and its relatives take as a second name of the LoRA (webui-a1111-family.md §2.4). */
  readonly alias: string | null;
  readonly steps: number | null;
  readonly maxSteps: number | null;
  readonly epoch: number | null;
  readonly learningRate: number | null;
  readonly optimizer: string | null;
  readonly images: number | null;
  readonly resolution: string | null;
  readonly clipSkip: number | null;
  readonly networkModule: string | null;
  readonly networkDim: string | null;
  readonly networkAlpha: string | null;
  readonly networkArgs: { readonly [key: string]: string };
  readonly comment: string | null;
  readonly sessionId: string | null;
  readonly triggers: Triggers;
  /** Number of metadata entries. */
  readonly entries: number;
}

/** Reads the metadata of sd-scripts, LyCORIS, musubi, ModelSpec, ai-toolkit, OneTrainer, diffusers and ComfyUI (lora-files.md §4). */
export function readMetadata(metadata: ReadonlyMap<string, string>, captionWords?: number): ModelMetadata {
  const text = (key: string): string | null => stated(metadata.get(key));
  const number = (key: string): number | null => numberOf(metadata.get(key));
  const trainer = trainerOf(metadata);
  const training = record(metadata.get('training_info'));
  const triggers = triggerWords(metadata, captionWords);
  return {
    trainer: trainer.name,
    trainerVersion: trainer.version,
    baseModel: withoutFolders(text('ss_sd_model_name')),
    baseVersion: text('ss_base_model_version'),
    architecture: text('modelspec.architecture'),
    title: text('modelspec.title'),
    outputName: text('ss_output_name') ?? text('name'),
    alias: text('ss_output_name'),
    steps: number('ss_steps') ?? finite(training.step),
    maxSteps: number('ss_max_train_steps'),
    epoch: number('ss_epoch') ?? finite(training.epoch),
    learningRate: number('ss_unet_lr') ?? number('ss_learning_rate'),
    optimizer: text('ss_optimizer'),
    images: triggers.images ?? number('ss_num_train_items'),
    resolution: text('ss_resolution') ?? text('modelspec.resolution'),
    clipSkip: number('ss_clip_skip') ?? number('modelspec.encoder_layer'),
    networkModule: text('ss_network_module'),
    networkDim: text('ss_network_dim'),
    networkAlpha: text('ss_network_alpha'),
    networkArgs: strings(record(metadata.get('ss_network_args'))),
    comment: text('ss_training_comment'),
    sessionId: text('ss_session_id'),
    triggers,
    entries: metadata.size,
  };
}

/** sd-scripts passes values through Python's `str()`: a missing one is the text `None`. */
function stated(value: string | undefined): string | null {
  return value === undefined || value === '' || value === 'None' ? null : value.slice(0, 4000);
}

function numberOf(value: string | undefined): number | null {
  const text = stated(value);
  return text === null || text.trim() === '' ? null : finite(Number(text));
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function record(value: string | undefined): { readonly [key: string]: unknown } {
  if (value === undefined || value.length > 1_000_000) return {};
  const parsed = parseJson(value);
  return isRecord(parsed) ? parsed : {};
}

function strings(value: { readonly [key: string]: unknown }): { [key: string]: string } {
  const out: { [key: string]: string } = {};
  for (const [key, entry] of Object.entries(value).slice(0, 100)) {
    Object.defineProperty(out, key.slice(0, 100), { value: String(entry).slice(0, 500), enumerable: true });
  }
  return out;
}

/** sd-scripts writes the base name when the path existed, else the raw argument: a path or a URL. */
function withoutFolders(value: string | null): string | null {
  if (value === null || value.includes('://')) return value;
  return /^(?:[A-Za-z]:[\\/]|[\\/])/.test(value) ? baseName(value) : value;
}

function trainerOf(metadata: ReadonlyMap<string, string>): { name: string | null; version: string | null } {
  const software = record(metadata.get('software'));
  if (typeof software.name === 'string')
    return { name: software.name.slice(0, 80), version: String(software.version ?? '').slice(0, 40) || null };
  if (metadata.has('ot_branch') || metadata.has('ot_config'))
    return { name: 'OneTrainer', version: stated(metadata.get('ot_revision')) };
  const module = metadata.get('ss_network_module') ?? '';
  const musubi = metadata.has('ss_num_train_items') || metadata.has('ss_gradient_checkpointing_cpu_offload');
  if (module.startsWith('lycoris')) return { name: 'LyCORIS (sd-scripts)', version: commit(metadata) };
  if (musubi) return { name: 'musubi-tuner', version: null };
  if (module !== '' || metadata.has('ss_sd_scripts_commit_hash'))
    return { name: 'kohya-ss/sd-scripts', version: commit(metadata) };
  if (metadata.has('lora_adapter_metadata')) return { name: 'diffusers', version: null };
  if (metadata.has('workflow') || metadata.has('prompt')) return { name: 'ComfyUI', version: null };
  if ([...metadata.keys()].some((key) => key.startsWith('ss_')))
    return { name: 'kohya-ss/sd-scripts', version: commit(metadata) };
  return { name: null, version: null };
}

function commit(metadata: ReadonlyMap<string, string>): string | null {
  const implementation = metadata.get('modelspec.implementation_version') ?? '';
  const hash = metadata.get('ss_sd_scripts_commit_hash') ?? implementation.replace('sd-scripts/', '');
  return /^[0-9a-f]{7,40}$/.test(hash) ? hash.slice(0, 10) : null;
}
