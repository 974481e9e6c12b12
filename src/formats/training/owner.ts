import type { Family } from '../../facts/families';
import { MUSUBI_OPTIONS, SD_OPTIONS, SD_OTHER_NAMES, scriptOf, type TrainingOption } from './options';
import type { TomlEntry, TomlFile } from './toml';
import type { Trainer } from './vocabulary';

/** Modules that only musubi-tuner has (its `networks` folder), by the family they are named after; null: by none of ours. */
const MUSUBI_MODULES: Readonly<Record<string, Family | null>> = {
  lora_wan: 'wan',
  lora_framepack: 'framepack',
  lora_flux_2: 'flux2',
  lora_qwen_image: 'qwen-image',
  lora_qwen_image_21: null,
  lora_zimage: 'z-image',
  lora_hv_1_5: 'hunyuan-video-1.5',
  lora_kandinsky: 'kandinsky5',
  lora_ideogram4: 'ideogram4',
  lora_hidream_o1: 'hidream-i1',
  lora_krea2: 'krea2',
  lora_ernie_image: null,
  lora_mage_flow: null,
};

/** Names that only the lora-scripts window writes: its other names need not be options either. */
const LORA_SCRIPTS = ['model_train_type', 'lr_restart_cycles', 'enable_preview', 'optimizer_args_custom', 'network_args_custom'];

/** `model_train_type` of lora-scripts and the script its window starts by it (`trainer_mapping` of mikazuki/app/api.py and its forks). */
const WINDOW_SCRIPTS: Readonly<Record<string, string>> = {
  'sd-lora': 'train_network.py',
  'sdxl-lora': 'sdxl_train_network.py',
  'sd3-lora': 'sd3_train_network.py',
  'flux-lora': 'flux_train_network.py',
  'lumina-lora': 'lumina_train_network.py',
  'anima-lora': 'anima_train_network.py',
  'sd-dreambooth': 'train_db.py',
  'sdxl-finetune': 'sdxl_train.py',
  'flux-finetune': 'flux_train.py',
};

/** Scripts of sd-scripts that train no LoRA. A `train.py` or `train_controlnet.py` may be anyone's. */
const OWN_SCRIPT =
  /^(?:(?:sdxl|flux|sd3|lumina|hunyuan_image|anima)_train\w*|fine_tune|train_(?:db|textual_inversion\w*|control_net|leco))\.py$/i;

const names = (options: readonly TrainingOption[]): ReadonlySet<string> => new Set(options.map((option) => option.name));
const SD = names(SD_OPTIONS);
const MUSUBI = names(MUSUBI_OPTIONS);

/** Whose options these are, by the network module, then by names that one program has alone. `other`: nobody's that we know. */
function ownerOfNames(given: readonly string[], module: string): { trainer: Trainer; family: Family | null } {
  const own = MUSUBI_MODULES[/^(?:musubi_tuner\.)?networks\.(\w+)$/.exec(module)?.[1] ?? ''];
  if (own !== undefined) return { trainer: 'musubi-tuner', family: own };
  const musubi = given.filter((name) => MUSUBI.has(name));
  const sd = given.filter((name) => SD.has(name) || SD_OTHER_NAMES.includes(name));
  const moreMusubi = musubi.filter((name) => !sd.includes(name)).length - sd.filter((name) => !musubi.includes(name)).length;
  if (moreMusubi > 0 && musubi.length * 2 >= given.length) return { trainer: 'musubi-tuner', family: null };
  const ours = /^(?:networks|lycoris)\./.test(module) || given.includes('pretrained_model_name_or_path');
  // A name or two that many programs have (`output_dir`) make no file ours.
  return { trainer: sd.length * 2 >= given.length && (ours || sd.length > 2) ? 'sd-scripts' : 'other', family: null };
}

/** Whose a script is. `given`: names of the options behind it. */
export function ownerOfScript(
  path: string,
  given: readonly string[],
  module: string,
): { trainer: Trainer; family: Family | null } {
  const name = /[^\\/]*$/.exec(path)?.[0] ?? path;
  const known = scriptOf(name);
  if (known) return { trainer: known.trainer, family: null };
  if (OWN_SCRIPT.test(name)) return { trainer: 'sd-scripts', family: null };
  if (/musubi[_-]tuner/.test(path)) return { trainer: 'musubi-tuner', family: null };
  const found = ownerOfNames(given, module);
  // Every trainer has a learning rate and a batch size: a fork of sd-scripts shows by its module.
  return module === '' && found.trainer === 'sd-scripts' && !/train_network/.test(name) ? { ...found, trainer: 'other' } : found;
}

/** Whose configuration a TOML file is. */
export interface TomlOwner {
  readonly trainer: Trainer;
  /** Only where the file itself tells it. */
  readonly script: string | null;
  /** Only where the file itself tells it. */
  readonly family: Family | null;
  /** A window wrote it, with names of its own among the options. */
  readonly window: boolean;
  /** The program, where its options are not known. */
  readonly program: string | null;
}

/** Told by what only one program writes, then as `ownerOfScript`. */
export function ownerOfToml({ entries, tables }: TomlFile): TomlOwner {
  const keys = [...new Set(entries.map((entry) => entry.key))];
  const none = { script: null, family: null, window: false, program: null };
  if (keys.includes('micro_batch_size_per_gpu') || keys.includes('pipeline_stages'))
    return { ...none, trainer: 'other', program: 'diffusion-pipe' };
  // A saved file of LoRA Easy Training Scripts; a template of lora-scripts; the settings of the kohya_ss window itself.
  const easy = tables.some((table) => /_args\.(?:args|dataset_args)$/.test(table));
  const template = tables.includes('metadata') && tables.includes('data');
  const settings = tables.includes('server') && tables.includes('accelerate_launch');
  if (settings) return { ...none, trainer: 'other', program: 'kohya_ss' };
  if (easy || template || keys.some((key) => LORA_SCRIPTS.includes(key))) {
    const kind = textOf(entries, 'model_train_type');
    return { ...none, trainer: 'sd-scripts', script: WINDOW_SCRIPTS[kind] ?? null, window: true };
  }
  return { ...none, ...ownerOfNames(keys, textOf(entries, 'network_module')) };
}

function textOf(entries: readonly TomlEntry[], key: string): string {
  const value = entries.find((entry) => entry.key === key)?.value;
  return typeof value === 'string' ? value : '';
}
