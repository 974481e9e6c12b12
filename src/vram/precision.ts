/**
 * Bits a weight takes in each form, with its scales: ggml's block layouts (a q8_0 block of 32 takes 34 bytes …), bitsandbytes
 * (4 bits and one fp32 for 64), quanto and SVDQuant (4 bits, scales, low-rank part). Longer words first.
 */
const FORMS: readonly (readonly [RegExp, number])[] = [
  [/svd-?quant|nunchaku/, 4.5],
  [/q8_?0|q8_?k?\b|\bq8\b/, 8.5],
  [/q6_?k?/, 6.5625],
  [/q5_?1/, 6],
  [/q5(?:_?0|_?k(?:_[sml])?)?/, 5.5],
  [/q4_?1/, 5],
  [/q4(?:_?0|_?k(?:_[sml])?)?/, 4.6],
  [/q3(?:_?k(?:_[sml])?)?/, 3.6],
  [/q2(?:_?k(?:_[sml])?)?/, 2.8],
  [/nf4|fp4|int4|4[- ]?bits?|uint4|w4a16|mxfp4|nvfp4/, 4.5],
  [/int2|2[- ]?bits?/, 2.25],
  [/int8|8[- ]?bits?|w8a8|sdnq|uint8/, 8.25],
  [/fp8|float8|qfloat8|e4m3(?:fn)?|e5m2/, 8],
  [/bf16|bfloat16/, 16],
  [/fp16|float16|f16|16[- ]?bits?|\bhalf\b(?! of)/, 16],
  [/fp32|float32|f32|32[- ]?bits?|full precision|no[- ]half(?!-vae)/, 32],
];
const FORM = new RegExp(FORMS.map(([pattern]) => `(?:${pattern.source})`).join('|'), 'g');

const TARGETS: readonly (readonly [Part, RegExp])[] = [
  ['lora', /lora|adapter|network/],
  ['vae', /\bvae\b|decoder/],
  ['encoder', /\bt5\w*|text[- ]?enc\w*|\btes?\b|clip|qwen|gemma|llama|umt5/],
  ['core', /transformers?|u-?net|\bbase\b|\bmodel\b|weights?|\bdit\b|storage|diffusion/],
];
const TARGET = new RegExp(TARGETS.map(([, pattern]) => `(?:${pattern.source})`).join('|'), 'g');

type Part = 'core' | 'encoder' | 'vae' | 'lora';

/** Bits by part, as a text tells them; `full` is full_bf16 or full_fp16: the trained values are half too. */
export interface Precision {
  readonly core?: number;
  readonly encoder?: number;
  readonly vae?: number;
  readonly lora?: number;
  readonly full: boolean;
  /** Mixed precision is off, all in fp32. */
  readonly single: boolean;
}

/** `nf4`, `q4_0` … → bits; null for a word that is no form of weights. */
export function bitsOf(word: string): number | null {
  const found = FORMS.find(([pattern]) => new RegExp(`^(?:${pattern.source})$`).test(word));
  return found?.[1] ?? null;
}

/**
 * Reads `int4 base, bf16 LoRA`, `fp8 transformer and T5`, `gguf Q6_K`, `fp32 (mixed precision off)`. A form stands before what
 * it is of, or after it within one clause; alone it is of the base model. Of two for one part the first counts.
 */
export function readPrecision(text: string): Precision {
  const lower = text.toLowerCase().slice(0, 300);
  const found = new Map<Part, number>();
  const give = (part: Part, bits: number): void => {
    if (!found.has(part)) found.set(part, bits);
  };
  for (const clause of lower.split(/[,;+()]|\s\/\s|\bwith\b/)) readClause(clause, give);
  const single = /mixed precision off|no mixed/.test(lower);
  return { ...Object.fromEntries(found), full: /\bfull[ _-]?(?:bf16|fp16)/.test(lower), single };
}

function readClause(clause: string, give: (part: Part, bits: number) => void): void {
  const marks = [
    ...[...clause.matchAll(FORM)].map((match) => ({ at: match.index, bits: bitsOf(match[0]), part: null })),
    ...[...clause.matchAll(TARGET)].map((match) => ({ at: match.index, bits: null, part: partOf(match[0]) })),
  ].sort((a, b) => a.at - b.at);
  let bits: number | null = null;
  let waiting: Part[] = [];
  let used = true;
  for (const mark of marks) {
    if (mark.bits !== null) {
      if (!used && bits !== null) give('core', bits);
      bits = mark.bits;
      used = waiting.length > 0;
      for (const part of waiting) give(part, bits);
      waiting = [];
    } else if (mark.part !== null) {
      if (bits === null) waiting.push(mark.part);
      else {
        give(mark.part, bits);
        used = true;
      }
    }
  }
  if (!used && bits !== null) give('core', bits);
}

const partOf = (word: string): Part | null => TARGETS.find(([, pattern]) => pattern.test(word))?.[0] ?? null;
