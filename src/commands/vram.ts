import { parseJson } from '../formats/json';
import type { Language } from '../i18n/language';
import { printJson } from '../report/json';
import { clean } from '../report/lines';
import type { Problem } from '../report/problem';
import { problemDocument } from '../report/problem';
import { SWITCH_OPTIONS, VALUE_OPTIONS } from '../vram/options';
import { type Prediction, predictRow } from '../vram/predict';
import { type CommandContext, fail } from './context';
import { ownCard } from './own-card';
import { readAll } from './read-all';
import { vramDocument } from './vram-document';
import { vramOption } from './vram-option';
import { vramText } from './vram-text';

/** Fields in which a number stands: a word there is a slip of the hand, said at once. */
const NUMBERS = ['frames', 'batch', 'rank', 'blocks-to-swap'];

const EXAMPLE = 'lora-doctor vram --family sdxl --for train --rank 8 --vram 6';

/**
 * `vram`: how much memory a set-up takes, from options; `vram -`: from rows on standard input, one JSON object a line or one
 * array. Exit 1 when a set-up does not fit the card it names, 3 when no line could be read.
 */
export async function runVram(context: CommandContext): Promise<number> {
  if (context.args.words.includes('-')) return rows(context);
  const problem = usage(context);
  if (problem) return fail(context, problem, 2);
  const memory = vramOption(context, EXAMPLE);
  if (typeof memory === 'object' && memory !== null) return fail(context, memory, 2);
  const row: { [field: string]: unknown } = { ...rowOf(context), ...(memory === null ? {} : { gpu_vram_gb: memory }), id: null };
  const own = row.gpu === undefined && row.gpu_vram_gb === undefined ? await ownCard(context) : null;
  const prediction = predictRow(own ? { ...row, ...own } : row);
  print(context, null, prediction, own !== null);
  return prediction.fits === 'no' ? 1 : 0;
}

function usage({ args, lang }: CommandContext): Problem | null {
  const [word] = args.words;
  const remedy = EXAMPLE;
  if (word !== undefined) {
    const message = lang === 'en' ? `vram does not take "${clean(word, 60)}"` : `vram 不接受“${clean(word, 60)}”`;
    return { code: 'usage', message, remedy };
  }
  if (!args.options.has('family')) {
    const message =
      lang === 'en' ? 'vram needs --family, or - for rows on standard input' : 'vram 需要 --family，或用 - 从标准输入读取';
    return { code: 'usage', message, remedy };
  }
  const bad = NUMBERS.find((name) => args.options.has(name) && !(Number(args.options.get(name)) > 0));
  if (bad === undefined) return null;
  const message = lang === 'en' ? `--${bad} takes a number above 0` : `--${bad} 需要大于 0 的数字`;
  return { code: 'bad-value', message, remedy };
}

function rowOf({ args }: CommandContext): { [field: string]: unknown } {
  const row: { [field: string]: unknown } = {};
  for (const [option, field] of Object.entries(VALUE_OPTIONS))
    if (args.options.has(option)) row[field] = args.options.get(option);
  for (const [option, field] of Object.entries(SWITCH_OPTIONS)) if (args.options.has(option)) row[field] = true;
  const trains = args.options.get('for') === 'train' || (!args.options.has('for') && args.options.has('rank'));
  const task = args.options.get('task');
  return { ...row, kind: trains ? 'train' : 'inference', task: typeof task === 'string' ? task : trains ? 'lora' : 'txt2img' };
}

async function rows(context: CommandContext): Promise<number> {
  const text = new TextDecoder().decode(await readAll(context.stdin()));
  const whole = text.trimStart().startsWith('[') ? parseJson(text) : undefined;
  const items = Array.isArray(whole)
    ? whole
    : text
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .map(parseLine);
  let read = 0;
  let tooLarge = 0;
  for (const [at, item] of items.entries()) {
    if (context.signal.aborted) return 130;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      const problem = noRow(at + 1, context.lang);
      if (context.json) context.stdout.write(problemDocument(problem));
      else context.stderr.write(`lora-doctor: ${problem.message}\n`);
      continue;
    }
    const prediction = predictRow(item);
    if (!context.json && read > 0) context.stdout.write('\n');
    print(context, item, prediction, false);
    read++;
    if (prediction.fits === 'no') tooLarge++;
  }
  if (read === 0) return items.length === 0 ? fail(context, noRow(1, context.lang), 3) : 3;
  return tooLarge > 0 ? 1 : 0;
}

/** A line as JSON; what is none is no object either. */
const parseLine = (line: string): unknown => (line.length > 1 << 20 ? undefined : parseJson(line));

function noRow(line: number, lang: Language): Problem {
  return {
    code: 'bad-row',
    message: lang === 'en' ? `row ${line} is not a JSON object` : `第 ${line} 行不是 JSON 对象`,
    remedy:
      lang === 'en'
        ? 'one object a line, such as {"model_family":"SDXL","kind":"train","rank":8}'
        : '每行一个对象，例如 {"model_family":"SDXL","kind":"train","rank":8}',
  };
}

function print(context: CommandContext, row: object | null, prediction: Prediction, ownCard: boolean): void {
  if (context.json) context.stdout.write(`${printJson(vramDocument(row, prediction, ownCard, context.lang))}\n`);
  else context.stdout.write(vramText(prediction, ownCard, context));
}
