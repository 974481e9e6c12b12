import type { Candidate } from './answer';
import type { Model } from './model-row';
import { modelOf } from './models';
import type { VramSettings } from './settings';

/** What may be changed in a set-up to save memory, and is not done yet; cheapest first. */
export function candidatesOf(settings: VramSettings): readonly Candidate[] {
  const model = modelOf(settings.model);
  const all = settings.task === 'generate' ? generating(settings, model) : training(settings, model);
  return [...all].sort((a, b) => a.quality - b.quality || a.time - b.time);
}

/** sd-scripts and its front ends share options; the other trainers have names of their own. */
const KOHYA = new Set(['sd-scripts', 'kohya-gui', 'lora-scripts', 'fluxgym', 'musubi-tuner', 'trainer']);

type When = readonly [applies: boolean, candidate: Candidate];
const chosen = (list: readonly When[]): Candidate[] => list.filter(([applies]) => applies).map(([, candidate]) => candidate);

function training(s: VramSettings, model: Model): Candidate[] {
  const kohya = (option: string): string | null => (KOHYA.has(s.program) ? option : null);
  const dit = model.kind === 'dit';
  const lora = s.task === 'lora';
  const most = model.blocks.double > 0 ? model.blocks.double * 2 - 3 : model.blocks.single - 2;
  return chosen([
    [
      s.plainAttention,
      {
        id: 'attention',
        what: { en: 'attention without its matrix', zh: '使用省显存的注意力' },
        option: kohya('--sdpa'),
        quality: 0,
        time: 0,
        apply: (x) => ({ ...x, plainAttention: false }),
      },
    ],
    [
      !s.vaeAway,
      {
        id: 'cache-latents',
        what: { en: 'cache the latents', zh: '缓存潜变量' },
        option: kohya('--cache_latents'),
        quality: 0,
        time: 0,
        apply: (x) => ({ ...x, vaeAway: true }),
      },
    ],
    [
      !s.encodersAway && lora && (dit || model.family === 'sdxl'),
      {
        id: 'cache-text-encoder',
        what: { en: 'cache what the text encoders give, and train without them', zh: '缓存文本编码器输出，且不训练文本编码器' },
        option: kohya('--cache_text_encoder_outputs --network_train_unet_only'),
        quality: s.trainsEncoders ? 1 : 0,
        time: 0,
        apply: (x) => ({ ...x, encodersAway: true, trainsEncoders: false }),
      },
    ],
    [
      !s.checkpointing,
      {
        id: 'checkpointing',
        what: { en: 'gradient checkpointing', zh: '梯度检查点' },
        option: kohya('--gradient_checkpointing'),
        quality: 0,
        time: 3,
        apply: (x) => ({ ...x, checkpointing: true }),
      },
    ],
    [
      s.optimizerBytes > 2.5,
      {
        id: 'optimizer',
        what: { en: 'an optimizer with 8-bit states', zh: '8 位优化器' },
        option: kohya('--optimizer_type AdamW8bit'),
        quality: 0.1,
        time: 0,
        apply: (x) => ({ ...x, optimizer: 'AdamW8bit', optimizerBytes: 2.1 }),
      },
    ],
    [
      s.coreBits === 32,
      {
        id: 'half',
        what: {
          en: 'fp16 mixed precision (bf16 on RTX 30 and newer; not on GTX 16)',
          zh: 'fp16 混合精度（RTX 30 及更新可用 bf16；GTX 16 系不适用）',
        },
        option: kohya('--mixed_precision fp16'),
        quality: 0.2,
        time: 0,
        apply: (x) => ({ ...x, coreBits: 16, encoderBits: 16, vaeBits: 16, computeBits: 16 }),
      },
    ],
    [
      s.batch > 1,
      {
        id: 'batch',
        what: { en: 'batch 1', zh: '批量改为 1' },
        option: kohya('--train_batch_size 1'),
        quality: 0.5,
        time: 2,
        apply: (x) => ({ ...x, batch: 1 }),
      },
    ],
    [
      dit && s.swappedBlocks < most && s.task !== 'controlnet' && KOHYA.has(s.program) && !s.offloadsCheckpoints,
      {
        id: 'swap',
        what: { en: 'swap blocks to system memory', zh: '把部分块换到内存' },
        option: kohya(`--blocks_to_swap ${most}`),
        quality: 0,
        time: 5,
        apply: (x) => ({ ...x, swappedBlocks: most }),
      },
    ],
    [
      s.coreBits > 8.5 && s.task !== 'finetune',
      {
        id: 'fp8',
        what: { en: 'base model in fp8', zh: '底模使用 fp8' },
        option: kohya('--fp8_base'),
        quality: 2,
        time: 1,
        apply: (x) => ({ ...x, coreBits: 8, computeBits: 16 }),
      },
    ],
    [
      lora && s.rank > 8,
      {
        id: 'rank',
        what: { en: 'rank 8', zh: '秩改为 8' },
        option: kohya('--network_dim 8'),
        quality: 2.5,
        time: 0,
        apply: (x) => ({ ...x, rank: 8 }),
      },
    ],
    ...smaller(s, model, kohya('--resolution')),
  ]);
}

/** A smaller picture: three quarters of what the model was made for, then half. Only one of them is ever in a set that is needed. */
function smaller(s: VramSettings, model: Model, option: string | null): When[] {
  const [width, height] = model.resolution;
  return [1, 0.75, 0.5]
    .flatMap((share, at): When[] => {
      const side = (full: number): number => Math.max(256, Math.round((full * share) / 64) * 64);
      const [w, h] = [side(width), side(height)];
      if (w * h >= s.width * s.height) return [];
      return [
        [
          true,
          {
            id: `resolution-${w}`,
            what: { en: `pictures of ${w}x${h}`, zh: `图片尺寸 ${w}x${h}` },
            option: option && `${option} ${w},${h}`,
            quality: 3 + at * 2,
            time: 0,
            apply: (x) => ({ ...x, width: w, height: h }),
          },
        ],
      ];
    })
    .slice(0, 2);
}

function generating(s: VramSettings, model: Model): Candidate[] {
  const diffusers = (option: string): string | null => (s.program === 'diffusers' ? option : null);
  const placed = PLACED[s.program] ?? { part: null, stream: null };
  const apart = s.placement === 'resident' || s.placement === 'fills';
  return chosen([
    [
      s.plainAttention,
      {
        id: 'attention',
        what: { en: 'flash attention or SDPA', zh: '使用 flash attention 或 SDPA' },
        option: s.program === 'stable-diffusion.cpp' ? '--diffusion-fa' : null,
        quality: 0,
        time: 0,
        apply: (x) => ({ ...x, plainAttention: false }),
      },
    ],
    [
      !s.vaeSlicing && s.batch > 1,
      {
        id: 'vae-slicing',
        what: { en: 'decode one picture at a time', zh: '逐张解码图片' },
        option: diffusers('enable_vae_slicing()'),
        quality: 0,
        time: 0.5,
        apply: (x) => ({ ...x, vaeSlicing: true }),
      },
    ],
    [
      !s.vaeTiling,
      {
        id: 'vae-tiling',
        what: { en: 'decode in tiles', zh: '分块解码' },
        option: diffusers('enable_vae_tiling()'),
        quality: 0.05,
        time: 1,
        apply: (x) => ({ ...x, vaeTiling: true }),
      },
    ],
    [
      apart,
      {
        id: 'one-part',
        what: { en: 'one part of the model on the card at a time', zh: '显卡上一次只放模型的一个部分' },
        option: placed.part,
        quality: 0,
        time: 2,
        apply: (x) => ({ ...x, placement: 'one-part' }),
      },
    ],
    [
      s.coreBits === 32,
      {
        id: 'half',
        what: { en: 'fp16 (not on GTX 16)', zh: 'fp16（GTX 16 系不适用）' },
        option: null,
        quality: 0.2,
        time: 0,
        apply: (x) => ({ ...x, coreBits: 16, encoderBits: 16, vaeBits: 16, computeBits: 16 }),
      },
    ],
    [
      s.batch > 1,
      {
        id: 'batch',
        what: { en: 'one picture at a time', zh: '一次只生成一张' },
        option: null,
        quality: 0,
        time: 1,
        apply: (x) => ({ ...x, batch: 1 }),
      },
    ],
    [
      s.placement !== 'stream' && s.placement !== 'managed' && s.placement !== 'fills',
      {
        id: 'stream',
        what: { en: 'weights to the card layer by layer', zh: '逐层把权重放上显卡' },
        option: placed.stream,
        quality: 0,
        time: 8,
        apply: (x) => ({ ...x, placement: 'stream', leavesPool: false }),
      },
    ],
    [
      s.coreBits > 8.5,
      {
        id: 'fp8',
        what: { en: 'weights in 8 bits (fp8, Q8_0)', zh: '8 位权重（fp8、Q8_0）' },
        option: null,
        quality: 1,
        time: 1,
        apply: (x) => ({ ...x, coreBits: 8.5, encoderBits: Math.min(8.5, x.encoderBits) }),
      },
    ],
    [
      s.coreBits > 5 && model.kind === 'dit',
      {
        id: 'q4',
        what: { en: 'weights in 4 bits (Q4_K, nf4)', zh: '4 位权重（Q4_K、nf4）' },
        option: null,
        quality: 2.5,
        time: 1,
        apply: (x) => ({ ...x, coreBits: 4.6, encoderBits: Math.min(8.5, x.encoderBits) }),
      },
    ],
    ...smaller(s, model, null),
  ]);
}

/** How programs are told to hold less at a time. */
const PLACED: { readonly [program: string]: { readonly part: string | null; readonly stream: string | null } } = {
  a1111: { part: '--medvram', stream: '--lowvram' },
  diffusers: { part: 'enable_model_cpu_offload()', stream: 'enable_sequential_cpu_offload()' },
  nunchaku: { part: null, stream: 'set_offload(True)' },
};
