import type { Bilingual } from '../facts/define';
import type { Identity } from '../formats/model/identify';
import type { ModelMetadata } from '../formats/model/metadata';
import type { WeightsLook } from '../weights/look';
import { say } from './fits-types';
import { figure } from './pictures';

/** One of the two files. */
export interface Side {
  readonly state: string;
  readonly identity: Identity | null;
  readonly metadata: ModelMetadata | null;
  readonly weights: WeightsLook | null;
}

export interface Difference {
  readonly what: string;
  readonly label: Bilingual;
  readonly a: string | number | null;
  readonly b: string | number | null;
}

export interface Comparison {
  /** Settings and measures that differ, most telling first. */
  readonly differences: readonly Difference[];
  /** Epochs of one training run share a session. */
  readonly sameRun: boolean;
  readonly modules: { readonly both: number; readonly onlyA: number; readonly onlyB: number };
  /** Which to try first: an estimate from numbers, nobody has looked at a picture. Null: not comparable, or nothing speaks for either. */
  readonly first: { readonly which: 'a' | 'b'; readonly why: readonly Bilingual[] } | null;
}

type Reader = (side: Side) => string | number | null;

const SETTINGS: readonly (readonly [string, Bilingual, Reader])[] = [
  ['family', say('family', '模型系列'), ({ identity }) => identity?.family.id ?? null],
  ['baseModel', say('base model', '底模'), ({ metadata }) => metadata?.baseModel ?? null],
  ['adapter', say('adapter', '适配器'), ({ identity }) => identity?.adapter ?? null],
  ['keyStyle', say('key names', '键名格式'), ({ identity }) => identity?.keyStyle ?? null],
  ['rank', say('rank', '秩（rank）'), ({ identity }) => identity?.rank?.typical ?? null],
  ['alpha', say('alpha', 'alpha'), ({ identity }) => (identity?.alpha ? String(identity.alpha.typical) : null)],
  ['dtype', say('number format', '数值格式'), ({ identity }) => identity?.dtype ?? null],
  ['modules', say('modules', '模块数'), ({ identity }) => identity?.moduleCount ?? null],
  ['epoch', say('epoch', '轮次'), ({ metadata }) => metadata?.epoch ?? null],
  ['steps', say('steps', '训练步数'), ({ metadata }) => metadata?.steps ?? null],
  ['learningRate', say('learning rate', '学习率'), ({ metadata }) => metadata?.learningRate ?? null],
  ['optimizer', say('optimizer', '优化器'), ({ metadata }) => metadata?.optimizer ?? null],
  ['images', say('pictures', '训练图片数'), ({ metadata }) => metadata?.images ?? null],
  ['resolution', say('resolution', '分辨率'), ({ metadata }) => metadata?.resolution ?? null],
  ['clipSkip', say('clip skip', 'clip skip'), ({ metadata }) => metadata?.clipSkip ?? null],
  ['triggers', say('trigger words', '触发词'), ({ metadata }) => metadata?.triggers.likely.join(', ') || null],
];

const MEASURES: readonly (readonly [string, Bilingual, Reader])[] = [
  ['norm', say('strength, median of the modules', '强度（模块中位数）'), ({ weights }) => weights?.norm?.median ?? null],
  ['normMax', say('strength, strongest module', '强度（最强模块）'), ({ weights }) => weights?.norm?.max ?? null],
  ['effectiveRank', say('effective rank, median', '有效秩（中位数）'), ({ weights }) => (weights ? medianRank(weights) : null)],
];

/** Epochs of one run, or two versions: what changed, and which to try first. */
export function compare(a: Side, b: Side): Comparison {
  const differences = [...SETTINGS, ...MEASURES]
    .map(([what, label, read]) => ({ what, label, a: read(a), b: read(b) }))
    .filter((one) => one.a !== one.b);
  const names = (side: Side): Set<string> => new Set(side.identity?.perModule?.map(({ name }) => name) ?? []);
  const [left, right] = [names(a), names(b)];
  const both = [...left].filter((name) => right.has(name)).length;
  const session = a.metadata?.sessionId ?? null;
  return {
    differences,
    sameRun: session !== null && session === b.metadata?.sessionId,
    modules: { both, onlyA: left.size - both, onlyB: right.size - both },
    first: tryFirst(a, b),
  };
}

function medianRank({ modules }: WeightsLook): number | null {
  const ranks = modules.flatMap(({ effectiveRank }) => (effectiveRank === null ? [] : [effectiveRank])).sort((x, y) => x - y);
  return ranks[ranks.length >> 1] ?? null;
}

/** Twice as strong is what one sees; the bounds are those of the verdict (lora-files.md §5.4, heuristics). */
const MUCH_STRONGER = 2;
const FAINT = 0.003;

function tryFirst(a: Side, b: Side): Comparison['first'] {
  const usable = (side: Side): boolean => side.state === 'sound';
  if (usable(a) !== usable(b)) {
    return { which: usable(a) ? 'a' : 'b', why: [say('the other file is not sound', '另一个文件有问题')] };
  }
  if (!usable(a)) return null;
  if (a.identity?.family.id !== b.identity?.family.id) return null;
  const [normA, normB] = [a.weights?.norm?.median ?? 0, b.weights?.norm?.median ?? 0];
  const [weaker, stronger] = normA <= normB ? (['a', 'b'] as const) : (['b', 'a'] as const);
  const [low, high] = [Math.min(normA, normB), Math.max(normA, normB)];
  if (low > 0 && low < FAINT && high >= FAINT) {
    return {
      which: stronger,
      why: [say(`the other is barely trained (strength ${figure(low)})`, `另一个几乎未训练（强度 ${figure(low)}）`)],
    };
  }
  if (low > 0 && high / low >= MUCH_STRONGER) {
    const times = (high / low).toFixed(1);
    return {
      which: weaker,
      why: [
        say(`the other is ${times} times as strong: more likely to be overtrained`, `另一个强 ${times} 倍，更可能过度训练`),
        say(
          `to compare them fairly, use the other at strength ${(low / high).toFixed(2)}`,
          `公平比较时，另一个用权重 ${(low / high).toFixed(2)}`,
        ),
      ],
    };
  }
  const [stepsA, stepsB] = [a.metadata?.steps ?? null, b.metadata?.steps ?? null];
  if (stepsA === null || stepsB === null || stepsA === stepsB) return null;
  const later = stepsA > stepsB ? 'a' : 'b';
  const [fewer, more] = [Math.min(stepsA, stepsB), Math.max(stepsA, stepsB)];
  return {
    which: later,
    why: [
      say(
        `trained longer (${more} steps against ${fewer}) without becoming much stronger`,
        `训练更久（${more} 步，对比 ${fewer} 步），强度没有明显增大`,
      ),
      say('if it copies training pictures or ignores prompts, take the other', '若出现照抄训练图或不听提示词，改用另一个'),
    ],
  };
}
