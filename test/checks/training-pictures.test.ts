import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Arena } from '../../src/checks/training/arena';
import { createTrainingCheck } from '../../src/checks/training/check';
import { registry } from '../../src/facts/registry/all';
import { Store } from '../../src/facts/store';
import type { ByteSource } from '../../src/formats/bytes';
import { nodePlatform } from '../../src/platform/node';
import { jpeg, pixels, png } from '../formats/picture/make';
import { runChecks, tempFolder } from './plant';

let root = '';
beforeEach(() => {
  root = tempFolder();
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

/** A disc on a slope of light; `shade` as a factor. */
function disc(size: number, at: number, shade = 1): Uint8Array {
  const rows = pixels(size, size, (x, y) => {
    const v = Math.round((Math.hypot(x / size - at, y / size - 0.5) < 0.2 ? 30 : 240 - (90 * y) / size) * shade);
    return [v, v, v];
  });
  return png({ width: size, height: size, rows });
}

function folder(files: { readonly [name: string]: Uint8Array }): string {
  const inner = path.join(root, 'img', '5_thing');
  fs.mkdirSync(inner, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) fs.writeFileSync(path.join(inner, name), bytes);
  return path.join(root, 'img');
}

async function facts(target: string): Promise<(name: string) => unknown> {
  const store = new Store(registry);
  await runChecks([createTrainingCheck(null)], [target], { store });
  const id = store.subjects('dataset')[0]?.id ?? '';
  return (name) => {
    const fact = store.get(id, `dataset.${name}`);
    return fact.state === 'known' ? fact.value : fact.state;
  };
}

describe('pictures that look the same', () => {
  it('are found in another size, not when they only resemble each other', async () => {
    const of = await facts(
      folder({ 'a.png': disc(128, 0.3), 'b.png': disc(192, 0.3), 'c.png': disc(128, 0.6), 'd.png': disc(128, 0.3) }),
    );
    expect(of('duplicates')).toEqual(['d.png = a.png']);
    expect(of('nearDuplicates')).toEqual(['b.png ~ a.png']);
    expect(of('dark')).toEqual([]);
    expect(of('decoded')).toBe(4);
  });

  it('are not guessed where pixels cannot be decoded', async () => {
    const of = await facts(folder({ 'a.jpg': jpeg(), 'b.jpg': jpeg() }));
    expect(of('nearDuplicates')).toBe('unknown');
    expect(of('duplicates')).toEqual(['b.jpg = a.jpg']);
  });

  it('a very dark one is told apart from a black one', async () => {
    const of = await facts(
      folder({ 'dark.png': disc(128, 0.3, 0.05), 'black.png': disc(128, 0.3, 0), 'light.png': disc(128, 0.3) }),
    );
    expect(of('dark')).toEqual(['dark.png']);
    expect(of('plain')).toEqual(['black.png']);
  });
});

describe('a large data set', () => {
  it('stops where it is told to', async () => {
    const target = folder(Object.fromEntries(Array.from({ length: 450 }, (_, i) => [`p${i}.png`, png()])));
    const stop = new AbortController();
    const told: number[] = [];
    const gathered = await createTrainingCheck(null).run({
      platform: nodePlatform(),
      signal: stop.signal,
      depth: 'normal',
      targets: [target],
      searching: false,
      facts: new Store(registry),
      progress: ({ done, total }) => {
        told.push(done, total ?? 0);
        stop.abort();
      },
    });
    expect(told).toEqual([200, 450]);
    expect(gathered.facts[`dataset:${target}`]?.['dataset.looked']).toMatchObject({ value: 200 });
  });

  it('is read into memory that is used again', () => {
    const filled: ArrayBufferLike[] = [];
    const file = (size: number): ByteSource => ({
      size,
      read: () => {
        throw new Error('a buffer of its own');
      },
      readInto: (target, offset) => {
        filled.push(target.buffer);
        return target.fill(offset & 255).length;
      },
    });
    const arena = new Arena();
    const first = arena.over(file(500_000));
    const [head, tail] = [first.read(1, 64), first.read(499_999, 4096)];
    expect([head[0], head.length, tail.length]).toEqual([1, 64, 1]);
    arena.over(file(500_000)).read(0, 65_536);
    for (const piece of arena.pieces(file(3 << 20))) expect(piece.length).toBe(1 << 20);
    expect(new Set(filled).size).toBe(1);
  });
});
