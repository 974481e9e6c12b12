import type { Family } from '../../facts/families';
import { DIFFUSERS } from './tables/diffusers';
import { MUSUBI } from './tables/musubi';
import { SD_SCRIPTS } from './tables/sd-scripts';
import type { Trainer } from './vocabulary';

/** How many values an option takes and of what kind; `maybe`: none or one. */
export type OptionKind = 'flag' | 'int' | 'float' | 'text' | 'choice' | 'list' | 'maybe';

export interface TrainingOption {
  readonly name: string;
  readonly kind: OptionKind;
  /** For `choice`. */
  readonly choices: readonly string[];
  /** What the script takes when the option is left out; null: nothing. */
  readonly fallback: string | null;
  /** First release that has it, when that is known and not old. */
  readonly since: string | null;
  /** Scripts without `.py` that have it; null: all of the trainer. */
  readonly scripts: readonly string[] | null;
}

function table(text: string): readonly TrainingOption[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', typed = 'text', fallback = '', since = '', scripts = ''] = line.split('|');
      const [kind = 'text', words = ''] = typed.split('=');
      return {
        name,
        kind: kind as OptionKind,
        choices: words === '' ? [] : words.split(','),
        fallback: fallback === '' ? null : fallback,
        since: since === '' ? null : since,
        scripts: scripts === '' ? null : scripts.split(','),
      };
    });
}

const SD = table(SD_SCRIPTS);
const TABLES = { 'sd-scripts': SD, 'musubi-tuner': table(MUSUBI), diffusers: table(DIFFUSERS) } as const;

/** Scripts whose options are known, and the base models they train. `sd`: SD1.x, or SD2.x with --v2. */
const SCRIPTS: Readonly<Record<string, readonly [keyof typeof TABLES, Family | 'sd']>> = {
  train_network: ['sd-scripts', 'sd'],
  sdxl_train_network: ['sd-scripts', 'sdxl'],
  flux_train_network: ['sd-scripts', 'flux'],
  sd3_train_network: ['sd-scripts', 'sd3'],
  lumina_train_network: ['sd-scripts', 'lumina2'],
  hunyuan_image_train_network: ['sd-scripts', 'hunyuan-image-2.1'],
  anima_train_network: ['sd-scripts', 'anima'],
  hv_train_network: ['musubi-tuner', 'hunyuan-video'],
  hv_1_5_train_network: ['musubi-tuner', 'hunyuan-video-1.5'],
  fpack_train_network: ['musubi-tuner', 'framepack'],
  wan_train_network: ['musubi-tuner', 'wan'],
  flux_kontext_train_network: ['musubi-tuner', 'flux'],
  flux_2_train_network: ['musubi-tuner', 'flux2'],
  qwen_image_train_network: ['musubi-tuner', 'qwen-image'],
  zimage_train_network: ['musubi-tuner', 'z-image'],
  krea2_train_network: ['musubi-tuner', 'krea2'],
  kandinsky5_train_network: ['musubi-tuner', 'kandinsky5'],
  ideogram4_train_network: ['musubi-tuner', 'ideogram4'],
  hidream_o1_train_network: ['musubi-tuner', 'hidream-i1'],
};

/** Families in the names of the diffusers examples; the plain ones train SD1.x and SD2.x. */
const DIFFUSERS_FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/flux2/, 'flux2'],
  [/flux/, 'flux'],
  [/sdxl/, 'sdxl'],
  [/sd3/, 'sd3'],
  [/sd15/, 'sd15'],
  [/hidream/, 'hidream-i1'],
  [/lumina2/, 'lumina2'],
  [/sana/, 'sana'],
  [/qwen/, 'qwen-image'],
  [/z_?image/, 'z-image'],
  [/krea2/, 'krea2'],
  [/ideogram4/, 'ideogram4'],
];

export interface TrainingScript {
  readonly trainer: Trainer;
  readonly family: Family | 'sd' | null;
  readonly options: readonly TrainingOption[];
  /** Every option is known: another name is an error. Otherwise only a misspelt one is told. */
  readonly complete: boolean;
}

/** A script by its file name; null for one of which we do not know the options. */
export function scriptOf(file: string): TrainingScript | null {
  const name = file.replace(/\.py$/i, '');
  const known = SCRIPTS[name];
  if (known) {
    const [trainer, family] = known;
    const options = TABLES[trainer].filter((option) => option.scripts?.includes(name) !== false);
    return { trainer, family, options, complete: trainer === 'sd-scripts' };
  }
  if (!/^train_(?:text_to_image|dreambooth)_lora(?!_(?:prior|decoder))/.test(name)) return null;
  const family = DIFFUSERS_FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
  return { trainer: 'diffusers', family, options: TABLES.diffusers, complete: false };
}

/** False for a script of sd-scripts that trains a whole model, a control net or an embedding. */
export function trainsLora(script: string | null): boolean {
  return script === null || scriptOf(script) !== null || /network|lora/i.test(script);
}

const once = (options: readonly TrainingOption[]): readonly TrainingOption[] =>
  options.filter((option, i) => options.findIndex((other) => other.name === option.name) === i);

/** Every option that any of the sd-scripts for LoRA has, each name once: for configuration files. */
export const SD_OPTIONS = once(SD);
/** What only its other scripts have (whole models, control nets, embeddings): read out of their `add_argument` at 48d368fa. */
export const SD_OTHER_NAMES: readonly string[] =
  'block_lr blockwise_fused_optimizers cond_emb_dim control_net_lr diffusers_xformers double_blocks_to_swap fused_optimizer_groups init_word learning_rate_te learning_rate_te1 learning_rate_te2 learning_rate_te3 mem_eff_save no_token_padding num_last_block_to_freeze num_vectors_per_token single_blocks_to_swap skip_latents_validity_check stop_text_encoder_training token_string train_t5xxl train_text_encoder use_object_template use_safetensors use_style_template use_t5xxl_cache_only weights'.split(
    ' ',
  );
/** The same of musubi-tuner; where scripts take other words for one name, a text. */
export const MUSUBI_OPTIONS = once(
  TABLES['musubi-tuner'].map((option, _, all) =>
    all.every(({ name, choices }) => name !== option.name || choices.join() === option.choices.join())
      ? option
      : { ...option, kind: 'text' as const, choices: [] },
  ),
);
