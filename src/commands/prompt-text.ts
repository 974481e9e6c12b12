import type { FactStore } from '../facts/snapshot';
import { show } from '../formats/show';
import { explainPrompt, type PromptLine } from '../prompt-report/explain';
import { scriptLines } from '../prompt-report/script';
import { blank, hanging, type Line, paintLine, span } from '../report/lines';
import type { Report } from '../report/schema';
import { renderText, verdictText } from '../report/text';
import { textTheme } from '../report/theme';
import type { CommandContext } from './context';

export type Printing = Pick<CommandContext, 'lang' | 'color' | 'ascii' | 'stdout' | 'identity'>;

const WORD = { en: 'prompt', 'zh-CN': '提示词' } as const;

/** For people: what each tag loads, line by line, then the findings. */
export function promptText(context: Printing, facts: FactStore, report: Report): string {
  const { lang, color, ascii } = context;
  const width = widthOf(context);
  const theme = textTheme({ color, ascii });
  const shorten = shortener(context);
  const lines: Line[] = [];
  for (const prompt of facts.subjects('prompt')) {
    const where = (facts.value<string>(prompt.id, 'prompt.path') ?? prompt.label).replace(/^text(?=$|[#@])/, WORD[lang]);
    const ui = facts.value<string>(prompt.id, 'prompt.ui') ?? '';
    const install = prompt.links?.install;
    const base = install === undefined ? '' : show(shorten(facts.subject(install)?.path ?? ''), 300);
    lines.push([span(show(shorten(where), 300), 'strong'), span(`  ${[ui, base].filter((w) => w !== '').join('  ')}`, 'dim')]);
    const rows = [...scriptLines(facts, prompt, lang), ...explainPrompt(facts, prompt, { lang, shorten })];
    if (rows.length === 0) rows.push({ sign: 'open', what: '', text: lang === 'en' ? 'asks for no LoRA' : '没有请求 LoRA' });
    lines.push(...rows.flatMap((row) => rowLines(row, width, theme.glyphs)), blank);
  }
  const head = lines.map((line) => paintLine(line, theme).trimEnd()).join('\n');
  return `${head}\n${closingText(context, report)}`;
}

export const widthOf = ({ stdout }: Printing): number => (stdout.isTTY ? (stdout.columns ?? 80) : 100);

export function shortener({ identity: { home } }: Printing): (path: string) => string {
  return (path) => (home.length > 1 && path.startsWith(home) ? `~${path.slice(home.length)}` : path);
}

/** The findings, or one sentence when there is none. */
export function closingText(context: Printing, report: Report): string {
  const { lang, color, ascii } = context;
  if (report.findings.length === 0) return `${verdictText(report, lang)}\n`;
  // Without an install nobody asked for its files: that they are not known needs no list.
  const asked = report.inconclusive.filter((i) => i.blockedBy.some((b) => b.reason !== 'not-collected'));
  const shown = report.installs.length > 0 ? report : { ...report, inconclusive: asked };
  return renderText(shown, { language: lang, width: widthOf(context), color, ascii });
}

/** One thing asked for, with a sign in front. */
export function rowLines(row: PromptLine, width: number, glyphs: { good: string; error: string; bullet: string }): Line[] {
  const sign = row.sign === 'good' ? glyphs.good : row.sign === 'bad' ? glyphs.error : glyphs.bullet;
  const role = row.sign === 'good' ? 'good' : row.sign === 'bad' ? 'error' : 'dim';
  const first = [span('  '), span(sign, role), span(' ')];
  if (row.what === '') return hanging(first, row.text, 'plain', width);
  return hanging([...first, span(row.what, 'accent'), span('  ')], row.text, 'plain', width);
}
