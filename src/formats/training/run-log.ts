import { type ByteSource, pieces } from '../bytes';
import { withoutSequences } from '../log/clean';
import type { RUN_ENDS } from './vocabulary';

/** One look at the progress bar. `loss` is NaN for `nan` and `inf`. */
export interface RunPoint {
  readonly step: number;
  /** Since the start of the bar. */
  readonly seconds: number;
  readonly loss: number;
}

/** The last training run of a console log. */
export interface TrainingRun {
  /** In the order of the log, thinned out evenly. */
  readonly points: readonly RunPoint[];
  readonly lastStep: number;
  readonly steps: number;
  readonly end: (typeof RUN_ENDS)[number];
  /** The line that tells why it ended; null for `finished` and `open`. */
  readonly endText: string | null;
  /** Pictures that the trainer found no caption for: at most five are named by it. */
  readonly uncaptioned: readonly string[];
}

/** `steps:   3%|▎ | 30/1000 [00:00<00:19, 49.04it/s, avr_loss=0.0931]` of tqdm, as all trainers print it. */
const BAR = /(\d{1,3})%\|[^|]{0,200}\|\s{0,8}(\d{1,9})\/(\d{1,9}) \[([\d:]{4,12})<[^,\]]{1,20}(?:,\s{0,4}([^\]]{0,400}))?/;
const LOSS = /\b(avr_|step_|smooth )?loss(?:=|: ?)(nan|-?inf|-?\d{1,12}(?:\.\d{0,12})?(?:e[-+]?\d{1,3})?)/gi;
const ENDS: readonly (readonly [RegExp, Exclude<TrainingRun['end'], 'open'>])[] = [
  [/\bmodel saved\b/, 'finished'],
  [/^KeyboardInterrupt\b|^\^C/, 'interrupted'],
  [/<Signals\.SIGKILL: 9>|^Killed$|exit code -9\b/, 'killed'],
  [/^(?:[a-z_]{1,40}\.){0,6}[A-Z]\w{0,60}(?:Error|Exception|Interrupt)\b(?!.{0,200}CalledProcessError)/, 'error'],
];
const PICTURE = /([^\s:][^:*?"<>|]{0,300}\.(?:png|jpe?g|webp|bmp))\s*(?:\S+\.py:\d+)?\s*$/i;
/** Points kept; every second is dropped when there are more. */
const MOST = 2048;
const NAMED = 5;

/** Bytes at the end of a log that are read for its last run: a hundred thousand steps and more. */
export const RUN_TAIL = 16 * 2 ** 20;

/** The same of a file, however large. */
export function trainingRunIn(file: ByteSource): TrainingRun | null {
  return readTrainingRun(pieces(file, Math.max(0, file.size - RUN_TAIL)));
}

/** Reads the bytes of a log, in pieces, for its last training run; null when there is no progress bar with a loss. */
export function readTrainingRun(bytes: Iterable<Uint8Array>): TrainingRun | null {
  const reader = new RunReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (const piece of bytes) {
    const parts = (rest + decoder.decode(piece, { stream: true })).split(/[\r\n]/);
    rest = (parts.pop() ?? '').slice(-4096);
    for (const part of parts) reader.line(part);
  }
  reader.line(rest);
  return reader.run();
}

class RunReader {
  #points: RunPoint[] = [];
  #every = 1;
  #seen = 0;
  #last: RunPoint | null = null;
  #steps = 0;
  #end: TrainingRun['end'] = 'open';
  #endText: string | null = null;
  #uncaptioned: string[] = [];
  #naming = 0;

  line(raw: string): void {
    if (raw.length === 0 || raw.length > 8192) return;
    if (raw.includes('%|')) this.#bar(raw);
    else this.#message(withoutSequences(raw).trim());
  }

  #bar(raw: string): void {
    const match = BAR.exec(withoutSequences(raw));
    if (!match) return;
    const [, , step = '', steps = '', time = '', postfix = ''] = match;
    const loss = lossOf(postfix);
    if (loss === null) return;
    const point = { step: Number(step), seconds: secondsOf(time), loss };
    if (this.#last && (point.step < this.#last.step || Number(steps) !== this.#steps)) this.#restart();
    // Each step is drawn twice.
    if (this.#last?.step === point.step) return;
    this.#last = point;
    this.#steps = Number(steps);
    this.#end = 'open';
    this.#endText = null;
    if (this.#seen++ % this.#every === 0) this.#points.push(point);
    if (this.#points.length < MOST) return;
    this.#points = this.#points.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
  }

  #restart(): void {
    this.#points = [];
    this.#every = 1;
    this.#seen = 0;
  }

  #message(text: string): void {
    if (/No caption file found for \d+ images/.test(text)) {
      this.#uncaptioned = [];
      this.#naming = NAMED;
    } else if (this.#naming > 0) this.#name(text);
    if (!this.#last) return;
    for (const [pattern, end] of ENDS) {
      if (!pattern.test(text)) continue;
      // The first error is the cause, what follows its echo; a file that was saved on the way is no end.
      if (this.#endText !== null && end === 'error') return;
      if (end === 'finished' && this.#last.step < this.#steps) return;
      this.#end = end;
      this.#endText = end === 'finished' ? null : text.slice(0, 200);
      return;
    }
  }

  #name(text: string): void {
    const name = PICTURE.exec(text.replace(/^.{0,40}\b(?:WARNING|INFO)\b[\s:]*/, ''))?.[1];
    if (name !== undefined) this.#uncaptioned.push(name.trim());
    // Other lines may stand between: the end of the message and its translation.
    this.#naming -= name === undefined ? 0.5 : 1;
  }

  run(): TrainingRun | null {
    const last = this.#last;
    if (!last) return null;
    const points = this.#points.at(-1) === last ? this.#points : [...this.#points, last];
    const done = this.#end === 'open' && last.step >= this.#steps && this.#steps > 0;
    return {
      points,
      lastStep: last.step,
      steps: this.#steps,
      end: done ? 'finished' : this.#end,
      endText: this.#endText,
      uncaptioned: this.#uncaptioned,
    };
  }
}

/** The average where one is shown, else the loss of the step; null without any. */
function lossOf(postfix: string): number | null {
  const all = [...postfix.matchAll(LOSS)];
  const found = all.find(([, kind]) => /avr|smooth/.test(kind ?? '')) ?? all[0];
  if (!found) return null;
  const value = Number(found[2]);
  return Number.isFinite(value) ? value : Number.NaN;
}

function secondsOf(time: string): number {
  return time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
