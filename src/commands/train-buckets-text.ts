import type { FactStore } from '../facts/snapshot';
import { baseName } from '../formats/file-name';
import { clean } from '../report/lines';
import type { CommandContext } from './context';

const LINES = 20;
const BAR = 30;

/** The sizes that the pictures of each data set are trained in, most used first. */
export function bucketsText(store: FactStore, { lang, ascii }: CommandContext): string {
  return store
    .subjects('dataset')
    .map(({ id, path }) => {
      const buckets = (store.value<string[]>(id, 'dataset.buckets') ?? []).map((text) => text.split(' '));
      if (buckets.length === 0) return '';
      const counts = buckets.map(([, count]) => Number(count));
      const most = Math.max(...counts, 1);
      const lines = buckets.slice(0, LINES).map(([size = ''], i) => {
        const bar = (ascii ? '#' : '█').repeat(Math.ceil(((counts[i] ?? 0) / most) * BAR));
        return `  ${(ascii ? size.replace('×', 'x') : size).padEnd(11)}${String(counts[i]).padStart(7)}  ${bar}`;
      });
      const left = (store.value<number>(id, 'dataset.bucketCount') ?? buckets.length) - lines.length;
      const name = clean(baseName(path ?? ''), 60);
      const head =
        lang === 'en'
          ? `Sizes that ${name} is trained in, with pictures x repeats:`
          : `${name} 训练时的分桶尺寸，及图片数 × 重复次数：`;
      const more = left > 0 ? [lang === 'en' ? `  and ${left} more` : `  另有 ${left} 种`] : [];
      return `\n${[head, ...lines, ...more].join('\n')}\n`;
    })
    .join('');
}
