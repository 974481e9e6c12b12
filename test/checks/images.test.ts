import fs from 'node:fs';
import path from 'node:path';
import { constants, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { imagesCheck } from '../../src/checks/images/check';
import { registry } from '../../src/facts/registry/all';
import { Store } from '../../src/facts/store';
import { chunk, concat, header, jpeg, png, SIGNATURE, text, webp } from '../formats/picture/make';
import { plant, runChecks, tempFolder } from './plant';

let base: string;
beforeEach(() => {
  base = tempFolder();
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

/** What the check tells of pictures that are named. */
async function look(pictures: { readonly [name: string]: Uint8Array | string }) {
  plant(base, pictures);
  const files = Object.keys(pictures).map((name) => path.join(base, name));
  const store = await runChecks([imagesCheck], files, { store: new Store(registry) });
  const [first] = store.subjects('image');
  return { store, fact: (name: string) => store.get(first?.id ?? '', `image.${name}`) };
}
const infotext = text('parameters', 'a cat\nSteps: 20, Sampler: Euler, Seed: 1');

describe('pictures', () => {
  /** 28 times the same 32 MiB of zeros, each a block of its own: 875 KB that are 900 MB of pixels. */
  const zeros = deflateRawSync(new Uint8Array(32 << 20), { finishFlush: constants.Z_FULL_FLUSH });
  const bomb = concat(Uint8Array.of(0x78, 0x9c), ...Array.from({ length: 28 }, () => new Uint8Array(zeros)), Uint8Array.of(3, 0));

  test.each([
    ['IM-02 of 100,000 × 100,000 pixels', 100_000, chunk('IDAT', 'x')],
    ['IM-03 of 30,000 × 30,000 zeros', 30_000, chunk('IDAT', bomb)],
  ])('%s: the text is read, the pixels are not, and it is said that they were not', async (_name, side, data) => {
    const before = process.memoryUsage().rss;
    const { fact } = await look({ 'a.png': concat(SIGNATURE, header(side, side, 8, 0), infotext, data, chunk('IEND', '')) });
    expect([fact('width'), fact('hasMetadata')]).toMatchObject([{ value: side }, { value: true }]);
    expect(fact('look')).toMatchObject({ state: 'unknown' });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
  });

  test('IM-03 many that are large: the budget of one run ends, with a note', async () => {
    const large = concat(SIGNATURE, header(30_000, 30_000, 8, 0), infotext, chunk('IDAT', bomb), chunk('IEND', ''));
    const { store } = await look(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.png`, large])));
    expect(store.subjects('image')).toHaveLength(12);
    expect(store.notes().map(({ code }) => code)).toContain('pixel-budget');
  });

  test.each([
    ['JPEG', jpeg(), 'jpeg'],
    ['WebP', webp(['VP8 ', new Uint8Array(10)]), 'webp'],
    ['HTML', '<!doctype html><html>503</html>', 'html'],
    ['nothing', '', 'unknown'],
  ])('IM-19 %s named .png is told as what it is', async (_name, content, format) => {
    const { fact } = await look({ 'a.png': content });
    expect(fact('format')).toMatchObject({ value: format });
    expect(fact('hasMetadata')).toMatchObject({ value: false });
  });

  test('IM-01 a sound one', async () => {
    const { fact } = await look({ 'a.png': png({ before: [infotext] }) });
    expect([fact('broken'), fact('problems'), fact('look')]).toMatchObject([{ value: false }, { value: [] }, { state: 'known' }]);
  });
});
