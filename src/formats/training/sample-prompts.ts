import type { Place } from './types';
import type { SAMPLE_FAULTS } from './vocabulary';

/** Switches that take a number, as the trainer's own patterns read it (sd-scripts library/train_util.py, line_to_prompt_dict). */
const NUMBERS: Readonly<Record<string, RegExp>> = {
  w: /^\d+$/,
  h: /^\d+$/,
  d: /^\d+$/,
  s: /^\d+$/,
  l: /^[\d.]+$/,
  g: /^[\d.]+$/,
};
/** Switches that take a text; those behind `fs` are of musubi-tuner. */
const TEXTS = ['n', 'ss', 'cn', 'ctr', 'rcfg', 'fs', 'f', 'i', 'ci', 'cip', 'nt', 'of', 'sr', 'am', 'b', 'ei', 'ti'];
/** What other programs call them; here such a name stays part of nothing. */
const LONG = /^(?:width|height|steps?|seed|scale|negative(?:_prompt)?|cfg|cfg_scale|sampler|neg|ar|no|v|q)$/i;

export interface SampleFault extends Place {
  readonly kind: (typeof SAMPLE_FAULTS)[number];
  readonly text: string;
}

export interface SamplePrompts {
  readonly prompts: number;
  readonly faults: readonly SampleFault[];
}

/**
 * Reads a file for `--sample_prompts`: one prompt a line with switches such as `--w 512 --h 768 --d 1 --l 7 --s 28 --n …`, `#` begins
 * a comment. A switch whose value does not fit is passed over by the trainer without a word; sizes are rounded down to multiples of 8.
 */
export function readSamplePrompts(text: string): SamplePrompts {
  const faults: SampleFault[] = [];
  let prompts = 0;
  text
    .replace(/^\ufeff/, '')
    .split('\n')
    .forEach((raw, i) => {
      const line = raw.replace(/\r$/, '');
      const trimmed = line.trim();
      if (trimmed === '' || trimmed.startsWith('#')) return;
      prompts++;
      if (faults.length < 50) faults.push(...judge(line, i + 1));
    });
  if (prompts === 0) faults.push({ kind: 'empty', line: 1, column: 1, text: '' });
  return { prompts, faults };
}

function judge(line: string, number: number): SampleFault[] {
  const out: SampleFault[] = [];
  for (const match of line.matchAll(/ --([A-Za-z]\w{0,20})([ =]?)([^\s]{0,80})/g)) {
    const [, name = '', sign = '', value = ''] = match;
    const kind = faultOf(name.toLowerCase(), sign, value);
    if (kind) out.push({ kind, line: number, column: (match.index ?? 0) + 2, text: `--${name}${sign}${value}`.slice(0, 80) });
  }
  return out;
}

function faultOf(name: string, sign: string, value: string): SampleFault['kind'] | null {
  const pattern = NUMBERS[name];
  if (!pattern) return LONG.test(name) ? 'unknown-switch' : sign === '=' && TEXTS.includes(name) ? 'not-read' : null;
  if (/^\d+[x×*]\d+$/i.test(value) && sign === ' ') return 'joined-size';
  if (sign !== ' ' || !pattern.test(value.replace(/,$/, ''))) return 'not-read';
  return (name === 'w' || name === 'h') && Number(value) % 8 !== 0 ? 'odd-size' : null;
}

/** True for a text that is most likely a file of sample prompts: every second line at least ends in its switches. */
export function looksLikeSamplePrompts(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  const switched = lines.filter((line) => / --(?:w|h|d|l|s|n) ?\S/.test(line) && !/\.py\b/.test(line));
  return lines.length > 0 && lines.length <= 500 && switched.length * 2 >= lines.length;
}
