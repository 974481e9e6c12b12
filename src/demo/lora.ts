import { half, numbers, safetensorsHeader, sizeOf, type TensorPlan } from './tensors';

/** A module that a LoRA trains: its name without `.lora_down`, and how wide it is. `conv`: 1×1 convolution. */
interface Module {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly conv?: true;
}

/** The ten linear layers of one transformer block (self-attention, cross-attention, feed-forward). */
function transformer(prefix: string, width: number, context: number): Module[] {
  const attention = (name: string, keys: number): Module[] => [
    { name: `${prefix}_${name}_to_q`, from: width, to: width },
    { name: `${prefix}_${name}_to_k`, from: keys, to: width },
    { name: `${prefix}_${name}_to_v`, from: keys, to: width },
    { name: `${prefix}_${name}_to_out_0`, from: width, to: width },
  ];
  return [
    ...attention('attn1', width),
    ...attention('attn2', context),
    { name: `${prefix}_ff_net_0_proj`, from: width, to: width * 8 },
    { name: `${prefix}_ff_net_2`, from: width * 4, to: width },
  ];
}

/** SD 1.5: 16 transformers of depth 1 with 768 wide text, projections are convolutions; 12 layers of CLIP-L. 264 modules. */
function sd15Modules(): Module[] {
  const places: readonly (readonly [string, number])[] = [
    ...[0, 1].map((n) => [`down_blocks_0_attentions_${n}`, 320] as const),
    ...[0, 1].map((n) => [`down_blocks_1_attentions_${n}`, 640] as const),
    ...[0, 1].map((n) => [`down_blocks_2_attentions_${n}`, 1280] as const),
    ['mid_block_attentions_0', 1280],
    ...[0, 1, 2].map((n) => [`up_blocks_1_attentions_${n}`, 1280] as const),
    ...[0, 1, 2].map((n) => [`up_blocks_2_attentions_${n}`, 640] as const),
    ...[0, 1, 2].map((n) => [`up_blocks_3_attentions_${n}`, 320] as const),
  ];
  const unet = places.flatMap(([place, width]): Module[] => [
    { name: `lora_unet_${place}_proj_in`, from: width, to: width, conv: true },
    ...transformer(`lora_unet_${place}_transformer_blocks_0`, width, 768),
    { name: `lora_unet_${place}_proj_out`, from: width, to: width, conv: true },
  ]);
  const text = Array.from({ length: 12 }, (_, layer) => `lora_te_text_model_encoder_layers_${layer}`).flatMap(
    (prefix): Module[] => [
      ...['q', 'k', 'v', 'out'].map((part) => ({ name: `${prefix}_self_attn_${part}_proj`, from: 768, to: 768 })),
      { name: `${prefix}_mlp_fc1`, from: 768, to: 3072 },
      { name: `${prefix}_mlp_fc2`, from: 3072, to: 768 },
    ],
  );
  return [...text, ...unet];
}

/** SDXL, U-Net only: transformers of depth 2 and 10 with 2048 wide text. 722 modules. */
function sdxlModules(): Module[] {
  const places: readonly (readonly [string, number, number])[] = [
    ...[4, 5].map((n) => [`input_blocks_${n}_1`, 640, 2] as const),
    ...[7, 8].map((n) => [`input_blocks_${n}_1`, 1280, 10] as const),
    ['middle_block_1', 1280, 10],
    ...[0, 1, 2].map((n) => [`output_blocks_${n}_1`, 1280, 10] as const),
    ...[3, 4, 5].map((n) => [`output_blocks_${n}_1`, 640, 2] as const),
  ];
  return places.flatMap(([place, width, depth]): Module[] => [
    { name: `lora_unet_${place}_proj_in`, from: width, to: width },
    ...Array.from({ length: depth }, (_, n) => transformer(`lora_unet_${place}_transformer_blocks_${n}`, width, 2048)).flat(),
    { name: `lora_unet_${place}_proj_out`, from: width, to: width },
  ]);
}

function tensorsOf({ name, from, to, conv }: Module, rank: number): readonly (TensorPlan & { readonly spread: number })[] {
  const tail = conv ? [1, 1] : [];
  return [
    { name: `${name}.alpha`, shape: [], dtype: 'F16', spread: 0 },
    // ‖down‖ ≈ 1 and ‖up‖ ≈ 0.3: a change as large as that of an ordinary trained LoRA.
    { name: `${name}.lora_down.weight`, shape: [rank, from, ...tail], dtype: 'F16', spread: Math.sqrt(3 / from) },
    { name: `${name}.lora_up.weight`, shape: [to, rank, ...tail], dtype: 'F16', spread: 0.3 * Math.sqrt(3 / to) },
  ];
}

export interface DemoLora {
  readonly bytes: Buffer;
  /** Where the values begin. */
  readonly dataStart: number;
}

/** A whole LoRA file as sd-scripts writes it, with small random values of ordinary size. */
export function demoLora(
  family: 'sd15' | 'sdxl',
  rank: number,
  seed: number,
  metadata: Readonly<Record<string, string>>,
): DemoLora {
  const modules = family === 'sd15' ? sd15Modules() : sdxlModules();
  const tensors = modules.flatMap((module) => tensorsOf(module, rank));
  const header = safetensorsHeader(tensors, metadata);
  const data = Buffer.alloc(tensors.reduce((sum, tensor) => sum + sizeOf(tensor), 0));
  const next = numbers(seed);
  let at = 0;
  for (const tensor of tensors) {
    const end = at + sizeOf(tensor);
    for (; at < end; at += 2) data.writeUInt16LE(half(tensor.spread === 0 ? rank : next() * tensor.spread), at);
  }
  return { bytes: Buffer.concat([header, data]), dataStart: header.length };
}
