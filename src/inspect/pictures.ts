import { pad, textWidth } from '../report/width';
import type { ModuleWeights, WeightsLook } from '../weights/look';
import { blockOf, GROUPS, LAYER_WORDS, type LayerKind, layerKind } from './blocks';
import { bar, histogram, squeeze, strip } from './charts';

export interface PictureStyle {
  readonly lang: 'en' | 'zh';
  readonly ascii: boolean;
  readonly columns: number;
}

/** What the values look like: strength by block, strength by kind of layer, effective ranks. Lines without indent; empty when nothing could be computed. */
export function pictures(weights: WeightsLook, style: PictureStyle): string[] {
  const modules = weights.modules.filter(({ norm }) => Number.isFinite(norm));
  if (modules.every(({ norm }) => norm === 0)) return [];
  return [...blockStrips(modules, style), ...kindBars(modules, style), ...rankHistogram(modules, style)];
}

const INDENT = '  ';

/** Three digits that mean something; what is tiny says so. */
export function figure(value: number): string {
  if (value === 0) return '0';
  if (value >= 100 || value < 0.001) return value >= 1e5 || value < 0.001 ? value.toExponential(1) : value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toFixed(3);
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

/** Mean ‖ΔW‖ of each block, by group. */
function blockNorms(modules: readonly Pick<ModuleWeights, 'name' | 'norm'>[]): Map<string, Map<number, number>> {
  const found = new Map<string, Map<number, number[]>>();
  for (const { name, norm } of modules) {
    const { group, index } = blockOf(name);
    const blocks = found.get(group) ?? new Map<number, number[]>();
    found.set(group, blocks);
    blocks.set(index, [...(blocks.get(index) ?? []), norm]);
  }
  return new Map(
    [...found].map(([group, blocks]) => [group, new Map([...blocks].map(([index, norms]) => [index, mean(norms)]))]),
  );
}

function blockStrips(modules: readonly ModuleWeights[], { lang, ascii, columns }: PictureStyle): string[] {
  const groups = blockNorms(modules);
  const most = Math.max(...[...groups.values()].flatMap((blocks) => [...blocks.values()]));
  const lines = [lang === 'zh' ? '各块强度（ΔW 范数均值）' : 'strength by block (mean norm of the change)'];
  const labels = new Map<string, string>();
  for (const group of GROUPS) {
    const blocks = groups.get(group);
    if (!blocks) continue;
    const [first, last] = [Math.min(...blocks.keys()), Math.max(...blocks.keys())];
    labels.set(group, first === last ? group : `${group} ${first}-${last}`);
  }
  const width = Math.max(...[...labels.values()].map((label) => label.length));
  const room = Math.max(8, Math.min(columns - width - 22, 64));
  const strips = [...labels].map(([group, label]) => {
    const blocks = groups.get(group) ?? new Map<number, number>();
    const [first, last] = [Math.min(...blocks.keys()), Math.max(...blocks.keys())];
    const values = Array.from({ length: last - first + 1 }, (_, i) => blocks.get(first + i) ?? null);
    const known = [...blocks.values()];
    const [low, high] = [figure(Math.min(...known)), figure(Math.max(...known))];
    return { label, drawn: strip(squeeze(values, room), most, ascii), range: low === high ? low : `${low} - ${high}` };
  });
  const drawnWidth = Math.max(...strips.map(({ drawn }) => drawn.length));
  for (const { label, drawn, range } of strips)
    lines.push(`${INDENT}${label.padEnd(width)}  ${drawn.padEnd(drawnWidth)}  ${range}`);
  return lines;
}

function kindBars(modules: readonly ModuleWeights[], { lang, ascii, columns }: PictureStyle): string[] {
  const kinds = new Map<string, { te: boolean; kind: LayerKind; norms: number[] }>();
  for (const { name, norm } of modules) {
    const te = blockOf(name).group.startsWith('te');
    const kind = layerKind(name);
    const entry = kinds.get(`${te} ${kind}`) ?? { te, kind, norms: [] };
    entry.norms.push(norm);
    kinds.set(`${te} ${kind}`, entry);
  }
  const encoder = lang === 'zh' ? '文本编码器：' : 'text encoder: ';
  const rows = [...kinds.values()]
    .map(({ te, kind, norms }) => ({
      label: (te ? encoder : '') + LAYER_WORDS[kind][lang],
      value: mean(norms),
      count: norms.length,
    }))
    .sort((a, b) => b.value - a.value);
  const most = Math.max(...rows.map(({ value }) => value));
  const width = Math.max(...rows.map(({ label }) => textWidth(label)));
  const room = Math.max(4, Math.min(40, columns - width - 28));
  return [
    lang === 'zh' ? '各类层强度' : 'strength by kind of layer',
    ...rows.map(({ label, value, count }) => {
      const drawn = bar(value, most, room, ascii);
      const number = lang === 'zh' ? `${count} 个模块` : `${count} modules`;
      return `${INDENT}${pad(label, width)}  ${drawn.padEnd(room)}  ${figure(value).padStart(6)}  ${number}`;
    }),
  ];
}

const BINS = 32;
const ROWS = 4;

/** How many modules use how much of their rank: low ones say that a smaller rank would have done. */
function rankHistogram(modules: readonly ModuleWeights[], { lang, ascii, columns }: PictureStyle): string[] {
  const known = modules.flatMap(({ effectiveRank, rank }) =>
    effectiveRank === null || rank === null ? [] : [{ effectiveRank, rank }],
  );
  if (known.length === 0) return [];
  const most = Math.max(...known.map(({ rank }) => rank));
  const bins = Math.max(1, Math.min(BINS, most, columns - 10));
  const counts: number[] = new Array(bins).fill(0);
  for (const { effectiveRank } of known) {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil((effectiveRank / most) * bins - 1e-9) - 1));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const sorted = known.map(({ effectiveRank }) => effectiveRank).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 0;
  const stretch = bins <= 8 ? 4 : bins <= 16 ? 2 : 1;
  const wide = counts.flatMap((count) => new Array<number>(stretch).fill(count));
  const title =
    lang === 'zh'
      ? `有效秩分布（中位数 ${median.toFixed(1)}，秩 ${most}；${known.length} 个模块）`
      : `effective rank (median ${median.toFixed(1)} of ${most}; ${known.length} modules)`;
  const axis = wide.length;
  return [
    title,
    ...histogram(wide, ROWS, ascii).map((line) => `${INDENT}${line}`.trimEnd()),
    `${INDENT}${(ascii ? '-' : '─').repeat(axis)}`,
    `${INDENT}1${String(most).padStart(Math.max(1, axis - 1))}`,
  ];
}
