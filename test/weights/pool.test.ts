import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { weighAll } from '../../src/weights/pool';
import type { Weighed, WeighJob } from '../../src/weights/weigh';

const folder = mkdtempSync(path.join(tmpdir(), 'lora-doctor-pool-'));
const script = path.join(folder, 'weights-worker.mjs');
const WORKER = fileURLToPath(new URL('../../src/weights/worker.ts', import.meta.url));

/** A LoRA of one module whose first value is given. */
function lora(name: string, first: number): WeighJob {
  const header = JSON.stringify({
    'lora_unet_a.alpha': { dtype: 'F32', shape: [], data_offsets: [0, 4] },
    'lora_unet_a.lora_down.weight': { dtype: 'F32', shape: [1, 2], data_offsets: [4, 12] },
    'lora_unet_a.lora_up.weight': { dtype: 'F32', shape: [2, 1], data_offsets: [12, 20] },
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const values = Buffer.from(Float32Array.of(1, first, 0.5, 0.5, 0.5).buffer);
  writeFileSync(path.join(folder, name), Buffer.concat([length, Buffer.from(header), values]));
  return { path: path.join(folder, name), options: {} };
}

beforeAll(async () => {
  await build({ entryPoints: [WORKER], outfile: script, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ['in threads', () => script],
  ['here', () => null],
])('%s', (_, where) => {
  const options = (done: (index: number, result: Weighed) => void, signal = new AbortController().signal) => ({
    script: where(),
    bytes: 2 ** 30,
    signal,
    done,
  });

  it('answers for each file, whatever is wrong with it', async () => {
    const jobs = [
      lora('sound', 0.5),
      lora('nan', Number.NaN),
      lora('inf', Number.POSITIVE_INFINITY),
      { path: path.join(folder, 'not-there'), options: {} },
      { path: script, options: {} },
      { path: folder, options: {} },
      ...Array.from({ length: 20 }, (_, i) => lora(`more-${i}`, 0.5)),
    ];
    const found: string[] = [];
    const done = (index: number, result: Weighed): void => {
      found[index] = 'look' in result ? result.look.verdict : result.error;
    };
    await weighAll(jobs, options(done));
    expect(found).toEqual(['sound', 'nan', 'inf', 'missing', 'damaged', 'not-a-file', ...Array(20).fill('sound')]);
  });

  it('ends when it is told to', async () => {
    const jobs = Array.from({ length: 200 }, (_, i) => lora(`many-${i}`, 0.5));
    const controller = new AbortController();
    let count = 0;
    const done = (): void => {
      if (++count === 3) controller.abort();
    };
    await weighAll(jobs, options(done, controller.signal));
    expect(count).toBe(3);
    await weighAll(jobs, options(done, controller.signal));
    expect(count).toBe(3);
  });
});

it('says when a thread breaks', async () => {
  const broken = path.join(folder, 'broken.mjs');
  writeFileSync(broken, "throw new Error('broken thread');");
  const jobs = [lora('one', 0.5), lora('two', 0.5)];
  const { signal } = new AbortController();
  await expect(weighAll(jobs, { script: broken, bytes: 2 ** 30, signal, done: () => undefined })).rejects.toThrow(
    'broken thread',
  );
});
