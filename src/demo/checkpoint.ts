import type { TensorPlan } from './tensors';

/** Names and shapes of a whole Stable Diffusion 1.5 checkpoint in half precision (2.1 GB): U-Net, CLIP-L, VAE. lora-files.md §5. */
export function sd15Checkpoint(): TensorPlan[] {
  return [...unet('model.diffusion_model'), ...clip('cond_stage_model.transformer.text_model'), ...vae('first_stage_model')];
}

const f16 = (name: string, ...shape: number[]): TensorPlan => ({ name, shape, dtype: 'F16' });
const linear = (name: string, from: number, to: number): TensorPlan[] => [
  f16(`${name}.weight`, to, from),
  f16(`${name}.bias`, to),
];
const conv = (name: string, from: number, to: number, kernel = 3): TensorPlan[] => [
  f16(`${name}.weight`, to, from, kernel, kernel),
  f16(`${name}.bias`, to),
];
const norm = (name: string, width: number): TensorPlan[] => [f16(`${name}.weight`, width), f16(`${name}.bias`, width)];
const times = <T>(count: number, make: (n: number) => T[]): T[] => Array.from({ length: count }, (_, n) => make(n)).flat();

function unet(p: string): TensorPlan[] {
  const out: TensorPlan[] = [
    ...linear(`${p}.time_embed.0`, 320, 1280),
    ...linear(`${p}.time_embed.2`, 1280, 1280),
    ...conv(`${p}.input_blocks.0.0`, 4, 320),
  ];
  const widths = [320, 640, 1280, 1280];
  let width = 320;
  widths.forEach((to, level) => {
    for (const n of [1, 2]) {
      const at = `${p}.input_blocks.${level * 3 + n}`;
      out.push(...residual(`${at}.0`, width, to), ...(level < 3 ? attention(`${at}.1`, to) : []));
      width = to;
    }
    if (level < 3) out.push(...conv(`${p}.input_blocks.${level * 3 + 3}.0.op`, to, to));
  });
  out.push(
    ...residual(`${p}.middle_block.0`, 1280, 1280),
    ...attention(`${p}.middle_block.1`, 1280),
    ...residual(`${p}.middle_block.2`, 1280, 1280),
  );
  const skipped = [2560, 2560, 2560, 2560, 2560, 1920, 1920, 1280, 960, 960, 640, 640];
  skipped.forEach((from, n) => {
    const level = Math.floor(n / 3);
    const to = [1280, 1280, 640, 320][level] ?? 320;
    const at = `${p}.output_blocks.${n}`;
    out.push(...residual(`${at}.0`, from, to), ...(level > 0 ? attention(`${at}.1`, to) : []));
    if (n % 3 === 2 && level < 3) out.push(...conv(`${at}.${level > 0 ? 2 : 1}.conv`, to, to));
  });
  return [...out, ...norm(`${p}.out.0`, 320), ...conv(`${p}.out.2`, 320, 4)];
}

function residual(p: string, from: number, to: number): TensorPlan[] {
  return [
    ...norm(`${p}.in_layers.0`, from),
    ...conv(`${p}.in_layers.2`, from, to),
    ...linear(`${p}.emb_layers.1`, 1280, to),
    ...norm(`${p}.out_layers.0`, to),
    ...conv(`${p}.out_layers.3`, to, to),
    ...(from === to ? [] : conv(`${p}.skip_connection`, from, to, 1)),
  ];
}

function attention(p: string, width: number): TensorPlan[] {
  const block = `${p}.transformer_blocks.0`;
  const head = (name: string, context: number): TensorPlan[] => [
    f16(`${block}.${name}.to_q.weight`, width, width),
    f16(`${block}.${name}.to_k.weight`, width, context),
    f16(`${block}.${name}.to_v.weight`, width, context),
    ...linear(`${block}.${name}.to_out.0`, width, width),
  ];
  return [
    ...norm(`${p}.norm`, width),
    ...conv(`${p}.proj_in`, width, width, 1),
    ...head('attn1', width),
    ...linear(`${block}.ff.net.0.proj`, width, width * 8),
    ...linear(`${block}.ff.net.2`, width * 4, width),
    ...head('attn2', 768),
    ...[1, 2, 3].flatMap((n) => norm(`${block}.norm${n}`, width)),
    ...conv(`${p}.proj_out`, width, width, 1),
  ];
}

function clip(p: string): TensorPlan[] {
  return [
    { name: `${p}.embeddings.position_ids`, shape: [1, 77], dtype: 'I64' },
    f16(`${p}.embeddings.token_embedding.weight`, 49408, 768),
    f16(`${p}.embeddings.position_embedding.weight`, 77, 768),
    ...times(12, (n) => [
      ...['q', 'k', 'v', 'out'].flatMap((part) => linear(`${p}.encoder.layers.${n}.self_attn.${part}_proj`, 768, 768)),
      ...norm(`${p}.encoder.layers.${n}.layer_norm1`, 768),
      ...linear(`${p}.encoder.layers.${n}.mlp.fc1`, 768, 3072),
      ...linear(`${p}.encoder.layers.${n}.mlp.fc2`, 3072, 768),
      ...norm(`${p}.encoder.layers.${n}.layer_norm2`, 768),
    ]),
    ...norm(`${p}.final_layer_norm`, 768),
  ];
}

function vae(p: string): TensorPlan[] {
  const block = (at: string, from: number, to: number): TensorPlan[] => [
    ...norm(`${at}.norm1`, from),
    ...conv(`${at}.conv1`, from, to),
    ...norm(`${at}.norm2`, to),
    ...conv(`${at}.conv2`, to, to),
    ...(from === to ? [] : conv(`${at}.nin_shortcut`, from, to, 1)),
  ];
  const middle = (at: string): TensorPlan[] => [
    ...block(`${at}.block_1`, 512, 512),
    ...norm(`${at}.attn_1.norm`, 512),
    ...['q', 'k', 'v', 'proj_out'].flatMap((part) => conv(`${at}.attn_1.${part}`, 512, 512, 1)),
    ...block(`${at}.block_2`, 512, 512),
  ];
  const widths = [128, 256, 512, 512];
  const at = (n: number): number => widths[Math.max(0, Math.min(3, n))] ?? 512;
  const down = times(4, (n) => [
    ...block(`${p}.encoder.down.${n}.block.0`, at(n - 1), at(n)),
    ...block(`${p}.encoder.down.${n}.block.1`, at(n), at(n)),
    ...(n < 3 ? conv(`${p}.encoder.down.${n}.downsample.conv`, at(n), at(n)) : []),
  ]);
  const up = times(4, (n) => [
    ...block(`${p}.decoder.up.${n}.block.0`, at(n + 1), at(n)),
    ...[1, 2].flatMap((m) => block(`${p}.decoder.up.${n}.block.${m}`, at(n), at(n))),
    ...(n > 0 ? conv(`${p}.decoder.up.${n}.upsample.conv`, at(n), at(n)) : []),
  ]);
  return [
    ...conv(`${p}.encoder.conv_in`, 3, 128),
    ...down,
    ...middle(`${p}.encoder.mid`),
    ...norm(`${p}.encoder.norm_out`, 512),
    ...conv(`${p}.encoder.conv_out`, 512, 8),
    ...conv(`${p}.decoder.conv_in`, 4, 512),
    ...middle(`${p}.decoder.mid`),
    ...up,
    ...norm(`${p}.decoder.norm_out`, 128),
    ...conv(`${p}.decoder.conv_out`, 128, 3),
    ...conv(`${p}.quant_conv`, 8, 8, 1),
    ...conv(`${p}.post_quant_conv`, 4, 4, 1),
  ];
}
