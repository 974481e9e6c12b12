import { isRecord, type JsonRecord, parseJson } from '../json';
import { number } from './a1111';
import { type Generation, NOTHING, type RequestedLora } from './generation';

const text = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
const num = (value: unknown): number | null =>
  typeof value === 'number' ? value : typeof value === 'string' ? number(value) : null;
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * JSON in a picture's `parameters` or `invokeai_metadata` chunk: SwarmUI, Fooocus' own scheme, InvokeAI
 * (webui-comfyui-and-others.md C, D, E). Null when it is none of them.
 */
export function readJsonParameters(source: string): Generation | null {
  if (!source.trimStart().startsWith('{')) return null;
  const value = parseJson(source);
  if (!isRecord(value)) return null;
  if (isRecord(value.sui_image_params)) return swarm(value.sui_image_params, list(value.sui_models));
  if ('lora_combined_1' in value || 'base_model' in value || 'Base Model' in value) return fooocus(value);
  if ('app_version' in value || 'generation_mode' in value || isRecord(value.model)) return invoke(value);
  return null;
}

function swarm(p: JsonRecord, models: readonly unknown[]): Generation {
  const names = list(p.loras);
  const weights = list(p.loraweights);
  const encoder = list(p.loratencweights);
  const loras = names.flatMap((name, i): RequestedLora[] => {
    const strength = num(weights[i]) ?? 1;
    return typeof name === 'string' ? [{ name, strength, strengthTe: num(encoder[i]) ?? strength, active: true }] : [];
  });
  const model = models.find((m) => isRecord(m) && m.param === 'model');
  return {
    ...NOTHING,
    ui: 'swarmui',
    positive: text(p.original_prompt) ?? text(p.prompt) ?? '',
    negative: text(p.negativeprompt) ?? '',
    checkpoint: text(p.model) ?? (isRecord(model) ? text(model.name) : null),
    vae: text(p.vae),
    width: num(p.width),
    height: num(p.height),
    steps: num(p.steps),
    cfg: num(p.cfgscale),
    sampler: text(p.sampler),
    seed: text(p.seed),
    version: text(p.swarm_version),
    loras,
  };
}

function fooocus(p: JsonRecord): Generation {
  const get = (key: string, title: string): unknown => p[key] ?? p[title];
  const size = /(\d{2,5})\D+(\d{2,5})/.exec(text(get('resolution', 'Resolution')) ?? '');
  const loras: RequestedLora[] = list(p.loras).flatMap((entry): RequestedLora[] => {
    const [name, weight] = list(entry);
    return typeof name === 'string' ? [{ name, strength: num(weight), strengthTe: num(weight), active: true }] : [];
  });
  if (loras.length === 0) loras.push(...combined(p));
  return {
    ...NOTHING,
    ui: 'fooocus',
    positive: text(get('prompt', 'Prompt')) ?? '',
    negative: text(get('negative_prompt', 'Negative Prompt')) ?? '',
    checkpoint: text(get('base_model', 'Base Model')),
    checkpointHash: text(p.base_model_hash),
    vae: text(get('vae', 'VAE')),
    width: size ? Number(size[1]) : null,
    height: size ? Number(size[2]) : null,
    steps: num(get('steps', 'Steps')),
    cfg: num(get('guidance_scale', 'Guidance Scale')),
    sampler: text(get('sampler', 'Sampler')),
    seed: text(get('seed', 'Seed')),
    version: text(get('version', 'Version')),
    loras,
  };
}

/** `lora_combined_1: "name : weight"`, numbered from 1. */
function combined(p: JsonRecord): RequestedLora[] {
  const out: RequestedLora[] = [];
  for (let i = 1; i <= 32; i++) {
    const value = text(p[`lora_combined_${i}`] ?? p[`LoRA ${i}`]);
    const colon = value?.lastIndexOf(':') ?? -1;
    if (value === null || colon < 0) continue;
    const strength = number(value.slice(colon + 1));
    out.push({ name: value.slice(0, colon).trim(), strength, strengthTe: strength, active: true });
  }
  return out;
}

function invoke(p: JsonRecord): Generation {
  const loras = list(p.loras).flatMap((entry): RequestedLora[] => {
    if (!isRecord(entry)) return [];
    const model = isRecord(entry.model) ? entry.model : isRecord(entry.lora) ? entry.lora : {};
    const name = text(model.name) ?? text(model.model_name) ?? text(model.key);
    return name === null ? [] : [{ name, strength: num(entry.weight), strengthTe: num(entry.weight), active: true }];
  });
  return {
    ...NOTHING,
    ui: 'invokeai',
    positive: text(p.positive_prompt) ?? '',
    negative: text(p.negative_prompt) ?? '',
    checkpoint: isRecord(p.model) ? (text(p.model.name) ?? text(p.model.model_name)) : null,
    vae: isRecord(p.vae) ? text(p.vae.name) : null,
    width: num(p.width),
    height: num(p.height),
    steps: num(p.steps),
    cfg: num(p.cfg_scale),
    sampler: text(p.scheduler),
    seed: text(p.seed),
    version: text(p.app_version),
    loras,
  };
}
