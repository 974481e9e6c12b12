import type { Family } from '../../facts/families';
import { baseName } from '../file-name';

/** What one metadata field says the base model is. */
export interface Claim {
  readonly key: string;
  readonly value: string;
  readonly family: Family;
  /** Which model of the family, when the field says so. */
  readonly variant: string | null;
}

/**
 * Words of `ss_base_model_version` and `modelspec.architecture`, lower case, without separators → family and variant
 * (lora-files.md §3.3). Matched by their beginning, longest first.
 */
const WORDS: readonly (readonly [string, Family, string?])[] = [
  ['stablediffusionv1', 'sd15'],
  ['stablediffusionv2', 'sd21'],
  ['stablediffusionxlv1refiner', 'sdxl-refiner'],
  ['stablediffusionxl', 'sdxl'],
  ['stablediffusion3', 'sd3'],
  ['stablediffusionv3', 'sd3'],
  ['stablediffusion1', 'sd15'],
  ['stablediffusion2', 'sd21'],
  ['sdv1', 'sd15'],
  ['sdv2', 'sd21'],
  ['sd15', 'sd15'],
  ['sd1', 'sd15'],
  ['sd21', 'sd21'],
  ['sd2', 'sd21'],
  ['sdxlrefiner', 'sdxl-refiner'],
  ['sdxl', 'sdxl'],
  ['sd3', 'sd3'],
  ['sd35', 'sd3'],
  ['ssd1b', 'ssd-1b'],
  ['flux2klein4b', 'flux2', 'klein-4b'],
  ['flux2klein9b', 'flux2', 'klein-9b'],
  ['flux2dev', 'flux2', 'dev'],
  ['flux2', 'flux2'],
  ['fluxkontext', 'flux', 'kontext'],
  ['flux1kontext', 'flux', 'kontext'],
  ['flux1schnell', 'flux', 'schnell'],
  ['flux1dev', 'flux', 'dev'],
  ['flux1', 'flux'],
  ['flux', 'flux'],
  ['chroma', 'chroma'],
  ['lumina2', 'lumina2'],
  ['hunyuanimage21', 'hunyuan-image-2.1'],
  ['hunyuanvideo15', 'hunyuan-video-1.5'],
  ['hunyuanvideo', 'hunyuan-video'],
  ['framepack', 'framepack'],
  ['qwenimageedit', 'qwen-image', 'edit'],
  ['qwenimagelayered', 'qwen-image', 'layered'],
  ['qwenimage', 'qwen-image'],
  ['zimage', 'z-image'],
  ['wan22', 'wan', '2.2'],
  ['wan21', 'wan', '2.1'],
  ['wan', 'wan'],
  ['kandinsky5', 'kandinsky5'],
  ['hidreami1', 'hidream-i1'],
  ['hidream', 'hidream-i1'],
  ['ideogram4', 'ideogram4'],
  ['krea2', 'krea2'],
  ['anima', 'anima'],
  ['cosmospredict2', 'cosmos-predict2'],
  ['pixart', 'pixart'],
  ['ltxv2', 'ltx-2'],
  ['ltx2', 'ltx-2'],
  ['ltx', 'ltx-video'],
  ['auraflow', 'auraflow'],
  ['cogvideox', 'cogvideox'],
  ['hunyuandit', 'hunyuandit'],
  ['mochi', 'mochi'],
  ['sana', 'sana'],
  ['kolors', 'kolors'],
  ['stablecascade', 'cascade'],
  ['wuerstchen', 'cascade'],
];

const LONGEST_FIRST = [...WORDS].sort((a, b) => b[0].length - a[0].length);

/** Family that an architecture word names, or null. */
export function familyOfWord(value: string): { family: Family; variant: string | null } | null {
  const word = value
    .slice(0, 200)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  for (const [start, family, variant] of LONGEST_FIRST) if (word.startsWith(start)) return { family, variant: variant ?? null };
  return null;
}

const FAMILY_KEYS = ['ss_base_model_version', 'modelspec.architecture', 'baseModel', 'base_model'];

/** All claims about the family, the strongest first. */
export function familyClaims(metadata: ReadonlyMap<string, string>): Claim[] {
  const out: Claim[] = [];
  for (const key of FAMILY_KEYS) {
    const value = metadata.get(key);
    const found = value === undefined ? null : familyOfWord(value);
    if (value !== undefined && found) out.push({ key, value, ...found });
  }
  if (out.length === 0 && metadata.get('ss_v2') === 'True')
    out.push({ key: 'ss_v2', value: 'True', family: 'sd21', variant: null });
  const model = metadata.get('ss_sd_model_name');
  const named = model === undefined ? null : familyOfFile(model);
  if (model !== undefined && named)
    out.push({ key: 'ss_sd_model_name', value: model, family: named.family, variant: named.variant });
  return out;
}

/** Well-known beginnings of the file names of published base models; weaker than an architecture word. */
const FILES: readonly (readonly [RegExp, Family, string?])[] = [
  [/^flux[-_.]?1?[-_.]?kontext|^flux1-kontext/, 'flux', 'kontext'],
  [/^flux[-_.]?1?[-_.]?schnell/, 'flux', 'schnell'],
  [/^flux[-_.]?1?[-_.]?krea/, 'flux', 'krea'],
  [/^flux[-_.]?1?[-_.]?fill/, 'flux', 'fill'],
  [/^flux[-_.]?1?[-_.]?dev/, 'flux', 'dev'],
  [/^flux[-_.]?2/, 'flux2'],
  [/^chroma/, 'chroma'],
  [/^framepack/, 'framepack'],
  [/^v1-5-|^sd[-_.]?v?1[-_.]?[45]|^stable-diffusion-v1/, 'sd15'],
  [/^v2-1|^sd[-_.]?v?2[-_.]?[01]|^stable-diffusion-2/, 'sd21'],
  [/^sd3|^stable-diffusion-3/, 'sd3'],
  [/^sd_xl_base|^sdxl|^stable-diffusion-xl/, 'sdxl'],
  [/^anima/, 'anima'],
  [/^kolors/, 'kolors'],
];

/** The family that the file name or hub name of a published base model stands for; null when it is none that we know. */
export function familyOfFile(path: string): { family: Family; variant: string | null } | null {
  const name = baseName(path.slice(-200).toLowerCase());
  for (const [pattern, family, variant] of FILES) if (pattern.test(name)) return { family, variant: variant ?? null };
  return null;
}

export interface Lineage {
  readonly id: string;
  readonly trust: 'high' | 'medium' | 'low';
  readonly from: string;
}

/** Fine-tune lines of SDXL, which tensors never show (lora-files.md §3.1). */
const LINES: readonly (readonly [RegExp, string])[] = [
  [/pony|pdxl/, 'pony'],
  [/noob/, 'noobai'],
  [/illustrious|(?:^|[^a-z])ill?xl|(?:^|[^a-z])ilxl/, 'illustrious'],
  [/animagine/, 'animagine'],
];

const LINE_KEYS: readonly (readonly [string, Lineage['trust']])[] = [
  ['ss_sd_model_name', 'high'],
  ['modelspec.architecture', 'high'],
  ['modelspec.merged_from', 'medium'],
  ['modelspec.title', 'low'],
  ['ss_output_name', 'low'],
  ['modelspec.tags', 'low'],
];

/** Which line of SDXL fine-tunes the file was made on, as far as metadata (or, weakest, `fileName`) says. */
export function lineageOf(metadata: ReadonlyMap<string, string>, fileName = ''): Lineage | null {
  for (const [key, trust] of LINE_KEYS) {
    const id = lineOf(metadata.get(key));
    if (id) return { id, trust, from: key };
  }
  const tags = metadata.get('ss_tag_frequency');
  if (tags?.slice(0, 200_000).includes('"score_9"')) return { id: 'pony', trust: 'medium', from: 'ss_tag_frequency' };
  const id = lineOf(fileName);
  return id ? { id, trust: 'low', from: 'file name' } : null;
}

function lineOf(value: string | undefined): string | null {
  if (value === undefined) return null;
  const text = value.slice(0, 2000).toLowerCase();
  for (const [pattern, id] of LINES) if (pattern.test(text)) return id;
  return null;
}

export interface Prediction {
  readonly type: 'v' | 'epsilon';
  readonly zeroTerminalSnr: boolean;
  /** Tensor or metadata key that says so. */
  readonly from: string;
}

/**
 * v-prediction by marker tensors (`v_pred`, `ztsnr`) or metadata. sd-scripts writes `epsilon` for flow models too, so an epsilon is only
 * believed for the Stable Diffusion families (lora-files.md §4).
 */
export function predictionOf(metadata: ReadonlyMap<string, string>, has: (tensor: string) => boolean): Prediction | null {
  const zeroTerminalSnr = has('ztsnr') || metadata.get('ss_zero_terminal_snr') === 'True';
  if (has('v_pred')) return { type: 'v', zeroTerminalSnr, from: 'v_pred' };
  if (has('edm_vpred.sigma_max')) return { type: 'v', zeroTerminalSnr, from: 'edm_vpred.sigma_max' };
  if ((metadata.get('ss_base_model_version') ?? '').endsWith('_v'))
    return { type: 'v', zeroTerminalSnr, from: 'ss_base_model_version' };
  if (/768-v/.test(metadata.get('modelspec.architecture') ?? ''))
    return { type: 'v', zeroTerminalSnr, from: 'modelspec.architecture' };
  const stated = metadata.get('modelspec.prediction_type');
  if (stated === 'v') return { type: 'v', zeroTerminalSnr, from: 'modelspec.prediction_type' };
  if (/v[-_ ]?pred/i.test(metadata.get('ss_sd_model_name') ?? ''))
    return { type: 'v', zeroTerminalSnr, from: 'ss_sd_model_name' };
  return stated === 'epsilon' ? { type: 'epsilon', zeroTerminalSnr, from: 'modelspec.prediction_type' } : null;
}
