import type { Bilingual } from '../facts/define';
import type { Fits } from '../vram/answer';
import { GIB } from '../vram/bytes';
import type { PartName } from '../vram/parts';
import type { Prediction } from '../vram/predict';
import type { Task } from '../vram/settings';

export const PART_WORDS: { readonly [name in PartName]: Bilingual } = {
  weights: { en: 'weights', zh: '模型权重' },
  lora: { en: 'trained weights', zh: '被训练的权重' },
  gradients: { en: 'gradients', zh: '梯度' },
  optimizer: { en: 'optimizer', zh: '优化器状态' },
  activations: { en: 'activations', zh: '激活值' },
  'text-encoders': { en: 'text encoders', zh: '文本编码器' },
  vae: { en: 'VAE', zh: 'VAE' },
  decode: { en: 'VAE decode', zh: 'VAE 解码' },
  pool: { en: 'allocator', zh: '分配器保留' },
  context: { en: 'CUDA context', zh: 'CUDA 上下文' },
  desktop: { en: 'desktop', zh: '桌面' },
};

export const TASK_WORDS: { readonly [name in Task]: Bilingual } = {
  generate: { en: 'generating', zh: '出图' },
  lora: { en: 'LoRA training', zh: 'LoRA 训练' },
  finetune: { en: 'full training', zh: '全量训练' },
  'textual-inversion': { en: 'textual inversion', zh: '文本反演训练' },
  controlnet: { en: 'ControlNet training', zh: 'ControlNet 训练' },
};

export const FITS_WORDS: { readonly [name in Fits]: Bilingual } = {
  yes: { en: 'fits', zh: '放得下' },
  tight: { en: 'tight: may or may not fit', zh: '勉强：可能放不下' },
  no: { en: 'does not fit', zh: '放不下' },
  unknown: { en: 'no card named', zh: '未指定显卡' },
};

export const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;

/** What to do when it is tight or does not fit, in one line; null when there is nothing to do. */
export function remedyOf({ fits, changes, after }: Prediction, language: 'en' | 'zh'): string | null {
  if (fits === 'yes' || fits === 'unknown') return null;
  if (changes.length === 0 || !after) {
    return language === 'en'
      ? 'no change of settings is known that makes it fit: take a smaller model or a larger card'
      : '没有已知的设置改动能放得下：请换更小的模型或更大显存的显卡';
  }
  const list = changes.map(({ what, option }) => (option === null ? what[language] : `${what[language]} (${option})`));
  const joined = list.join(language === 'en' ? '; ' : '；');
  const then = `${gib(after.peak)}`;
  return language === 'en' ? `${joined}: then about ${then}` : `${joined}：之后约 ${then}`;
}
