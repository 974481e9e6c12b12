import type { Family } from '../facts/families';
import type { Identity } from '../formats/model/identify';
import { Role } from '../formats/model/roles';
import { structureOf } from '../formats/model/structure';
import type { SafetensorsHeader } from '../formats/safetensors-header';
import { type Named, say } from './fits-types';

/** What of a file's tensor names decides who can read them. */
export interface Names {
  /** A module name, cut short. */
  readonly sample: string;
  /** Pairs are spelt lora_A / lora_B. */
  readonly letters: boolean;
  /** kohya names whose q, k, v are apart although the model has them fused: `attention_to_q`. */
  readonly splitAttention: boolean;
  /** kohya names with fc1/fc2, which ComfyUI knows as mlp 0/2. */
  readonly fc: boolean;
  /** `lora_unet__…`. */
  readonly doubled: boolean;
  /** Black Forest Labs' control LoRA. */
  readonly control: boolean;
  readonly magnitude: boolean;
  readonly bundled: boolean;
  /** Modules with an up matrix and no down: ComfyUI's loader stops at them (KeyError). */
  readonly upOnly: boolean;
}

/** By the very list of tensors: files of one trainer share it. */
const KNOWN = new WeakMap<SafetensorsHeader['tensors'], Names>();

/** One pass over the names. */
export function namesOf(header: SafetensorsHeader): Names {
  const before = KNOWN.get(header.tensors);
  if (before) return before;
  const names = read(header);
  KNOWN.set(header.tensors, names);
  return names;
}

function read(header: SafetensorsHeader): Names {
  const grouped = structureOf(header).adapter?.grouped;
  const modules = grouped?.modules ?? [];
  const bundled = grouped?.bundled ?? 0;
  const has = (part: string): boolean => modules.some(({ name }) => name.includes(part));
  const unet = modules.find((module) => module.part === 'denoiser') ?? modules[0];
  return {
    sample: (unet?.name ?? '').slice(0, 60),
    letters: header.tensors.some(({ name }) => name.includes('.lora_A') || name.includes('.lora_B')),
    splitAttention: has('attention_to_q'),
    fc: has('_mlp_fc1'),
    doubled: modules.some(({ name }) => name.startsWith('lora_unet__')),
    control:
      modules.some(({ name }) => name === 'img_in') && header.tensors.some(({ name }) => name.endsWith('norm.key_norm.scale')),
    magnitude: modules.some((module) => module.has(Role.magnitude)),
    bundled: bundled > 0,
    upOnly: modules.some((module) => module.has(Role.up) && !module.has(Role.down)),
  };
}

const UNETS: ReadonlySet<Family> = new Set(['sd15', 'sd21', 'sdxl', 'sdxl-refiner', 'ssd-1b']);

/** Families whose diffusers names ComfyUI maps, by prefix (webui-comfyui-and-others.md A5). */
const TRANSFORMER: ReadonlySet<Family> = new Set([
  'sd3',
  'auraflow',
  'pixart',
  'flux',
  'flux2',
  'chroma',
  'hunyuan-video',
  'hidream-i1',
  'qwen-image',
  'lumina2',
  'z-image',
  'krea2',
  'kandinsky5',
]);
const RAW_PEFT: ReadonlySet<Family> = new Set(['sd3', 'pixart', 'hunyuandit']);
const LYCORIS: ReadonlySet<Family> = new Set([
  ...UNETS,
  'sd3',
  'flux',
  'flux2',
  'chroma',
  'hidream-i1',
  'qwen-image',
  'lumina2',
  'z-image',
  'krea2',
]);
const ONETRAINER: ReadonlySet<Family> = new Set(['sd3', 'flux', 'flux2', 'chroma', 'cascade']);
const BARE: ReadonlySet<Family> = new Set([
  'flux',
  'flux2',
  'chroma',
  'mochi',
  'ltx-video',
  'ltx-2',
  'qwen-image',
  'lumina2',
  'z-image',
  'krea2',
  'kandinsky5',
]);

const CONVERTED: Named = { loads: 'converted', why: say('maps diffusers names onto its own', '将 diffusers 命名映射为自身命名') };
const OWN: Named = { loads: 'yes', why: say('its own tensor names', '与其自身张量命名一致') };

/** ComfyUI's key maps, which Forge and its relatives took over (A5). */
export function comfyNames(identity: Identity, names: Names): Named {
  const family = identity.family.id;
  const mapped = (set: ReadonlySet<Family>, spelling: string): Named =>
    set.has(family) ? CONVERTED : unmatched(spelling, identity);
  switch (identity.keyStyle) {
    case 'kohya':
      return kohya(family, names);
    case 'comfyui':
      return OWN;
    case 'diffusers-old':
      return UNETS.has(family) ? { ...CONVERTED, loads: 'yes' } : unmatched('attn processors', identity);
    case 'diffusers':
      return mapped(TRANSFORMER, UNETS.has(family) ? 'unet.….lora_A' : 'transformer.…');
    case 'peft':
      return mapped(RAW_PEFT, 'base_model.model.…');
    case 'lycoris':
      return mapped(LYCORIS, 'lycoris_…');
    case 'onetrainer':
      return mapped(ONETRAINER, 'lora_transformer_…');
    case 'bfl':
      return names.control ? CONVERTED : unmatched('double_blocks.…', identity);
    case 'bare':
      return mapped(BARE, names.sample);
    default:
      return unmatched(names.sample, identity);
  }
}

function kohya(family: Family, names: Names): Named {
  if (names.splitAttention && (family === 'z-image' || family === 'lumina2')) {
    return {
      loads: 'part',
      why: say(
        'only the layers beside attention: its q, k, v are fused, those of the file are apart',
        '仅加载注意力以外的层：程序内 q、k、v 合并，而文件中分开',
      ),
    };
  }
  if (
    names.fc &&
    (family === 'hunyuan-video' || family === 'hunyuan-video-1.5' || family === 'hunyuan-image-2.1' || family === 'framepack')
  ) {
    return {
      loads: 'part',
      why: say(
        'all but the feed-forward layers, which it names differently (mlp.0, mlp.2)',
        '前馈层命名不同（mlp.0、mlp.2），其余可加载',
      ),
    };
  }
  return { loads: 'yes', why: say('reads kohya names', '可读取 kohya 命名') };
}

/** Nothing of the denoiser matches; text encoders with diffusers names still do. */
function unmatched(spelling: string, identity: Identity): Named {
  const te = identity.textEncoderModules > 0 && identity.keyStyle === 'diffusers';
  if (te && identity.denoiserModules === 0) return CONVERTED;
  if (te) {
    return {
      loads: 'part',
      why: say(
        `only the text encoder: "${spelling}" names are unknown to it ("lora key not loaded")`,
        `仅文本编码器：不认识“${spelling}”命名（lora key not loaded）`,
      ),
    };
  }
  return {
    loads: 'no',
    why: say(
      `"${spelling}" names are unknown to it ("lora key not loaded"); the picture stays the same`,
      `不认识“${spelling}”命名（lora key not loaded），画面不变`,
    ),
  };
}
