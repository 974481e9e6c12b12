import type { FactStore } from '../facts/snapshot';
import { baseName } from '../formats/file-name';
import type { LossShape } from '../formats/training/vocabulary';
import { clean } from '../report/lines';
import type { CommandContext } from './context';

/** Lines of the curve. */
const ROWS = 8;
const NAMES = 8;

const SHAPES: { readonly [shape in LossShape]: { readonly en: string; readonly zh: string } } = {
  nan: { en: 'no number any more (nan)', zh: '变为 nan' },
  zero: { en: 'exactly 0: nothing is trained', zh: '恒为 0：什么都没有训练' },
  exploding: { en: 'many times what it was', zh: '比开始时高出许多倍' },
  collapsed: { en: 'close to 0, which no useful training reaches', zh: '接近 0，正常训练不会如此' },
  rising: { en: 'rising', zh: '上升' },
  falling: { en: 'falling', zh: '下降' },
  level: { en: 'level (that alone says nothing of the quality)', zh: '持平（仅凭此无法判断质量）' },
  short: { en: 'too few steps to tell a course', zh: '步数太少，看不出走势' },
};

/** How far a training came and why it ended, its pace and its loss as a curve; nothing for a log without one. */
export function runsText(store: FactStore, context: CommandContext): string {
  return store
    .subjects('log')
    .map(({ id, path }) => runText(store, id, path ?? '', context))
    .join('');
}

function runText(store: FactStore, id: string, path: string, { lang, ascii }: CommandContext): string {
  const steps = store.value<number>(id, 'log.trainSteps');
  if (steps === undefined) return '';
  const en = lang === 'en';
  const step = store.value<number>(id, 'log.trainStep') ?? 0;
  const pace = store.value<number>(id, 'log.stepSeconds');
  const shape = SHAPES[store.value<LossShape>(id, 'log.lossShape') ?? 'short'][en ? 'en' : 'zh'];
  const [first, last] = [store.value<number>(id, 'log.lossFirst'), store.value<number>(id, 'log.lossLast')];
  const each = pace === undefined ? '' : en ? `, ${pace.toPrecision(3)} s a step` : `，每步 ${pace.toPrecision(3)} 秒`;
  const out = [
    '',
    en
      ? `Training in ${clean(baseName(path), 60)}: step ${step} of ${steps}${each}; ${endOf(store, id, true)}`
      : `${clean(baseName(path), 60)} 中的训练：第 ${step} / ${steps} 步${each}；${endOf(store, id, false)}`,
    first === undefined || last === undefined ? `loss: ${shape}` : `loss: ${first} ${ascii ? '->' : '→'} ${last}, ${shape}`,
    ...curve(store.value<string[]>(id, 'log.lossCurve') ?? [], ascii),
  ];
  const names = store.value<string[]>(id, 'log.uncaptioned') ?? [];
  if (names.length > 0) {
    const list = names.slice(0, NAMES).map((name) => clean(baseName(name), 60));
    out.push(en ? `Captions not found, among others: ${list.join(', ')}` : `没有找到标注的图片（部分）：${list.join('、')}`);
  }
  return `${out.join('\n')}\n`;
}

function endOf(store: FactStore, id: string, en: boolean): string {
  const text = clean(store.value<string>(id, 'log.trainEndText') ?? '', 160);
  switch (store.value<string>(id, 'log.trainEnd')) {
    case 'finished':
      return en ? 'it came to its end' : '已完成';
    case 'interrupted':
      return en ? 'someone stopped it' : '被人中止';
    case 'killed':
      return en ? 'the system killed it (out of memory?)' : '被系统结束（内存不足？）';
    case 'error':
      return en ? `it ended with ${text}` : `因错误结束：${text}`;
    default:
      return en ? 'the log ends in the middle of it' : '日志在中途结束';
  }
}

/** Points `step loss` as lines of text; `!` at the bottom where the loss is no number. */
function curve(points: readonly string[], ascii: boolean): string[] {
  const losses = points.map((point) => Number(point.split(' ')[1]));
  const finite = losses.filter(Number.isFinite);
  if (finite.length < 3) return [];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const rowOf = (loss: number): number => (high > low ? Math.round(((loss - low) / (high - low)) * (ROWS - 1)) : 0);
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const row = ROWS - 1 - i;
    const marks = losses.map((loss) => {
      if (Number.isFinite(loss)) return rowOf(loss) === row ? (ascii ? '*' : '•') : ' ';
      return row === 0 ? '!' : ' ';
    });
    const label = row === ROWS - 1 ? high : row === 0 ? low : null;
    return `${(label === null ? '' : label.toPrecision(3)).padStart(8)} ${ascii ? '|' : '┤'}${marks.join('')}`.trimEnd();
  });
  const end = points.at(-1)?.split(' ')[0] ?? '';
  const begin = points[0]?.split(' ')[0] ?? '';
  return [...lines, `${' '.repeat(10)}${begin}${' '.repeat(Math.max(1, losses.length - begin.length - end.length))}${end}`];
}
