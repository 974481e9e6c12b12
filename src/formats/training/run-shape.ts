import type { RunPoint, TrainingRun } from './run-log';
import type { LossShape } from './vocabulary';

/** Below so many looks at the bar no course is told. */
const LEAST = 8;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * What the loss does. It says little of how good the LoRA will be (kohya-training.md §2), so only the extremes mean a fault:
 * no number any more, exactly 0, or many times what it was.
 */
export function lossShape(run: TrainingRun): LossShape {
  const losses = run.points.map(({ loss }) => loss);
  if (losses.some(Number.isNaN)) return 'nan';
  if (losses.length < LEAST) return 'short';
  const quarter = Math.floor(losses.length / 4);
  const first = median(losses.slice(0, quarter));
  const last = median(losses.slice(-quarter));
  if (losses.slice(-quarter).every((loss) => loss === 0)) return 'zero';
  if (last >= 5 * first && last >= 0.5) return 'exploding';
  if (last < 0.1 * first && last < 0.005) return 'collapsed';
  return last > 1.3 * first ? 'rising' : last < 0.85 * first ? 'falling' : 'level';
}

/** Shortest stretch that a rate is told of: the bar counts whole seconds. */
const STRETCH = 20;
/** Stretches that tell how fast it began. */
const FIRST = 5;

export interface Pace {
  /** In the second half. */
  readonly secondsPerStep: number;
  /** The second half against the first steps, when these were faster. */
  readonly slowdown: number;
}

/** Seconds per step, by the clock of the bar; null for a run of under two stretches. Pauses for sample pictures do not count: medians. */
export function paceOf({ points }: TrainingRun): Pace | null {
  const rates: number[] = [];
  let from: RunPoint | undefined = points[0];
  for (const point of points) {
    if (!from || point.seconds - from.seconds < STRETCH) continue;
    rates.push((point.seconds - from.seconds) / (point.step - from.step));
    from = point;
  }
  if (rates.length < 2) return overall(points.at(-1));
  const late = median(rates.slice(Math.floor(rates.length / 2)));
  const early = median(rates.slice(0, Math.min(FIRST, Math.ceil(rates.length / 2))));
  return { secondsPerStep: late, slowdown: early > 0 ? late / early : 1 };
}

/** A paste often holds one bar alone: its clock began at the first step. Of a run that was resumed the rate is too low, never too high. */
function overall(last: RunPoint | undefined): Pace | null {
  return last && last.step > 0 && last.seconds >= 2 * STRETCH ? { secondsPerStep: last.seconds / last.step, slowdown: 1 } : null;
}

/** At most `columns` looks at the run, evenly over its steps: each the last one within its stretch. */
export function thinned({ points }: TrainingRun, columns: number): readonly RunPoint[] {
  if (points.length <= columns) return points;
  return Array.from({ length: columns }, (_, i) => points[Math.ceil(((i + 1) * points.length) / columns) - 1]).filter(
    (point) => point !== undefined,
  );
}
