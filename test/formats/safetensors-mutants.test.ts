import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/formats/bytes';
import { readSafetensors, readThroughWindow } from '../../src/formats/safetensors';
import { entry, file } from './safetensors-samples';

const stored: { verdicts: string } = JSON.parse(
  fs.readFileSync(new URL('../fixtures/safetensors/reference-verdicts.json', import.meta.url), 'utf8'),
);
const base = file(
  `{"__metadata__":{"k":"\\u00e9 中"},${entry('a', 'F16', '[2,3]', '[0,12]')},${entry('b', 'F32', '[]', '[12,16]')}} `,
  16,
);

/** The 4,000 mutants that the reference was asked about: bit flips, then inserted and deleted bytes. */
function* mutants(): Generator<Uint8Array> {
  let state = 12345;
  const random = (below: number): number => {
    state = Number((BigInt(state) * 1103515245n + 12345n) & 0x7fffffffn);
    return (state >> 8) % below;
  };
  for (let i = 0; i < 4000; i++) {
    const bytes = [...base];
    const at = i % 4 === 0 ? random(bytes.length) : 8 + random(bytes.length - 24);
    const kind = i < 2000 ? 0 : 1 + random(2);
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 1) bytes.splice(at, 0, random(128));
    else bytes.splice(at, 1);
    const mutant = Uint8Array.from(bytes);
    if (i >= 2000 && i % 2 === 1) new DataView(mutant.buffer).setBigUint64(0, BigInt(mutant.length - 24), true);
    yield mutant;
  }
}

describe('ST-79 mutants of a valid file', () => {
  it('get the verdicts of the reference, all 4,000', () => {
    const wrong: number[] = [];
    let i = 0;
    for (const mutant of mutants()) {
      const digit = Number.parseInt(stored.verdicts[i >> 2] ?? '', 16);
      const accepted = (digit & (8 >> (i & 3))) !== 0;
      if (readSafetensors(bytesOf(mutant)).ok !== accepted) wrong.push(i);
      i++;
    }
    expect(i).toBe(4000);
    expect(wrong).toEqual([]);
  });

  it('read the same through a small window', () => {
    for (const mutant of mutants()) {
      const whole = readSafetensors(bytesOf(mutant));
      const windowed = readThroughWindow(bytesOf(mutant), 24);
      expect(windowed).toEqual(whole);
    }
  });
});

describe('ST-65 very many tensors', () => {
  it('are all checked; the first 32,000 are listed', () => {
    const header = (last: string): string =>
      `{${Array.from({ length: 150_000 }, (_, i) => entry(`t${i}`, 'U8', '[1]', i === 149_999 ? last : `[${i},${i + 1}]`)).join()}}`;
    const good = readSafetensors(bytesOf(file(header('[149999,150000]'), 150_000)));
    expect(good.ok && [good.header.tensors.length, good.notes]).toEqual([
      32_000,
      [{ code: 'tensors-not-listed', count: 118_000, example: '' }],
    ]);
    expect(readSafetensors(bytesOf(file(header('[149998,149999]'), 149_999)))).toMatchObject({
      ok: false,
      error: { code: 'invalid-offset' },
    });
  });
});
