import { type LoraModule, pathStart } from './modules';
import { isDigit } from './roles';

/** At most this many different name forms are kept; real files have fewer than 150. */
const MAX_FORMS = 1500;

/**
 * Modules of one name form: block numbers are taken out (`#`) and dots made equal to underscores, so that 722 modules of an SDXL
 * LoRA are some 40 forms. A number that ends the name stays (`ff_net_2`, `to_out_0`).
 */
export interface Form {
  readonly text: string;
  readonly count: number;
  /** Distinct columns and rows of the base weights. */
  readonly widths: readonly number[];
  readonly heights: readonly number[];
  /** Least and greatest block number at each `#`. */
  readonly least: readonly number[];
  readonly greatest: readonly number[];
  /** True when a down matrix has four dimensions (a convolution). */
  readonly conv: boolean;
}

/** Two hashes of a form, both 32-bit: small integers make fast keys. */
interface Hashed {
  key: number;
  check: number;
}

interface Draft {
  readonly check: number;
  text: string;
  count: number;
  widths: number[];
  heights: number[];
  least: number[];
  greatest: number[];
  conv: boolean;
}

/** The names of a file's modules, ready for questions. */
export class Names {
  readonly forms: readonly Form[];

  constructor(modules: Iterable<LoraModule>) {
    const byHash = new Map<number, Draft>();
    const numbers: number[] = [];
    const hashed: Hashed = { key: 0, check: 0 };
    for (const module of modules) {
      const start = pathStart(module);
      hashForm(module.name, start, numbers, hashed);
      let form = byHash.get(hashed.key);
      // Two forms under one key: take the next free one.
      while (form && form.check !== hashed.check) form = byHash.get(++hashed.key);
      if (!form) {
        if (byHash.size >= MAX_FORMS) continue;
        form = {
          check: hashed.check,
          text: formText(module.name, start),
          count: 0,
          widths: [],
          heights: [],
          least: [],
          greatest: [],
          conv: false,
        };
        byHash.set(hashed.key, form);
      }
      note(form, module, numbers);
    }
    this.forms = [...byHash.values()];
  }

  get empty(): boolean {
    return this.forms.length === 0;
  }

  has(pattern: RegExp): boolean {
    return this.forms.some((form) => pattern.test(form.text));
  }

  /** Columns of all modules whose form matches. */
  widths(pattern: RegExp): Set<number> {
    const out = new Set<number>();
    for (const form of this.forms) if (pattern.test(form.text)) for (const width of form.widths) out.add(width);
    return out;
  }

  heights(pattern: RegExp): Set<number> {
    const out = new Set<number>();
    for (const form of this.forms) if (pattern.test(form.text)) for (const height of form.heights) out.add(height);
    return out;
  }

  /** Greatest number that follows `block_` (`double_blocks`), or -1. `transformer_blocks` does not match `single_transformer_blocks`. */
  greatest(block: string): number {
    let out = -1;
    const needle = `${block}_#`;
    for (const form of this.forms) {
      let at = form.text.indexOf(needle);
      while (at > 0 && !followsBlock(form.text, at)) at = form.text.indexOf(needle, at + 1);
      if (at < 0) continue;
      let index = 0;
      for (let i = 0; i < at; i++) if (form.text.charCodeAt(i) === HASH) index++;
      out = Math.max(out, form.greatest[index] ?? -1);
    }
    return out;
  }
}

const HASH = 35;
const UNDERSCORE = 95;
const DOT = 46;

/** True when the word at `at` is not the tail of a longer one: it stands after a block number. */
function followsBlock(text: string, at: number): boolean {
  return text.startsWith('#_', at - 2);
}

function note(form: Draft, module: LoraModule, numbers: readonly number[]): void {
  form.count++;
  if ((module.down?.length ?? 0) === 4) form.conv = true;
  const width = module.width();
  const height = module.height();
  if (width !== null && form.widths.length < 16 && !form.widths.includes(width)) form.widths.push(width);
  if (height !== null && form.heights.length < 16 && !form.heights.includes(height)) form.heights.push(height);
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] ?? 0;
    form.least[i] = Math.min(form.least[i] ?? value, value);
    form.greatest[i] = Math.max(form.greatest[i] ?? value, value);
  }
}

/** End of the run of digits at `i` when it is a whole part of the name with another part after it; else -1. */
function numberEnd(name: string, i: number, start: number): number {
  if (!isDigit(name.charCodeAt(i))) return -1;
  if (i > start && !isSeparator(name.charCodeAt(i - 1))) return -1;
  let end = i + 1;
  while (end < name.length && isDigit(name.charCodeAt(end))) end++;
  return end < name.length && isSeparator(name.charCodeAt(end)) ? end : -1;
}

function isSeparator(code: number): boolean {
  return code === UNDERSCORE || code === DOT;
}

/** FNV-1a over the form, and a second hash. Fills `numbers` with the block numbers. */
function hashForm(name: string, start: number, numbers: number[], out: Hashed): void {
  numbers.length = 0;
  let hash = 0x811c9dc5;
  let second = 7;
  for (let i = start; i < name.length; i++) {
    let code = name.charCodeAt(i);
    if (code === DOT) code = UNDERSCORE;
    else if (code <= 57 && code >= 48) {
      const end = numberEnd(name, i, start);
      if (end > 0) {
        let value = 0;
        for (let j = i; j < end; j++) value = Math.min(value * 10 + name.charCodeAt(j) - 48, 1e6);
        numbers.push(value);
        i = end - 1;
        code = HASH;
      }
    }
    hash = Math.imul(hash ^ code, 0x01000193);
    second = (Math.imul(second, 31) + code) | 0;
  }
  out.key = hash | 0;
  out.check = second;
}

/** A name from `start` on with dots as underscores and block numbers as `#`. */
export function formText(name: string, start: number): string {
  let out = '';
  for (let i = start; i < name.length; i++) {
    const end = numberEnd(name, i, start);
    if (end > 0) {
      out += '#';
      i = end - 1;
    } else out += name.charCodeAt(i) === DOT ? '_' : name.charAt(i);
  }
  return out.slice(0, 300);
}
