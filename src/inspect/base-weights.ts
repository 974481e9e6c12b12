import { type LoraModule, pathStart } from '../formats/model/modules';
import type { SafetensorsHeader, TensorInfo } from '../formats/safetensors-header';
import { cutShape, fluxPlace } from './flux-names';
import { ldmName } from './unet-names';

type Shape = readonly number[];

/** The weight that a module changes. */
export interface BaseWeight {
  readonly tensor: TensorInfo;
  /** Of the part that is meant: smaller than the tensor's where several are fused in it. */
  readonly shape: Shape;
}

const whole = (tensor: TensorInfo | undefined): BaseWeight | null => (tensor ? { tensor, shape: tensor.shape } : null);

const DENOISER = ['model.diffusion_model.', 'model.model.', 'net.', 'diffusion_model.'];

/** The weights of a checkpoint by names that LoRAs use, dots made equal to underscores. */
export class BaseWeights {
  readonly #denoiser = new Map<string, TensorInfo>();
  readonly #encoders = new Map<string, TensorInfo>();
  readonly hasEncoders: boolean;

  constructor(header: SafetensorsHeader) {
    for (const tensor of header.tensors) {
      const { name } = tensor;
      if (!/(?:\.weight|in_proj_weight|text_projection)$/.test(name)) continue;
      const path = name.replace(/\.weight$/, '');
      const encoder = encoderName(path);
      if (encoder !== null) this.#encoders.set(encoder.replaceAll('.', '_'), tensor);
      else if (!path.startsWith('first_stage_model.') && !path.startsWith('vae.'))
        this.#denoiser.set(denoiserName(path).replaceAll('.', '_'), tensor);
    }
    this.hasEncoders = this.#encoders.size > 0;
  }

  /** The weight that a module changes; null when there is none. */
  find(module: LoraModule): BaseWeight | null {
    const path = module.name
      .slice(pathStart(module))
      .replaceAll('.', '_')
      .replace(/_processor(?=_to_)/, '')
      .replace(/_lora$/, '')
      .replace(/_to_out$/, '_to_out_0');
    if (module.part.startsWith('te')) return this.#encoder(module.part, path);
    const own = this.#denoiser.get(path);
    if (own) return whole(own);
    const flux = fluxPlace(path);
    const fused = flux && this.#denoiser.get(flux.name);
    if (flux && fused) return { tensor: fused, shape: cutShape(fused.shape, flux.part) };
    const ldm = ldmName(path, (name) => this.#denoiser.has(name));
    return ldm === null ? null : whole(this.#denoiser.get(ldm));
  }

  #encoder(part: string, path: string): BaseWeight | null {
    if (part === 'te2' && path === 'text_projection') return whole(this.#encoders.get('te2_text_projection'));
    const short = path.startsWith('text_model_') ? path : `text_model_${path}`;
    const key = part === 'te2' ? 'te2' : 'te1';
    const own = this.#encoders.get(`${key}_${short}`);
    if (own) return whole(own);
    // OpenCLIP: q, k and v lie in one weight (SDXL's second encoder, SD 2.x).
    const layer = /^text_model_encoder_layers_(\d{1,3})_(.+)$/.exec(short);
    if (!layer) return null;
    const block = `${key}_resblocks_${layer[1]}`;
    switch (layer[2]) {
      case 'self_attn_q_proj':
      case 'self_attn_k_proj':
      case 'self_attn_v_proj': {
        const fused = this.#encoders.get(`${block}_attn_in_proj_weight`);
        return fused ? { tensor: fused, shape: cutShape(fused.shape, 'third') } : null;
      }
      case 'self_attn_out_proj':
        return whole(this.#encoders.get(`${block}_attn_out_proj`));
      case 'mlp_fc1':
        return whole(this.#encoders.get(`${block}_mlp_c_fc`));
      case 'mlp_fc2':
        return whole(this.#encoders.get(`${block}_mlp_c_proj`));
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
