import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTrainingRun, type TrainingRun } from '../../../src/formats/training/run-log';
import { lossShape, paceOf, thinned } from '../../../src/formats/training/run-shape';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const clock = (s: number): string =>
  [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60].map((n) => String(Math.floor(n)).padStart(2, '0')).join(':');

/** A log of tqdm bars; each step is drawn twice, as the trainer does. */
function bars(count: number, loss: (i: number) => string, seconds: (i: number) => number = (i) => i * 2, after = ''): string {
  const one = (i: number): string =>
    `\rsteps: ${Math.round((100 * i) / count)}%|##  | ${i}/${count} [${clock(seconds(i))}<01:00, 2.00s/it, avr_loss=${loss(i)}]`;
  return Array.from({ length: count }, (_, i) => one(i + 1) + one(i + 1)).join('') + after;
}
const run = (text: string): TrainingRun => {
  const found = readTrainingRun([bytes(text)]);
  if (!found) throw new Error('no run');
  return found;
};

describe('a training run in a log', () => {
  it('gives steps, loss and how it ended', () => {
    const { points, lastStep, steps, end } = run(
      `epoch 1/2\n${bars(40, (i) => (0.2 - i / 1000).toFixed(4))}\nINFO  model saved.\n`,
    );
    expect({ lastStep, steps, end, n: points.length }).toEqual({ lastStep: 40, steps: 40, end: 'finished', n: 40 });
    expect(points[0]).toEqual({ step: 1, seconds: 2, loss: 0.199 });
  });

  it.each([
    [
      '\nTraceback (most recent call last):\n  File "a.py", line 1\ntorch.OutOfMemoryError: CUDA out of memory.\nsubprocess.CalledProcessError: x\n',
      'error',
      'torch.OutOfMemoryError: CUDA out of memory.',
    ],
    ['\nKeyboardInterrupt\n', 'interrupted', 'KeyboardInterrupt'],
    [
      "\nsubprocess.CalledProcessError: Command 'x' died with <Signals.SIGKILL: 9>.\n",
      'killed',
      "subprocess.CalledProcessError: Command 'x' died with <Signals.SIGKILL: 9>.",
    ],
    ['', 'open', null],
    ['\nINFO  model saved.\n', 'open', null],
  ])('tells why it stopped in the middle: %j', (after, end, text) => {
    const cut = bars(40, () => '0.1')
      .split('\rsteps')
      .slice(0, 41)
      .join('\rsteps');
    expect(run(cut + after)).toMatchObject({ lastStep: 20, end, endText: text });
  });

  it('takes the last of two runs, and other bars for none', () => {
    const caching = '100%|####| 20/20 [00:04<00:00, 4.90it/s]\n';
    expect(readTrainingRun([bytes(caching)])).toBeNull();
    expect(run(bars(30, () => '0.3') + caching + bars(10, () => '0.1')).points.map(({ loss }) => loss)).toEqual(
      Array(10).fill(0.1),
    );
  });

  it.each([
    ['my_lora:  10%|#  | 200/2000 [05:01<45:00,  1.5s/it, lr: 1.0e-04 loss: 1.234e-01]', 0.1234],
    ['Steps:  10%|# | 100/1000 [01:00<09:00,  1.66it/s, lr=0.0001, step_loss=0.25]', 0.25],
    ['step: 10%|# | 5/50 [00:10<01:30, 2.00s/it, loss=0.9, smooth loss=0.13]', 0.13],
    [
      '\u001b[31msteps:\u001b[0m  10%|▎ | 5/50 [1:00:10<01:30, 2.00s/it, Average key norm=0.1, Keys Scaled=3, avr_loss=inf]',
      Number.NaN,
    ],
  ])('reads the bar of other trainers: %s', (line, loss) => {
    expect(run(line).points[0]?.loss).toEqual(loss);
  });

  it('names the pictures without captions', () => {
    const log = `WARNING  No caption file found for 3 images. Training will continue without\nWARNING  /d/img/10_cat/a b.png   train_util.py:1\nWARNING  /d/img/10_cat/02.webp   train_util.py:1\n${bars(3, () => '0.1')}`;
    expect(run(log).uncaptioned).toEqual(['/d/img/10_cat/a b.png', '/d/img/10_cat/02.webp']);
  });

  it('keeps a bounded number of points of a long run', () => {
    const { points, lastStep } = run(bars(9000, () => '0.1'));
    expect(points.length).toBeLessThanOrEqual(2049);
    expect([points.at(-1)?.step, lastStep]).toEqual([9000, 9000]);
    expect(thinned({ ...run(bars(500, () => '0.1')) }, 60).at(-1)?.step).toBe(500);
  });

  it('reads any bytes in any pieces alike', () => {
    const log = bytes(bars(20, (i) => String(i / 100)));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 })), (sizes) => {
        const pieces: Uint8Array[] = [];
        let at = 0;
        for (const size of sizes) {
          pieces.push(log.subarray(at, at + size));
          at += size;
        }
        pieces.push(log.subarray(at));
        expect(readTrainingRun(pieces)).toEqual(readTrainingRun([log]));
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (noise) => void readTrainingRun([noise, log])));
  });
});

describe('what the loss does', () => {
  it.each([
    ['falling', (i: number) => (0.3 - i / 1000).toFixed(4)],
    ['level', (i: number) => (0.1 + (i % 7) / 500).toFixed(4)],
    ['rising', (i: number) => (0.1 + i / 400).toFixed(4)],
    ['exploding', (i: number) => (i < 60 ? '0.1' : String(i))],
    ['zero', (i: number) => (i < 3 ? '0.1' : '0')],
    ['collapsed', (i: number) => (0.1 / (i * i)).toFixed(6)],
    ['nan', (i: number) => (i < 90 ? '0.1' : 'nan')],
  ])('%s', (shape, loss) => {
    expect(lossShape(run(bars(100, loss)))).toBe(shape);
  });

  it('is not told of a few steps', () => {
    expect(lossShape(run(bars(4, (i) => String(i))))).toBe('short');
  });
});

describe('the pace', () => {
  it('tells a run that became slow in the middle', () => {
    const pace = paceOf(
      run(
        bars(
          200,
          () => '0.1',
          (i) => (i < 100 ? i : 100 + (i - 100) * 20),
        ),
      ),
    );
    expect(pace?.secondsPerStep).toBeCloseTo(20);
    expect(pace?.slowdown).toBeCloseTo(20);
  });

  it('is not fooled by pauses for sample pictures', () => {
    const pace = paceOf(
      run(
        bars(
          200,
          () => '0.1',
          (i) => i * 2 + Math.floor(i / 50) * 90,
        ),
      ),
    );
    expect(pace?.slowdown).toBeCloseTo(1);
  });

  it('is not told of a short run', () => {
    expect(paceOf(run(bars(5, () => '0.1')))).toBeNull();
  });

  it('takes the clock of the bar when it is shown once, as in a paste', () => {
    expect(paceOf(run('steps:   2%|▏   | 3/160 [14:45<12:52:00, 295.04s/it, avr_loss=0.112]'))).toEqual({
      secondsPerStep: 295,
      slowdown: 1,
    });
    expect(paceOf(run('steps:   2%|▏   | 3/160 [00:09<08:00, 3.0s/it, avr_loss=0.112]'))).toBeNull();
  });
});
