import type { Bilingual } from '../facts/define';

/** Reasons of what is assumed. */
export const FAMILY: Bilingual = {
  en: 'no known model is named; this one is the most common there',
  zh: '未写明已知模型；取最常见的',
};
export const RESOLUTION: Bilingual = {
  en: 'not told (or not usable); the size the model was made for',
  zh: '未写明（或无法使用）；取模型的原生尺寸',
};
export const FRAMES: Bilingual = { en: 'not told; a usual clip of this model', zh: '未写明；取该模型的常用片长' };
export const FRAMES_TRAIN: Bilingual = { en: 'not told; trained on still pictures', zh: '未写明；按静态图片训练计' };
export const BATCH: Bilingual = {
  en: 'not told (or not usable); what the program takes by itself',
  zh: '未写明（或无法使用）；取程序默认值',
};
export const RANK: Bilingual = {
  en: 'not told (or not usable); what the program takes by itself',
  zh: '未写明（或无法使用）；取程序默认值',
};
export const PRECISION: Bilingual = {
  en: 'not told; what the program uses on such a card',
  zh: '未写明；取程序在此类显卡上的做法',
};
export const GGUF: Bilingual = {
  en: 'GGUF without a form; the one that suits the card',
  zh: '写了 GGUF 但未写量化格式；取适合该显卡的',
};
export const CHECKPOINTING: Bilingual = {
  en: 'not told; as the program or its published recipes have it',
  zh: '未写明；取程序默认或其公开配方',
};
export const CACHE_LATENTS: Bilingual = {
  en: 'not told; as the program or its published recipes have it',
  zh: '未写明；取程序默认或其公开配方',
};
export const CACHE_ENCODERS: Bilingual = {
  en: 'not told; set-ups that save memory elsewhere (fp8, block swap, rank up to 8, 8-bit optimizer) cache them, others do not',
  zh: '未写明；其他方面节省显存的设置（fp8、块交换、秩不超过 8、8 位优化器）通常会缓存，其余不会',
};
export const ENCODERS_TRAINED: Bilingual = { en: 'not told; what the program does by itself', zh: '未写明；取程序默认值' };
export const OPTIMIZER: Bilingual = {
  en: 'not told (or not known); what the program takes by itself',
  zh: '未写明（或不认识）；取程序默认值',
};
export const REFUSED: Bilingual = { en: 'what stands there is not usable, so it is left out', zh: '该值无法使用，已忽略' };
