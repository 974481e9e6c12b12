/** Kinds of faults in how a LoRA is asked for. `silent` ones leave no trace but a missing effect. */
export const PROBLEM_KINDS = [
  'decimal-comma', // `0,8`: ValueError, no LoRA at all (A1111 family)
  'empty-weight', // `<lora:a:>`
  'bad-weight', // any other text where a number must stand
  'not-finite', // nan, inf: accepted, gives a black picture
  'full-width-colon', // `：` instead of `:`
  'wrong-brackets', // (lora:a:1), [lora:a:1], 《lora:a:1》, lora:a:1
  'html-escaped', // &lt;lora:a:1&gt;
  'space-in-tag', // < lora:a:1>, <lora: a:1>, <lora:a :1>
  'missing-close', // <lora:a:1 without >
  'missing-weight', // Fooocus: <lora:a> stays text
  'missing-name', // <lora::1>, <lora:>
  'missing-keyword', // <a:0.8> where a is a LoRA
  'equals-in-name', // <lora:a=b:1>: the name becomes 1
  'unknown-keyword', // LORA, Lora, loras; lyco where it is not known
  'extension-in-name', // <lora:a.safetensors:1>
  'path-in-name', // <lora:sub/a:1>
  'in-negative-prompt', // never parsed there
  'hires-without-tags', // a hires prompt of its own without tags: no LoRA in the hires pass
  'tag-in-comfyui-text', // no stock node reads tags
  'repeated', // the same LoRA twice
] as const;
export type ProblemKind = (typeof PROBLEM_KINDS)[number];

export interface TagProblem {
  readonly kind: ProblemKind;
  /** The piece of the prompt, raw, at most 200 characters. */
  readonly text: string;
  /** Offset in UTF-16 units in the prompt (negative or hires prompt for their kinds). */
  readonly at: number;
}

/** One LoRA tag that the program takes as such. */
export interface LoraTag {
  /** As typed, e.g. `<lora:a:0.8>`. */
  readonly text: string;
  readonly keyword: string;
  readonly name: string;
  /** U-Net strength; null when it is no number. */
  readonly unet: number | null;
  /** Text-encoder strength. */
  readonly te: number | null;
  readonly at: number;
}

export interface PromptReading {
  /** Tags the program acts on. */
  readonly tags: readonly LoraTag[];
  readonly problems: readonly TagProblem[];
  /** One bad tag switches off all LoRAs of the generation (A1111 family). */
  readonly allOff: boolean;
  /** The positive prompt without the tags. */
  readonly plain: string;
}

/** What a program makes of one tag: null when it stays text. `off`: it switches all LoRAs off. */
export interface TagReading {
  readonly tag: LoraTag | null;
  readonly kinds: readonly ProblemKind[];
  readonly off: boolean;
}

export function excerpt(text: string): string {
  return text.length > 200 ? text.slice(0, 200) : text;
}
