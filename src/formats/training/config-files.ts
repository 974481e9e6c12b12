import { isRecord } from '../json';
import { isSlip, nearestName } from '../prompt/nearest';
import type { Given, Setup, SetupProblem } from './given';
import { MUSUBI_OPTIONS, SD_OPTIONS, SD_OTHER_NAMES, type TrainingOption } from './options';
import { ownerOfToml } from './owner';
import { type TomlEntry, type TomlFile, type TomlValue, tomlProblems } from './toml';
import type { Trainer } from './vocabulary';
import { isValue } from './words';

/**
 * A TOML file for `--config_file`, of lora-scripts, of LoRA Easy Training Scripts, or of musubi-tuner. Tables are flattened; names
 * that no script knows are ignored by the trainer without a word (kohya-training.md §1.4). `asked`: the trainer whose command
 * names the file.
 */
export function readConfigToml(file: TomlFile, asked: Trainer = 'other'): Setup {
  const options = new Map<string, Given>();
  const problems: SetupProblem[] = tomlProblems(file);
  const owner = ownerOfToml(file);
  const { script, family, window, program } = owner;
  const trainer = asked === 'other' ? owner.trainer : asked;
  const table = trainer === 'musubi-tuner' ? MUSUBI_OPTIONS : SD_OPTIONS;
  for (const entry of file.entries) {
    const { key, line, column } = entry;
    // LoRA Easy Training Scripts writes network and optimizer arguments as tables of their own.
    const list = /(network_args|optimizer_args|lr_scheduler_args)\.args\.\1$/.exec(entry.table)?.[1];
    const option = table.find((each) => each.name === key);
    if (list) addTo(options, list, entry);
    else if (option) take(options, trainer === 'other' ? [] : problems, entry, option);
    else if (trainer !== 'other' && !SD_OTHER_NAMES.includes(key)) {
      const nearest = near(key, table);
      // Only of sd-scripts all names are known; of other programs at most a slip is told.
      const slip = key.length > 5 && isSlip(key, nearest);
      if ((trainer === 'sd-scripts' && !window) || slip)
        problems.push({ kind: 'unknown-key', line, column, text: key.slice(0, 120), nearest });
    }
  }
  return { trainer, script, family, program, open: trainer === 'other', options, problems };
}

function take(
  options: Map<string, Given>,
  problems: SetupProblem[],
  { key, value, line, column }: TomlEntry,
  option: TrainingOption,
): void {
  const values = valuesOf(value);
  if (values === null) return;
  options.set(key, { name: key, values, quoted: true, joined: true, line, column });
  // Numbers in quotes stay texts: argparse never sees them, and the first sum fails (kohya-training.md §1.4).
  const wrong =
    values[0] !== undefined &&
    values[0] !== '' &&
    ['int', 'float', 'choice'].includes(option.kind) &&
    !isValue(option, values[0]);
  if (wrong && typeof value !== 'boolean')
    problems.push({ kind: 'bad-value', line, column, text: `${key} = ${values[0]}`.slice(0, 120), nearest: null });
}

function addTo(options: Map<string, Given>, name: string, { key, value, line, column }: TomlEntry): void {
  const text = value === true ? 'True' : value === false ? 'False' : String(value);
  const before = options.get(name);
  options.set(name, { name, values: [...(before?.values ?? []), `${key}=${text}`], quoted: true, joined: true, line, column });
}

function near(key: string, table: readonly TrainingOption[]): string | null {
  return nearestName(
    key,
    table.map((option) => option.name),
  );
}

/** False switches a flag off: null. */
function valuesOf(value: TomlValue): readonly string[] | null {
  if (value === false) return null;
  if (value === true) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

/** Names of the kohya_ss window that differ from the options they become. */
const GUI_NAMES: Readonly<Record<string, string>> = {
  optimizer: 'optimizer_type',
  epoch: 'max_train_epochs',
  lr_warmup: 'lr_warmup_steps',
  max_resolution: 'resolution',
};
/** Where the window writes 0 for "not set". */
const ZERO_IS_NONE =
  /^(?:max_train_epochs|max_train_steps|epoch|lr_warmup_steps|unet_lr|text_encoder_lr|seed|max_grad_norm|.*_every_n_.*|save_last.*|noise_offset|adaptive_noise_scale|multires_noise_.*|ip_noise_gamma|scale_weight_norms|network_dropout|min_snr_gamma|max_timestep|keep_tokens|caption_dropout_.*|blocks_to_swap|vae_batch_size|max_token_length|validation_.*|validate_.*|initial_.*)$/;

/** Check boxes of the window and what the script that it starts begins with. */
const GUI_SCRIPTS: readonly (readonly [string, string])[] = [
  ['sdxl', 'sdxl'],
  ['flux1_checkbox', 'flux'],
  ['sd3_checkbox', 'sd3'],
  ['hunyuan_image_checkbox', 'hunyuan_image'],
  ['anima_checkbox', 'anima'],
  ['lumina_checkbox', 'lumina'],
];

/** `LoRA_type` and the module it stands for; all of LyCORIS are one. */
const GUI_MODULES: Readonly<Record<string, string>> = {
  Flux1: 'networks.lora_flux',
  'Flux1 OFT': 'networks.oft_flux',
  'HunyuanImage-2.1': 'networks.lora_hunyuan_image',
  Anima: 'networks.lora_anima',
  Lumina: 'networks.lora_lumina',
  'Kohya LoHa': 'networks.loha',
  'Kohya LoKr': 'networks.lokr',
  'Kohya DyLoRA': 'networks.dylora',
  'LoRA-FA': 'networks.lora_fa',
  LoCon: 'lycoris.kohya',
};

/** Which script the window starts and with which module; without `LoRA_type` it is a page that trains no LoRA. */
function guiScript(json: Readonly<Record<string, unknown>>): { script: string; module: string | null } {
  const family = GUI_SCRIPTS.find(([box]) => json[box] === true)?.[1] ?? '';
  const kind = json.LoRA_type;
  if (kind === undefined && !('network_dim' in json))
    return { script: family === '' ? 'train_db.py' : `${family}_train.py`, module: null };
  const type = typeof kind === 'string' ? kind : 'Standard';
  const own = family === 'sd3' ? 'networks.lora_sd3' : 'networks.lora';
  const module = type.startsWith('LyCORIS/') ? 'lycoris.kohya' : (GUI_MODULES[type] ?? own);
  return { script: family === '' ? 'train_network.py' : `${family}_train_network.py`, module };
}

/** A configuration saved by the kohya_ss window, which adds the network module itself; null when the JSON is none. */
export function readGuiConfig(json: unknown): Setup | null {
  if (!isRecord(json)) return null;
  // A preset of the window leaves the paths to whoever loads it.
  const whole = typeof json.pretrained_model_name_or_path === 'string' && 'train_data_dir' in json;
  const preset = ['LoRA_type', 'train_batch_size', 'learning_rate'].every((key) => key in json);
  if (!whole && !preset) return null;
  const options = new Map<string, Given>();
  const give = (name: string, values: readonly string[]): void => {
    options.set(name, { name, values, quoted: true, joined: true, line: 1, column: 1 });
  };
  for (const [key, value] of Object.entries(json)) {
    const name = GUI_NAMES[key] ?? key;
    const known = SD_OPTIONS.some((option) => option.name === name);
    if (!known || value === false || value === '' || value === null || typeof value === 'object') continue;
    if (ZERO_IS_NONE.test(key) && Number(value) === 0) continue;
    if (key === 'xformers' && value !== true && value !== 'xformers') continue;
    if (/_args$/.test(key))
      give(
        name,
        String(value)
          .split(/\s+/)
          .filter((word) => word !== ''),
      );
    else give(name, value === true ? [] : [key === 'lr_warmup' ? `${value}%` : String(value)]);
  }
  const { script, module } = guiScript(json);
  if (module !== null && !options.has('network_module')) give('network_module', [module]);
  return { trainer: 'sd-scripts', script, open: !whole, options, problems: [] };
}

/** Options by name from the plain values of a configuration file of another program. */
export function givenOf(values: Readonly<Record<string, unknown>>): Map<string, Given> {
  const out = new Map<string, Given>();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null || value === false || value === '') continue;
    const texts = value === true ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
    out.set(name, { name, values: texts, quoted: true, joined: true, line: 1, column: 1 });
  }
  return out;
}

/** A set-up of another program. */
export function setupOf(trainer: Trainer, options: ReadonlyMap<string, Given>, problems: readonly SetupProblem[] = []): Setup {
  return { trainer, script: null, options, problems };
}
