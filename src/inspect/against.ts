import { identify } from '../formats/model/identify';
import { groupModules, type LoraModule, pathStart } from '../formats/model/modules';
import { Role } from '../formats/model/roles';
import type { SafetensorsHeader } from '../formats/safetensors-header';
import { cutShape, fluxPlace } from './flux-names';
import { ldmName } from './unet-names';

type Shape = readonly number[];

export interface ShapeTrouble {
  readonly module: string;
  /** Rows and columns that the LoRA's product has. */
  readonly lora: readonly [number | null, number | null];
  /** Rows and columns of the weight; null when there is none of this name. */
  readonly base: readonly [number, number] | null;
}

export interface AgainstCheckpoint {
  readonly loads: 'all' | 'part' | 'none';
  /** Families that the tensors of both allow. When none is common, shapes fit by chance only. */
  readonly families: { readonly lora: readonly string[]; readonly checkpoint: readonly string[] };
  readonly modules: number;
  readonly fitting: number;
  /** Modules whose weight is there in another shape, and those without a weight: at most 20 each. */
  readonly mismatched: readonly ShapeTrouble[];
  readonly missing: readonly ShapeTrouble[];
  readonly mismatchedCount: number;
  readonly missingCount: number;
  /** Modules whose missing weights are explained: a checkpoint without the text encoder that the LoRA also trains. */
  readonly withoutEncoder: number;
}

const LISTED = 20;

/** Lays each module of a LoRA against the weight of that name in a checkpoint: shapes and names, no values. */
export function againstCheckpoint(lora: SafetensorsHeader, checkpoint: SafetensorsHeader): AgainstCheckpoint {
  const base = new BaseWeights(checkpoint);
  const modules = groupModules(lora).modules.filter(({ roles }) => (roles & ~NO_MODULE) !== 0);
  const families = { lora: candidatesOf(lora), checkpoint: candidatesOf(checkpoint) };
  const mismatched: ShapeTrouble[] = [];
  const missing: ShapeTrouble[] = [];
  let [fitting, withoutEncoder] = [0, 0];
  let [mismatchedCount, missingCount] = [0, 0];
  for (const module of modules) {
    const own: ShapeTrouble['lora'] = [module.height(), module.width()];
    const shape = base.shapeFor(module);
    if (shape === null) {
      if (module.part.startsWith('te') && !base.hasEncoders) withoutEncoder++;
      else {
        missingCount++;
        if (missing.length < LISTED) missing.push({ module: module.name.slice(0, 200), lora: own, base: null });
      }
      continue;
    }
    const flat = flatten(shape);
    const columns = own[1] === null || own[1] === flat[1] || own[1] === shape[1];
    if ((own[0] === null || own[0] === flat[0] || isBlocked(module, flat[0])) && columns) fitting++;
    else {
      mismatchedCount++;
      if (mismatched.length < LISTED) mismatched.push({ module: module.name.slice(0, 200), lora: own, base: flat });
    }
  }
  const loads = fitting === 0 ? 'none' : mismatchedCount + missingCount === 0 ? 'all' : 'part';
  return {
    loads,
    families,
    modules: modules.length,
    fitting,
    mismatched,
    missing,
    mismatchedCount,
    missingCount,
    withoutEncoder,
  };
}

/** Tensors that replace a parameter outright are no modules. */
const NO_MODULE = (1 << Role.plain) | (1 << Role.replace);

function candidatesOf(header: SafetensorsHeader): readonly string[] {
  const { id, candidates } = identify(header).family;
  return candidates.length > 0 ? candidates : [id];
}

/** kohya's OFT turns each part of a fused weight by itself. */
function isBlocked(module: LoraModule, rows: number): boolean {
  const own = module.height() ?? 0;
  return module.has(Role.oft) && own > 0 && rows % own === 0;
}

/** Rows, and columns with the kernel. */
function flatten(shape: Shape): [number, number] {
  return [shape[0] ?? 1, shape.slice(1).reduce((a, b) => a * b, 1)];
}

const DENOISER = ['model.diffusion_model.', 'model.model.', 'net.', 'diffusion_model.'];

/** The weights of a checkpoint by names that LoRAs use, dots made equal to underscores. */
class BaseWeights {
  readonly #denoiser = new Map<string, Shape>();
  readonly #encoders = new Map<string, Shape>();
  readonly hasEncoders: boolean;

  constructor(header: SafetensorsHeader) {
    for (const { name, shape } of header.tensors) {
      if (!/(?:\.weight|in_proj_weight|text_projection)$/.test(name)) continue;
      const path = name.replace(/\.weight$/, '');
      const encoder = encoderName(path);
      if (encoder !== null) this.#encoders.set(encoder.replaceAll('.', '_'), shape);
      else if (!path.startsWith('first_stage_model.') && !path.startsWith('vae.'))
        this.#denoiser.set(denoiserName(path).replaceAll('.', '_'), shape);
    }
    this.hasEncoders = this.#encoders.size > 0;
  }

  /** Shape of the weight that a module changes; null when there is none. Fused weights are cut into the part that is meant. */
  shapeFor(module: LoraModule): Shape | null {
    const path = module.name
      .slice(pathStart(module))
      .replaceAll('.', '_')
      .replace(/_processor(?=_to_)/, '')
      .replace(/_lora$/, '')
      .replace(/_to_out$/, '_to_out_0');
    if (module.part.startsWith('te')) return this.#encoder(module.part, path);
    const own = this.#denoiser.get(path);
    if (own) return own;
    const flux = fluxPlace(path);
    const fused = flux && this.#denoiser.get(flux.name);
    if (flux && fused) return cutShape(fused, flux.part);
    const ldm = ldmName(path, (name) => this.#denoiser.has(name));
    return ldm === null ? null : (this.#denoiser.get(ldm) ?? null);
  }

  #encoder(part: string, path: string): Shape | null {
    if (part === 'te2' && path === 'text_projection') return this.#encoders.get('te2_text_projection') ?? null;
    const short = path.startsWith('text_model_') ? path : `text_model_${path}`;
    const key = part === 'te2' ? 'te2' : 'te1';
    const own = this.#encoders.get(`${key}_${short}`);
    if (own) return own;
    // OpenCLIP: q, k and v lie in one weight (SDXL's second encoder, SD 2.x).
    const layer = /^text_model_encoder_layers_(\d{1,3})_(.+)$/.exec(short);
    if (!layer) return null;
    const block = `${key}_resblocks_${layer[1]}`;
    switch (layer[2]) {
      case 'self_attn_q_proj':
      case 'self_attn_k_proj':
      case 'self_attn_v_proj': {
        const fused = this.#encoders.get(`${block}_attn_in_proj_weight`);
        return fused ? [(fused[0] ?? 0) / 3, fused[1] ?? 0] : null;
      }
      case 'self_attn_out_proj':
        return this.#encoders.get(`${block}_attn_out_proj`) ?? null;
      case 'mlp_fc1':
        return this.#encoders.get(`${block}_mlp_c_fc`) ?? null;
      case 'mlp_fc2':
        return this.#encoders.get(`${block}_mlp_c_proj`) ?? null;
      default:
        return null;
    }
  }
}

function denoiserName(path: string): string {
  for (const prefix of DENOISER) if (path.startsWith(prefix)) return path.slice(prefix.length);
  return path;
}

/** `te1.text_model…` or `te2.resblocks…` for a text encoder's weight; null for everything else. */
function encoderName(path: string): string | null {
  const rest = (prefix: string): string | null => (path.startsWith(prefix) ? path.slice(prefix.length) : null);
  const first =
    rest('cond_stage_model.transformer.') ??
    rest('conditioner.embedders.0.transformer.') ??
    rest('text_encoders.clip_l.transformer.');
  if (first !== null) return `te1.${first.startsWith('text_model.') ? first : `text_model.${first}`}`;
  const openclip = rest('cond_stage_model.model.transformer.') ?? rest('conditioner.embedders.0.model.transformer.');
  if (openclip !== null) return `te1.${openclip}`;
  const second = rest('conditioner.embedders.1.model.transformer.');
  if (second !== null) return `te2.${second}`;
  if (path === 'conditioner.embedders.1.model.text_projection') return 'te2.text_projection';
  const comfy = rest('text_encoders.clip_g.transformer.');
  if (comfy !== null) return `te2.${comfy}`;
  return path.startsWith('cond_stage_model.') || path.startsWith('conditioner.') || path.startsWith('text_encoders.')
    ? `other.${path}`
    : null;
}
