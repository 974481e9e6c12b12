import { isRecord } from '../json';
import { isSlip, nearestName } from '../prompt/nearest';
import type { Given, Setup, SetupProblem } from './given';
import { ALL_OPTIONS } from './options';
import { type TomlEntry, type TomlFile, type TomlValue, tomlProblems } from './toml';
import type { Trainer } from './vocabulary';
import { isValue } from './words';

/** Names that only the lora-scripts window writes: its other names need not be options either. */
const LORA_SCRIPTS = ['model_train_type', 'lr_restart_cycles', 'enable_preview', 'optimizer_args_custom', 'network_args_custom'];

/**
 * A TOML file for `--config_file`, of lora-scripts, or of LoRA Easy Training Scripts. Tables are flattened; names that no script
 * knows are ignored by the trainer without a word (kohya-training.md §1.4).
 */
export function readConfigToml(file: TomlFile): Setup {
  const options = new Map<string, Given>();
  const problems: SetupProblem[] = tomlProblems(file);
  const easy = file.tables.some((table) => /_args\.(?:args|dataset_args)$/.test(table));
  const window = easy || file.entries.some((entry) => LORA_SCRIPTS.includes(entry.key));
  for (const entry of file.entries) {
    const { key, line, column } = entry;
    // LoRA Easy Training Scripts writes network and optimizer arguments as tables of their own.
    const list = /(network_args|optimizer_args|lr_scheduler_args)\.args\.\1$/.exec(entry.table)?.[1];
    if (list) addTo(options, list, entry);
    else if (!ALL_OPTIONS.some((option) => option.name === key)) {
      const nearest = near(key);
      if (!window || (key.length > 5 && isSlip(key, nearest)))
        problems.push({ kind: 'unknown-key', line, column, text: key.slice(0, 120), nearest });
    } else take(options, problems, entry);
  }
  return { trainer: 'sd-scripts', script: null, options, problems };
}

function take(options: Map<string, Given>, problems: SetupProblem[], { key, value, line, column }: TomlEntry): void {
  const values = valuesOf(value);
  if (values === null) return;
  options.set(key, { name: key, values, quoted: true, joined: true, line, column });
  const option = ALL_OPTIONS.find((each) => each.name === key);
  // Numbers in quotes stay texts: argparse never sees them, and the first sum fails (kohya-training.md §1.4).
  const wrong =
    option &&
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

function near(key: string): string | null {
  return nearestName(
    key,
    ALL_OPTIONS.map((option) => option.name),
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

/** Which script the window starts, by its check boxes. */
function guiScript(json: Readonly<Record<string, unknown>>): string {
  if (json.sdxl === true) return 'sdxl_train_network.py';
  if (json.flux1_checkbox === true) return 'flux_train_network.py';
  if (json.sd3_checkbox === true) return 'sd3_train_network.py';
  return json.lumina_checkbox === true ? 'lumina_train_network.py' : 'train_network.py';
}

/** A configuration saved by the kohya_ss window, which adds the network module itself; null when the JSON is none. */
export function readGuiConfig(json: unknown): Setup | null {
  if (!isRecord(json) || typeof json.pretrained_model_name_or_path !== 'string' || !('train_data_dir' in json)) return null;
  const options = new Map<string, Given>();
  const give = (name: string, values: readonly string[]): void => {
    options.set(name, { name, values, quoted: true, joined: true, line: 1, column: 1 });
  };
  for (const [key, value] of Object.entries(json)) {
    const name = GUI_NAMES[key] ?? key;
    const known = ALL_OPTIONS.some((option) => option.name === name);
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
  if (!options.has('network_module')) give('network_module', ['networks.lora']);
  return { trainer: 'sd-scripts', script: guiScript(json), options, problems: [] };
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
