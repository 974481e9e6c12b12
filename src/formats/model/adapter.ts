import type { Adapter } from '../../facts/families';
import type { Grouped } from './modules';
import { Role } from './roles';

export interface AdapterVerdict {
  readonly adapter: Adapter;
  /**
   * What comes on top of the main algorithm: dora, tucker, norm, diff, bias, bundled-embedding, half-pairs, whole-lokr, no-alpha,
   * double-underscore, short-te-names, rslora, control, named-adapter.
   */
  readonly features: readonly string[];
}

/** What the modules of an adapter have among them: found in one pass, as many files may share it. */
export interface AdapterTraits {
  /** Some down side has a kernel larger than 1, or there is a Tucker core. */
  readonly convolution: boolean;
  /** Modules with a down and no up, or the other way round. */
  readonly halfPairs: number;
  /** `lora_unet__…`. */
  readonly doubled: boolean;
  /** Text-encoder names that begin with `encoder_layers_`. */
  readonly short: boolean;
}

export function traitsOf(modules: Grouped['modules']): AdapterTraits {
  let convolution = false;
  let halfPairs = 0;
  let doubled = false;
  let short = false;
  for (const module of modules) {
    convolution ||= isConvolution(module);
    if (module.has(Role.down) !== module.has(Role.up)) halfPairs++;
    doubled ||= module.prefix.text === 'lora_unet__';
    short ||= module.part === 'te1' && module.name.startsWith('encoder_layers_', module.prefix.text.length);
  }
  return { convolution, halfPairs, doubled, short };
}

/** Main algorithm and extras from the roles of the tensors; `metadata` tells DyLoRA, LoRA-FA and rsLoRA, which leave no trace in them. */
export function adapterOf(grouped: Grouped, traits: AdapterTraits, metadata: ReadonlyMap<string, string>): AdapterVerdict {
  const count = (role: Role): number => grouped.roleCounts[role] ?? 0;
  const adapter = mainAlgorithm(grouped, traits, count, metadata);
  const features: string[] = [];
  if (count(Role.doraScale) + count(Role.magnitude) > 0) features.push('dora');
  if (count(Role.mid) + count(Role.hadaTucker) + count(Role.lokrTucker) > 0) features.push('tucker');
  if (count(Role.norm) + count(Role.replace) > 0 && adapter !== 'full') features.push('norm');
  if (count(Role.diff) + count(Role.diffBias) > 0 && adapter !== 'full') features.push('diff');
  if (count(Role.bias) > 0) features.push('bias');
  if (count(Role.tlora) > 0) features.push('tlora');
  if (grouped.bundled > 0) features.push('bundled-embedding');
  if (adapter === 'lokr' && count(Role.lokrW1) > 0 && count(Role.lokrW2) > 0 && count(Role.lokrW2a) === 0)
    features.push('whole-lokr');
  if (traits.halfPairs > 0) features.push('half-pairs');
  if (count(Role.alpha) === 0) features.push('no-alpha');
  const args = metadata.get('ss_network_args') ?? '';
  if (/"rs_lora"\s*:\s*"True"/.test(args) || /_?use_rslora"\s*:\s*true/.test(metadata.get('lora_adapter_metadata') ?? ''))
    features.push('rslora');
  if (traits.doubled) features.push('double-underscore');
  if (traits.short) features.push('short-te-names');
  return { adapter, features };
}

function mainAlgorithm(
  grouped: Grouped,
  traits: AdapterTraits,
  count: (role: Role) => number,
  metadata: ReadonlyMap<string, string>,
): Adapter {
  const pairs = Math.max(count(Role.down), count(Role.up));
  const hada = count(Role.hadaW1a);
  const lokr = Math.max(count(Role.lokrW1), count(Role.lokrW1a));
  const most = Math.max(pairs, hada, lokr);
  if (count(Role.tlora) > 0 && most === 0) return 'unknown';
  if (count(Role.gloraA1) > 0) return 'glora';
  if (count(Role.onInput) > 0) return 'ia3';
  if (hada > 0 && hada === most) return 'loha';
  if (lokr > 0 && lokr === most) return 'lokr';
  if (pairs > 0) return loraKind(traits, count, metadata);
  if (count(Role.oft) > 0)
    return grouped.modules.some((module) => module.has(Role.oft) && module.other?.length === 4) ? 'boft' : 'oft';
  if (count(Role.diff) + count(Role.diffBias) > 0) return 'full';
  return 'unknown';
}

function loraKind(traits: AdapterTraits, count: (role: Role) => number, metadata: ReadonlyMap<string, string>): Adapter {
  if (count(Role.doraScale) + count(Role.magnitude) > 0) return 'dora';
  const module = metadata.get('ss_network_module') ?? '';
  if (module.endsWith('.dylora') || /"algo"\s*:\s*"dylora"/.test(metadata.get('ss_network_args') ?? '')) return 'dylora';
  if (module.endsWith('.lora_fa')) return 'lora-fa';
  return traits.convolution ? 'locon' : 'lora';
}

/** A pair whose down side has a kernel larger than 1, or a Tucker core. */
function isConvolution(module: Grouped['modules'][number]): boolean {
  return module.has(Role.mid) || (module.down?.length === 4 && (module.down[2] ?? 1) > 1);
}

/**
 * The spelling of the module names, which decides what a program can load: kohya · onetrainer · diffusers (`unet.` + lora_A) · diffusers-old
 * (attention processors, `.lora.down`) · peft (`base_model.model.`) · comfyui (`diffusion_model.`) · diffsynth (`pipe.dit.`) · lycoris · xlabs ·
 * bfl · bare.
 */
export function keyStyleOf(grouped: Grouped): string | null {
  const counts = new Map<string, number>();
  for (const module of grouped.modules) {
    const { style } = module.prefix;
    counts.set(style, (counts.get(style) ?? 0) + 1);
  }
  let best: string | null = null;
  for (const [style, count] of counts) if (best === null || count > (counts.get(best) ?? 0)) best = style;
  const sample = grouped.modules.find((module) => module.prefix.style === best)?.name ?? '';
  if (best === 'diffusers' && (sample.includes('.processor.') || grouped.oldDiffusers)) return 'diffusers-old';
  if (best !== 'bare') return best;
  if (sample.includes('.processor.')) return 'xlabs';
  return sample.startsWith('double_blocks.') || sample.startsWith('single_blocks.') ? 'bfl' : 'bare';
}
