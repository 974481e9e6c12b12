import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckContext, Depth } from '../../src/checks/check';
import { weightsCheck } from '../../src/checks/lora/weights-check';
import type { Subject } from '../../src/facts/subject';
import { type Json, unknown } from '../../src/facts/value';
import { nodePlatform } from '../../src/platform/node';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lora-weights-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** One module of rank 1 in fp32: down (1,2) and up (2,1), alpha 1. */
function write(name: string, down: number[], up: number[]): Subject {
  const module = 'lora_unet_mid_block_attentions_0_proj_in';
  const header = {
    [`${module}.alpha`]: { dtype: 'F32', shape: [], data_offsets: [0, 4] },
    [`${module}.lora_down.weight`]: { dtype: 'F32', shape: [1, 2], data_offsets: [4, 12] },
    [`${module}.lora_up.weight`]: { dtype: 'F32', shape: [2, 1], data_offsets: [12, 20] },
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const path = join(root, name);
  writeFileSync(path, Buffer.concat([length, json, Buffer.from(new Float32Array([1, ...down, ...up]).buffer)]));
  return { kind: 'lora', id: `lora:${path}`, path, label: name, links: { install: 'install:x' } };
}

async function run(
  loras: Subject[],
  used: Subject[],
  depth: Depth,
  size = 500,
): Promise<(lora: Subject, fact: string) => Json | undefined> {
  const uses = used.map((lora, n): Subject => ({ kind: 'use', id: `use:${n}`, label: 'use', links: { lora: lora.id } }));
  const value = (id: string, fact: string): Json | undefined => {
    if (id.startsWith('use:')) return fact === 'use.recent' ? true : undefined;
    return ({ 'lora.kind': 'lora', 'lora.containerOk': true, 'lora.size': size } as Record<string, Json>)[fact];
  };
  const context: CheckContext = {
    platform: nodePlatform(),
    signal: new AbortController().signal,
    depth,
    targets: [],
    searching: true,
    facts: {
      subjects: (kind) => (kind === 'lora' ? loras : kind === 'use' ? uses : []),
      subject: () => undefined,
      get: () => unknown('not-collected'),
      value: <T extends Json>(id: string, fact: string) => value(id, fact) as T | undefined,
    },
    progress: () => undefined,
  };
  const gathered = await weightsCheck.run(context);
  return (lora, fact) => {
    const found = gathered.facts[lora.id]?.[fact];
    return found?.state === 'known' ? found.value : found?.state === 'unknown' ? found.reason : undefined;
  };
}

describe('the weights check', () => {
  it('looks into LoRAs that a recent prompt used, and into no other', async () => {
    const [nan, dead, other] = [
      write('nan.safetensors', [Number.NaN, 1], [1, 1]),
      write('dead.safetensors', [1, 1], [0, 0]),
      write('o.safetensors', [1, 1], [1, 1]),
    ];
    const fact = await run([nan, dead, other], [nan, dead], 'normal');
    expect(fact(nan, 'lora.nan')).toBe(1);
    expect(fact(nan, 'lora.weightsVerdict')).toBe('nan');
    expect(fact(dead, 'lora.dead')).toBe(true);
    expect(fact(dead, 'lora.usedRecently')).toBe(true);
    expect(fact(other, 'lora.usedRecently')).toBe(false);
    expect(fact(other, 'lora.weightsVerdict')).toBeUndefined();
  });

  it('looks into all of them at depth deep, and into none at quick', async () => {
    const lora = write('a.safetensors', [3, 4], [1, 0]);
    expect((await run([lora], [], 'deep'))(lora, 'lora.normMedian')).toBeCloseTo(5);
    expect((await run([lora], [lora], 'quick'))(lora, 'lora.weightsVerdict')).toBeUndefined();
  });

  it('says so when a file is beyond the budget', async () => {
    const lora = write('a.safetensors', [3, 4], [1, 0]);
    expect((await run([lora], [lora], 'normal', 2e9))(lora, 'lora.weightsVerdict')).toBe('too-large');
  });

  it('looks into the newest files when no prompt says which are used, and only so many', async () => {
    const many = Array.from({ length: 9 }, (_, i) => write(`l${i}.safetensors`, [1, 1], [1, 1]));
    const fact = await run(many, [], 'normal');
    const looked = many.filter((lora) => fact(lora, 'lora.weightsVerdict') === 'sound');
    expect(looked.length).toBeGreaterThan(0);
    expect(looked.length).toBeLessThan(many.length);
  });

  it('does not guess what was used when no prompt is known', async () => {
    const lora = write('a.safetensors', [3, 4], [1, 0]);
    expect((await run([lora], [], 'normal'))(lora, 'lora.usedRecently')).toBe('not-stated');
  });
});
