import { FAMILIES, UIS } from '../facts/families';
import { t } from '../i18n/messages';
import { readAsset } from '../platform/assets';
import { type PresetQuery, presetsFor } from '../presets/find';
import { FORMATS, type Format, printPresets } from '../presets/print';
import { type Preset, presetBook, TASKS } from '../presets/schema';
import { clean } from '../report/lines';
import type { Problem } from '../report/problem';
import { cardMemory, cardOf } from '../vram/cards';
import { type CommandContext, fail } from './context';

/** The size that this tool's settings were collected for; `--vram` and the card's name may say otherwise. */
const DEFAULT_GIB = 6;

/** `preset [TASK]`: published settings for a card, with their sources. Nothing published is an answer, not an error. */
export async function runPreset(context: CommandContext, book: readonly Preset[] = shippedPresets()): Promise<number> {
  const query = readQuery(context);
  if ('code' in query) return fail(context, query, 2);
  const asked = context.args.options.get('format');
  const format = context.json ? 'json' : asked === undefined ? 'text' : FORMATS.find((known) => known === asked);
  if (format === undefined) return fail(context, unknownWord(context, '--format', String(asked), FORMATS), 2);
  const { gpu } = namedCard(context);
  if (gpu !== null && query.generation === null) {
    context.stderr.write(`${t(context.lang, 'preset.unknownGpu', { name: clean(gpu, 80) })}\n`);
  }
  context.stdout.write(printPresets(presetsFor(book, query), query, format satisfies Format, context.lang));
  return 0;
}

/** The book that ships with the program, checked again: a half-copied installation must not give half a preset. */
export const shippedPresets = (): readonly Preset[] => presetBook.parse(JSON.parse(readAsset('presets.json')));

function namedCard({ args }: CommandContext): { readonly gpu: string | null } {
  const gpu = args.options.get('gpu');
  return { gpu: typeof gpu === 'string' ? gpu : null };
}

function readQuery(context: CommandContext): PresetQuery | Problem {
  const { args, lang } = context;
  const option = (name: string): string | null => {
    const value = args.options.get(name);
    return typeof value === 'string' ? value : null;
  };
  const { gpu } = namedCard(context);
  const vramText = option('vram');
  const match = vramText === null ? null : /^(\d{1,3}(?:\.\d+)?)\s?(?:g|gb|gib)?$/i.exec(vramText.trim());
  if (vramText !== null && (!match || Number(match[1]) <= 0)) {
    return { code: 'bad-value', message: t(lang, 'preset.badVram'), remedy: 'lora-doctor preset --vram 6' };
  }
  const taskWord = option('for') ?? args.words[0] ?? null;
  const task = taskWord === null ? null : (TASKS.find((known) => known === taskWord) ?? null);
  if (taskWord !== null && task === null) return unknownWord(context, '--for', taskWord, TASKS);
  const family = option('family');
  if (family !== null && !FAMILIES.some((known) => known === family)) return unknownWord(context, '--family', family, FAMILIES);
  const ui = option('ui');
  if (ui !== null && ui !== 'auto' && !UIS.some((known) => known === ui)) return unknownWord(context, '--ui', ui, UIS);
  return {
    vramGib: match ? Number(match[1]) : ((gpu === null ? null : cardMemory(gpu)) ?? DEFAULT_GIB),
    generation: gpu === null ? null : cardOf(gpu),
    family,
    task,
    ui: ui === 'auto' ? null : ui,
  };
}

function unknownWord({ lang }: CommandContext, option: string, word: string, known: readonly string[]): Problem {
  const near = known.find((candidate) => candidate.startsWith(word.toLowerCase()) || word.toLowerCase().startsWith(candidate));
  return {
    code: 'bad-value',
    message: t(lang, 'preset.unknownWord', { option, word: clean(word, 60), words: known.join(', ') }),
    remedy: near === undefined ? 'lora-doctor preset --help' : t(lang, 'preset.didYouMean', { word: near }),
  };
}
