// Fits the constants of src/vram/constants.ts on the published measured rows, and again with each source and each family left
// out, and prints both. Rows of blogs and press, estimates and card sizes are never fitted on.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isRecord, type JsonRecord } from '../src/formats/json';
import { GIB } from '../src/vram/bytes';
import { CONSTANTS, type Constants } from '../src/vram/constants';
import { modelOf } from '../src/vram/models';
import { estimate } from '../src/vram/predict';
import { readRow } from '../src/vram/read';

interface Figure {
  readonly id: string;
  readonly row: JsonRecord;
  readonly low: number;
  readonly high: number;
  readonly source: string;
  readonly family: string;
}

const HIDDEN = [
  'peak_vram_gb',
  'peak_vram_max_gb',
  'delta_vram_gb',
  'basis',
  's_per_step',
  's_per_image',
  'speed_note',
  'source_kind',
  'url',
  'note',
];

function figuresOf(file: string): Figure[] {
  const rows: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return (Array.isArray(rows) ? rows : []).filter(isRecord).flatMap((row) => {
    const fitted = ['train', 'inference'].includes(String(row.kind)) && ['measured', 'log'].includes(String(row.basis));
    if (!fitted || typeof row.peak_vram_gb !== 'number' || ['blog', 'press'].includes(String(row.source_kind))) return [];
    const told = Object.fromEntries(Object.entries(row).filter(([key]) => !HIDDEN.includes(key)));
    const high = typeof row.peak_vram_max_gb === 'number' ? row.peak_vram_max_gb : row.peak_vram_gb;
    const { family } = modelOf(readRow(told).settings.model);
    return [{ id: String(row.id), row: told, low: row.peak_vram_gb * GIB, high: high * GIB, source: String(row.url), family }];
  });
}

/** What may be fitted, and the values that are tried. */
const TRIED: { readonly [key in keyof Constants]?: readonly number[] } = {
  ditValues: [12, 16, 20, 25, 30],
  singleWorkspace: [0, 1, 2, 3, 4],
  recomputedBlocks: [1, 2, 3, 4, 5],
  ditWorkspace: [0, 0.5, 1, 1.5, 2],
  recomputedSegments: [1, 1.5, 2, 3],
  contextTrain: [0.4, 0.6, 0.8],
};

interface Outcome {
  readonly error: number;
  readonly inside: boolean;
  readonly width: number;
}

function outcome({ row, low, high }: Figure, constants: Constants): Outcome {
  const { settings, doubt } = readRow(row);
  const found = estimate(settings, doubt, constants);
  const middle = (low + high) / 2;
  const inside = found.low <= high * 1.02 && found.high >= low * 0.93;
  return { error: found.peak / middle - 1, inside, width: found.high / Math.max(1, found.low) };
}

/** Mean of |log(ours / published)|; one wild row counts as a factor of 1.5, no more. */
function loss(figures: readonly Figure[], constants: Constants): number {
  const each = figures.map((figure) => Math.min(Math.log(1.5), Math.abs(Math.log(1 + outcome(figure, constants).error))));
  return each.reduce((total, one) => total + one, 0) / each.length;
}

/** One constant after the other until none gets better; ties stay with what is in the source. */
function fitted(figures: readonly Figure[]): Constants {
  let best = CONSTANTS;
  let least = loss(figures, best);
  for (let moved = true; moved; ) {
    moved = false;
    for (const [key, values] of Object.entries(TRIED)) {
      for (const value of values) {
        const tried = { ...best, [key]: value };
        const now = loss(figures, tried);
        if (now < least - 0.001) [best, least, moved] = [tried, now, true];
      }
    }
  }
  return best;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function tell(title: string, outcomes: readonly Outcome[]): void {
  const errors = outcomes.map(({ error }) => Math.abs(error));
  const close = errors.filter((error) => error <= 0.25).length;
  const inside = outcomes.filter((one) => one.inside).length;
  const n = outcomes.length;
  console.log(
    `${title}: median error ${(median(errors) * 100).toFixed(1)} %  within 25 % ${close}/${n}  inside low-high ${inside}/${n}  median high/low ${median(outcomes.map(({ width }) => width)).toFixed(2)}`,
  );
}

const told = (constants: Constants): string =>
  JSON.stringify(Object.fromEntries(Object.entries(constants).filter(([key]) => key in TRIED)));

function leaveOut(figures: readonly Figure[], key: 'source' | 'family'): Outcome[] {
  return [...new Set(figures.map((figure) => figure[key]))].flatMap((left) => {
    const constants = fitted(figures.filter((figure) => figure[key] !== left));
    return figures.filter((figure) => figure[key] === left).map((figure) => outcome(figure, constants));
  });
}

const at = process.argv.indexOf('--figures');
const file =
  (at > 0 ? process.argv[at + 1] : undefined) ?? path.join(process.env.SCORE_DATA ?? '../shared', 'cases/vram-figures.json');
if (existsSync(file)) {
  const figures = figuresOf(file);
  const asShipped = figures.map((figure) => ({ figure, ...outcome(figure, CONSTANTS) }));
  for (const { figure, error, inside } of asShipped)
    console.log(`${figure.id} ${figure.family.padEnd(18)} ${(error * 100).toFixed(0).padStart(4)} % ${inside ? '' : 'outside'}`);
  tell('as shipped', asShipped);
  const best = fitted(figures);
  console.log(`shipped ${told(CONSTANTS)}\nfitted  ${told(best)}`);
  tell(
    'fitted on all',
    figures.map((figure) => outcome(figure, best)),
  );
  tell('each source left out', leaveOut(figures, 'source'));
  tell('each family left out', leaveOut(figures, 'family'));
} else console.log(`not run: ${path.basename(file)} is not beside this repository`);
