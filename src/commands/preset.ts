import { FAMILIES, UIS } from '../facts/families';
import { readAsset } from '../platform/assets';
import { presetsFor } from '../presets/find';
import { planDocument, printPlan } from '../presets/plan';
import { FORMATS, type Format, printPresets } from '../presets/print';
import type { PresetQuery } from '../presets/query';
import { recipeJson, recipeText } from '../presets/recipe';
import { type Book, presetBook, TASKS } from '../presets/schema';
import type { Page } from '../presets/sheet';
import { say } from '../presets/words';
import { printJson } from '../report/json';
import { clean } from '../report/lines';
import type { Problem } from '../report/problem';
import { textTheme } from '../report/theme';
import { cardMemory, cardOf } from '../vram/cards';
import { type CommandContext, fail } from './context';
import { ownCard } from './own-card';
import { vramOption } from './vram-option';

/** The size that this tool's settings were collected for; `--vram` and the card's name may say otherwise. */
const DEFAULT_GIB = 6;

/**
 * `preset [TASK]`: published settings for a card, with their sources; `--plan`: all that a card can do; `--recipe`: a much copied
 * recipe, corrected. Nothing published is an answer (0), not an error.
 */
export async function runPreset(context: CommandContext, book: Book = shippedPresets()): Promise<number> {
  const { args, lang, stdout, stderr, color, ascii } = context;
  const told = readQuery(context);
  if ('code' in told) return fail(context, told, 2);
  const asked = args.options.get('format');
  const format = context.json ? 'json' : asked === undefined ? 'text' : FORMATS.find((known) => known === asked);
  if (format === undefined) return fail(context, unknownWord(context, '--format', String(asked), FORMATS), 2);
  const problem = clash(context, format);
  if (problem) return fail(context, problem, 2);
  const query = await forThisMachine(context, told);
  if (query.gpu !== null && cardOf(query.gpu) === null) {
    const name = clean(query.gpu, 80);
    stderr.write(
      say(lang, `The card "${name}" is not one that the published settings tell apart.\n`, `公开的参数没有区分显卡“${name}”。\n`),
    );
  }
  const width = stdout.isTTY ? Math.max(40, stdout.columns ?? 80) : 100;
  const page: Page = { theme: textTheme({ color, ascii }), width, lang };
  stdout.write(write(book, query, format, page, args.options));
  return 0;
}

function write(book: Book, query: PresetQuery, format: Format, page: Page, options: CommandContext['args']['options']): string {
  if (options.has('recipe')) return format === 'json' ? recipeJson(book, page.lang) : recipeText(book, page);
  if (options.has('plan')) return format === 'json' ? `${printJson(planDocument(book, query))}\n` : printPlan(book, query, page);
  return printPresets(book, presetsFor(book, query), query, format, page);
}

/** The book that ships with the program, checked again: a half-copied installation must not give half a preset. */
export const shippedPresets = (): Book => presetBook.parse(JSON.parse(readAsset('presets.json')));

/** The card of this machine when none is told; said on stderr, as it is not the reader's own word. */
async function forThisMachine(context: CommandContext, query: PresetQuery): Promise<PresetQuery> {
  const { args, lang, stderr } = context;
  if (args.options.has('gpu') || args.options.has('vram') || args.options.has('recipe')) return query;
  const own = await ownCard(context);
  if (own === null) {
    const text = `no card is named and none of known size was found here: settings for ${DEFAULT_GIB} GB`;
    stderr.write(`${say(lang, text, `未指定显卡，本机也没有找到大小已知的显卡：按 ${DEFAULT_GIB} GB 给出`)}\n`);
    return query;
  }
  const name = clean(own.gpu, 60);
  const size = own.gpu_vram_gb.toFixed(1);
  stderr.write(`${say(lang, `for the card of this machine: ${name}, ${size} GiB`, `针对本机显卡：${name}，${size} GiB`)}\n`);
  return { ...query, gpu: own.gpu, vramGib: Math.round(own.gpu_vram_gb) };
}

/** `--plan` and `--recipe` are pages of their own. */
function clash({ args, lang }: CommandContext, format: Format): Problem | null {
  const page = ['plan', 'recipe'].find((name) => args.options.has(name));
  if (page === undefined || format === 'text' || format === 'json') return null;
  return {
    code: 'usage',
    message: say(lang, `--${page} is text or json, not ${format}`, `--${page} 只能是 text 或 json，不能是 ${format}`),
    remedy: `lora-doctor preset --format ${format}`,
  };
}

function readQuery(context: CommandContext): PresetQuery | Problem {
  const { args } = context;
  const option = (name: string): string | null => {
    const value = args.options.get(name);
    return typeof value === 'string' ? value : null;
  };
  const gpu = option('gpu');
  const vram = vramOption(context, 'lora-doctor preset --vram 6');
  if (typeof vram === 'object' && vram !== null) return vram;
  const taskWord = option('for') ?? args.words[0] ?? null;
  const task = taskWord === null ? null : (TASKS.find((known) => known === taskWord) ?? null);
  if (taskWord !== null && task === null) return unknownWord(context, '--for', taskWord, TASKS);
  const family = option('family');
  if (family !== null && !FAMILIES.some((known) => known === family)) return unknownWord(context, '--family', family, FAMILIES);
  const ui = option('ui');
  if (ui !== null && ui !== 'auto' && !UIS.some((known) => known === ui)) return unknownWord(context, '--ui', ui, UIS);
  return {
    vramGib: (vram === null ? null : marketed(vram)) ?? (gpu === null ? null : cardMemory(gpu)) ?? DEFAULT_GIB,
    gpu,
    family,
    task,
    ui: ui === 'auto' ? null : ui,
  };
}

/** `6141MiB` is what a driver leaves of 6 GB; settings are published for the size on the box. */
const marketed = (gib: number): number => (Math.abs(gib - Math.round(gib)) < 0.1 ? Math.max(1, Math.round(gib)) : gib);

function unknownWord({ lang }: CommandContext, option: string, word: string, known: readonly string[]): Problem {
  const near = known.find((candidate) => candidate.startsWith(word.toLowerCase()) || word.toLowerCase().startsWith(candidate));
  const list = known.join(', ');
  return {
    code: 'bad-value',
    message: say(
      lang,
      `${option} does not know "${clean(word, 60)}". It takes: ${list}.`,
      `${option} 不认识“${clean(word, 60)}”。可以使用：${list}。`,
    ),
    remedy: near === undefined ? 'lora-doctor preset --help' : say(lang, `Did you mean ${near}?`, `是不是想输入 ${near}？`),
  };
}
