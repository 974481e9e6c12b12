/**
 * What one tensor of a LoRA file is for, read from the end of its name (lora-files.md §2.1). No regular expression:
 * this runs for every tensor of thousands of files.
 */
export const Role = {
  /** A plain `.weight`: belongs to an IA3 module when `.on_input` stands beside it, else to no adapter. */
  plain: 0,
  down: 1,
  up: 2,
  mid: 3,
  alpha: 4,
  hadaW1a: 5,
  hadaW1b: 6,
  hadaW2a: 7,
  hadaW2b: 8,
  hadaTucker: 9,
  lokrW1: 10,
  lokrW1a: 11,
  lokrW1b: 12,
  lokrW2: 13,
  lokrW2a: 14,
  lokrW2b: 15,
  lokrTucker: 16,
  gloraA1: 17,
  gloraA2: 18,
  gloraB: 19,
  onInput: 20,
  norm: 21,
  diff: 22,
  diffBias: 23,
  oft: 24,
  rescale: 25,
  doraScale: 26,
  magnitude: 27,
  bias: 28,
  tlora: 29,
  /** Replaces a tensor outright: `set_weight`, `reshape_weight`, or a bare norm scale beside LoRA pairs. */
  replace: 30,
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** Last part of the name → role. */
const BY_LAST = new Map<string, Role>([
  ['alpha', Role.alpha],
  ['hada_w1_a', Role.hadaW1a],
  ['hada_w1_b', Role.hadaW1b],
  ['hada_w2_a', Role.hadaW2a],
  ['hada_w2_b', Role.hadaW2b],
  ['hada_t1', Role.hadaTucker],
  ['hada_t2', Role.hadaTucker],
  ['lokr_w1', Role.lokrW1],
  ['lokr_w1_a', Role.lokrW1a],
  ['lokr_w1_b', Role.lokrW1b],
  ['lokr_w2', Role.lokrW2],
  ['lokr_w2_a', Role.lokrW2a],
  ['lokr_w2_b', Role.lokrW2b],
  ['lokr_t1', Role.lokrTucker],
  ['lokr_t2', Role.lokrTucker],
  ['on_input', Role.onInput],
  // PEFT's IA3 and BOFT.
  ['ia3_l', Role.onInput],
  ['boft_R', Role.oft],
  ['boft_s', Role.rescale],
  ['w_norm', Role.norm],
  ['b_norm', Role.norm],
  ['diff', Role.diff],
  ['diff_b', Role.diffBias],
  ['oft_blocks', Role.oft],
  ['oft_diag', Role.oft],
  ['oft_R', Role.oft],
  ['rescale', Role.rescale],
  ['scalar', Role.rescale],
  ['dora_scale', Role.doraScale],
  ['lora_magnitude_vector', Role.magnitude],
  ['lambda_layer', Role.tlora],
  ['lora_A', Role.down],
  ['lora_B', Role.up],
  ['set_weight', Role.replace],
  ['reshape_weight', Role.replace],
]);

/** Part before `.weight` → role. */
const BEFORE_WEIGHT = new Map<string, Role>([
  ['lora_down', Role.down],
  ['lora_up', Role.up],
  ['lora_mid', Role.mid],
  ['lora_A', Role.down],
  ['lora_B', Role.up],
  ['lora_magnitude_vector', Role.magnitude],
  ['a1', Role.gloraA1],
  ['a2', Role.gloraA2],
  ['b1', Role.gloraB],
  ['b2', Role.gloraB],
  ['bm', Role.gloraB],
  ['q_layer', Role.tlora],
  ['p_layer', Role.tlora],
  ['oft_R', Role.oft],
  ['oft_blocks', Role.oft],
]);

/** Roles that PEFT may follow with the adapter's name: `lora_A.default.weight`, `hada_w1_a.default`. */
const NAMED_ADAPTER = new Set<Role>([Role.down, Role.up, Role.magnitude]);

/** Role of the latest `splitKey` that found one. Kept beside the return value so that the hot path allocates nothing. */
export interface KeySplit {
  /** Length of the module name. */
  end: number;
  role: Role;
}

/** Splits `key` into module name and role; false when it is no adapter tensor (nor a plain `.weight`). */
export function splitKey(key: string, out: KeySplit): boolean {
  if (key.endsWith('.alpha')) return take(out, key.length - 6, Role.alpha);
  if (key.endsWith('.lora_down.weight')) return take(out, key.length - 17, Role.down);
  if (key.endsWith('.lora_up.weight')) return take(out, key.length - 15, Role.up);
  if (key.endsWith('.lora_A.weight')) return take(out, key.length - 14, Role.down);
  if (key.endsWith('.lora_B.weight')) return take(out, key.length - 14, Role.up);
  const dot = key.lastIndexOf('.');
  if (dot <= 0) return false;
  const last = key.slice(dot + 1);
  const direct = BY_LAST.get(last);
  if (direct !== undefined) return take(out, dot, direct);
  if (last === 'weight' || last === 'bias') return splitWeight(key, dot, last === 'bias', out);
  return splitOther(key, dot, last, out);
}

function take(out: KeySplit, end: number, role: Role): boolean {
  out.end = end;
  out.role = role;
  return end > 0;
}

/** `….X.weight` and `….X.bias`. */
function splitWeight(key: string, dot: number, bias: boolean, out: KeySplit): boolean {
  const before = key.lastIndexOf('.', dot - 1);
  const word = key.slice(before + 1, dot);
  const direct = BEFORE_WEIGHT.get(word);
  if (direct !== undefined && before > 0) {
    if (!bias) return take(out, before, direct);
    return direct === Role.up || direct === Role.down ? take(out, before, Role.bias) : false;
  }
  if ((word === 'down' || word === 'up') && before > 0) {
    const end = oldDiffusersEnd(key, before);
    if (end > 0) return take(out, end, word === 'down' ? Role.down : Role.up);
  }
  if (before > 0) {
    const named = adapterBefore(key, before);
    if (named) return take(out, named.end, bias ? Role.bias : named.role);
  }
  return bias ? false : take(out, dot, Role.plain);
}

/** `X.lora.down.weight`, `X.lora_linear_layer.down.weight`, `to_k_lora.down.weight`, `qkv_lora1.down.weight`: end of X. */
function oldDiffusersEnd(key: string, before: number): number {
  const start = key.lastIndexOf('.', before - 1);
  const word = key.slice(start + 1, before);
  if (word === 'lora' || word === 'lora_linear_layer') return start;
  let digits = before;
  while (digits > start + 1 && isDigit(key.charCodeAt(digits - 1))) digits--;
  return key.endsWith('_lora', digits) ? digits - 5 : -1;
}

/** `X.lora_A.NAME` before `end`. */
function adapterBefore(key: string, end: number): KeySplit | null {
  const start = key.lastIndexOf('.', end - 1);
  if (start <= 0) return null;
  const role = BY_LAST.get(key.slice(start + 1, end));
  return role !== undefined && NAMED_ADAPTER.has(role) ? { end: start, role } : null;
}

/** Names that end in an adapter's name, a split number, or a norm scale. */
function splitOther(key: string, dot: number, last: string, out: KeySplit): boolean {
  const start = key.lastIndexOf('.', dot - 1);
  const word = key.slice(start + 1, dot);
  if (start <= 0) return false;
  if (last === 'scale' && word.endsWith('_norm')) return take(out, start, Role.replace);
  const role = BY_LAST.get(word);
  if (role === undefined || role === Role.alpha) return false;
  if (role === Role.oft && isDigit(last.charCodeAt(0))) return take(out, start, role);
  if (NAMED_ADAPTER.has(role) || word.startsWith('hada_') || word.startsWith('lokr_') || role === Role.oft)
    return take(out, start, role);
  return false;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
