import { show } from '../../formats/show';
import { SORT_KEYS, type SortKey } from '../../inspect/table';
import { plainPunctuation } from '../../report/text';
import { textTheme } from '../../report/theme';
import type { CommandContext } from '../context';
import type { Laid } from './against';
import { type Answer, comparisonOf } from './json';
import { againstText, comparisonText, listText } from './list-text';
import { fileText, type TextStyle } from './text';

/** The answer for people, line by line. */
export function answerText(answer: Answer, laid: Laid, paths: readonly string[], context: CommandContext): string {
  const { lang, ascii, stdout, color, args } = context;
  const language = lang === 'zh-CN' ? 'zh' : 'en';
  const columns = stdout.isTTY ? Math.max(40, stdout.columns ?? 80) : 100;
  const style: TextStyle = { lang: language, columns, ascii, theme: textTheme({ color, ascii }) };
  const blocks: string[][] = [];
  const table = answer.list && answer.files.length > 1 && !answer.files.every(({ examined }) => examined);
  if (table) {
    const sort = SORT_KEYS.find((key) => key === args.options.get('sort')) ?? ('name' satisfies SortKey);
    const filter = args.options.get('filter');
    const root = paths.length === 1 ? (paths[0] ?? '') : '';
    blocks.push(listText(answer, { sort, filter: typeof filter === 'string' ? filter : '', root }, style));
  } else blocks.push(...answer.files.map((file) => fileText(file, style)));
  for (const [file, found] of laid) {
    const head = laid.size > 1 ? [show(file, 1000)] : [];
    blocks.push([...head, ...againstText(found, answer.checkpoint ?? '', style)]);
  }
  const comparison = comparisonOf(answer);
  if (comparison) {
    const [a = '', b = ''] = answer.files.map(({ brief }) => brief.path);
    blocks.push(comparisonText(comparison, [a, b], style));
  }
  if (answer.notes.length > 0) blocks.push(answer.notes.map((note) => `${show(note.path, 1000)}: ${note.code}`));
  if (answer.files.length === 0) blocks.push([language === 'zh' ? '没有找到模型文件。' : 'No model files found.']);
  const text = blocks.map((block) => block.map((line) => line.trimEnd()).join('\n')).join('\n\n');
  return `${ascii ? plainPunctuation(text).replaceAll('·', '-') : text}\n`;
}
