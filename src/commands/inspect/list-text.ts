import type { Bilingual } from '../../facts/define';
import { show } from '../../formats/show';
import type { AgainstCheckpoint, ShapeTrouble } from '../../inspect/against';
import type { Comparison } from '../../inspect/compare';
import { figure } from '../../inspect/pictures';
import { matches, rowOf, type SortKey, sortRows, type TableRow, tableLines } from '../../inspect/table';
import { pad, textWidth, wrap } from '../../report/width';
import type { LaidOn } from './against';
import type { InspectResult } from './files';
import type { TextStyle } from './text';

export interface ListOptions {
  readonly sort: SortKey;
  readonly filter: string;
  /** Names are shown below it. */
  readonly root: string;
}

/** Files as a table, then what of them is double, then names that clash. */
export function listText(result: InspectResult, { sort, filter, root }: ListOptions, style: TextStyle): string[] {
  const { lang, columns, ascii, theme } = style;
  const all = result.files.map(({ entry }) => rowOf(entry, root));
  const rows = sortRows(filter === '' ? all : all.filter((row) => matches(row, filter)), sort);
  const [head = '', ...body] = tableLines(rows, lang, columns, ascii);
  const lines = rows.length === 0 ? [] : [theme.paint('dim', head), ...body];
  lines.push('', countLine(all, rows, lang));
  if (!result.files.some(({ entry }) => entry.weights !== null)) lines.push(...wrap(HEADERS_ONLY[lang], columns));
  const short = (path: string): string =>
    show(path.startsWith(root) ? path.slice(root.length).replace(/^[\\/]/, '') || path : path, 300);
  for (const { same, confirmed, paths } of result.duplicates) {
    const what =
      same === 'file'
        ? lang === 'zh'
          ? '完全相同的文件'
          : 'the same file'
        : lang === 'zh'
          ? '张量相同（名称或元数据不同）'
          : 'the same tensors (names or metadata differ)';
    const doubt = confirmed ? '' : lang === 'zh' ? '（仅抽样比较）' : ' (only samples were compared)';
    lines.push('', `${what}${doubt}`, ...paths.map((path) => `  ${short(path)}`));
  }
  for (const clash of result.clashes) {
    const text = `${show(clash.name, 100)} (${clash.uis.join(', ')})${lang === 'zh' ? '：' : ': '}${clash.what[lang]}`;
    lines.push('', ...wrap(text, columns));
    lines.push(...clash.paths.map((path) => `  ${short(path)}`));
  }
  return lines;
}

/** “ok” must not be taken for more than it is. */
const HEADERS_ONLY: Bilingual = {
  en: 'Judged by their headers: values (NaN, zeros, norms) were not looked at; --weights looks.',
  zh: '以上仅根据文件头判断，未检查数值（NaN、全零、范数）；加 --weights 可检查。',
};

function countLine(all: readonly TableRow[], rows: readonly TableRow[], lang: 'en' | 'zh'): string {
  const bad = rows.filter(({ verdict }) => verdict !== 'sound' && verdict !== 'unknown').length;
  const of = rows.length === all.length ? '' : lang === 'zh' ? `（共 ${all.length} 个）` : ` of ${all.length}`;
  return lang === 'zh' ? `${rows.length} 个文件${of}，其中 ${bad} 个有问题` : `${rows.length}${of} files, ${bad} with problems`;
}

const cell = (value: string | number | null): string =>
  value === null ? '-' : typeof value === 'number' ? number(value) : show(value, 60);
const number = (value: number): string => (Number.isInteger(value) ? String(value) : figure(value));

/** What two files differ in, and which to try first. */
export function comparisonText(comparison: Comparison, [nameA, nameB]: readonly [string, string], style: TextStyle): string[] {
  const { lang, columns, theme } = style;
  const zh = lang === 'zh';
  const head = comparison.sameRun
    ? zh
      ? '同一次训练的两个轮次'
      : 'two epochs of one training run'
    : zh
      ? '两个文件的差异'
      : 'what the two differ in';
  const lines = [theme.paint('strong', head), `  A  ${show(nameA, 300)}`, `  B  ${show(nameB, 300)}`, ''];
  const width = Math.max(8, ...comparison.differences.map(({ label }) => textWidth(label[lang])));
  const half = Math.max(10, Math.floor((columns - width - 8) / 2));
  if (comparison.differences.length > 0) lines.push(`  ${pad('', width)}  ${pad('A', half)}  B`);
  for (const { label, a, b } of comparison.differences)
    lines.push(`  ${pad(label[lang], width)}  ${pad(cell(a), half)}  ${cell(b)}`.trimEnd());
  if (comparison.differences.length === 0) lines.push(zh ? '  设置与度量均相同' : '  settings and measures are the same');
  const { both, onlyA, onlyB } = comparison.modules;
  if (onlyA + onlyB > 0)
    lines.push(
      zh
        ? `  共有模块 ${both} 个，仅 A 有 ${onlyA} 个，仅 B 有 ${onlyB} 个`
        : `  modules in both: ${both}, only in A: ${onlyA}, only in B: ${onlyB}`,
    );
  lines.push('');
  if (!comparison.first)
    lines.push(
      zh ? '无法判断先试哪个：请用同一种子各出一图比较' : 'nothing speaks for either: make one picture with each, same seed',
    );
  else {
    const which = comparison.first.which.toUpperCase();
    lines.push(
      theme.paint('strong', zh ? `先试 ${which}（估计，仅凭数值）` : `try ${which} first (an estimate, from numbers alone)`),
    );
    for (const why of comparison.first.why) lines.push(...wrap(`- ${why[lang]}`, columns - 2).map((line) => `  ${line}`));
  }
  return lines;
}

const AGAINST: { readonly [loads in AgainstCheckpoint['loads']]: Bilingual } = {
  all: { en: 'every module fits this checkpoint', zh: '所有模块都与该底模匹配' },
  part: { en: 'loads in part', zh: '只能部分加载' },
  none: { en: 'will not load: no module fits this checkpoint', zh: '无法加载：没有模块与该底模匹配' },
};

/** How a LoRA lies on a checkpoint, shape by shape. */
export function againstText(found: LaidOn, checkpoint: string, { lang, columns, theme }: TextStyle): string[] {
  const zh = lang === 'zh';
  const role = found.loads === 'all' ? 'good' : found.loads === 'part' ? 'warning' : 'error';
  const lines = [
    `${zh ? '对照' : 'against'} ${show(checkpoint, 300)}`,
    `  ${theme.paint(role, AGAINST[found.loads][lang])} (${found.fitting}/${found.modules})`,
  ];
  const { lora, checkpoint: base } = found.families;
  if (!lora.some((family) => base.includes(family))) {
    const [own, other] = [lora.join('/'), base.join('/')];
    const text = zh
      ? `LoRA 属于 ${own}，底模属于 ${other}：形状相符只是巧合`
      : `the LoRA is ${own}, the checkpoint ${other}: what fits does so by chance`;
    lines.push(...wrap(text, columns - 2).map((line) => `  ${theme.paint('warning', line)}`));
  }
  const size = ([rows, cols]: readonly [number | null, number | null]): string => `${rows ?? '?'}×${cols ?? '?'}`;
  const list = (troubles: readonly ShapeTrouble[], count: number, title: string): void => {
    if (count === 0) return;
    lines.push(`  ${title}: ${count}`);
    for (const { module, lora, base } of troubles.slice(0, 5)) {
      const shapes = base ? `${size(lora)} ${zh ? '对' : 'on'} ${size(base)}` : size(lora);
      lines.push(...wrap(`${show(module, 120)}  ${shapes}`, columns - 4).map((line) => `    ${line}`));
    }
    if (count > 5) lines.push(zh ? `    另有 ${count - 5} 个` : `    and ${count - 5} more`);
  };
  list(found.mismatched, found.mismatchedCount, zh ? '形状不符' : 'other shape');
  list(found.missing, found.missingCount, zh ? '底模中没有' : 'not in the checkpoint');
  if (found.dora) {
    const { median, computed, modules } = found.dora;
    const share = median === null ? '-' : `${figure(median * 100)} %`;
    lines.push(
      zh
        ? `  DoRA（含底模权重）：权重改变的中位数 ${share}（${computed.length}/${modules} 个模块）`
        : `  DoRA with these base weights: moves them by ${share} (median of ${computed.length}/${modules} modules)`,
    );
  }
  if (found.withoutEncoder > 0)
    lines.push(
      zh
        ? `  底模不含文本编码器：${found.withoutEncoder} 个模块由另外加载的编码器决定`
        : `  the checkpoint holds no text encoder: ${found.withoutEncoder} modules depend on the one loaded beside it`,
    );
  return lines;
}
