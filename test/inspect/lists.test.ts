import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InspectCache } from '../../src/inspect/cache';
import { findClashes } from '../../src/inspect/clashes';
import { findDuplicates } from '../../src/inspect/duplicates';
import { matches, rowOf, SORT_KEYS, sortRows, tableLines } from '../../src/inspect/table';
import { rankWords } from '../../src/inspect/words';
import { textWidth } from '../../src/report/width';

describe('names that clash', () => {
  const file = (path: string, stem: string, alias: string | null = null) => ({ path, stem, alias });

  it('the same stem in two folders is one name for A1111, not for ComfyUI', () => {
    const clashes = findClashes([file('a/x', 'x'), file('b/x', 'x')]);
    expect(clashes.map(({ uis }) => uis)).toEqual([expect.arrayContaining(['a1111', 'forge', 'fooocus']), ['sdnext']]);
    expect(clashes.flatMap(({ uis }) => uis)).not.toContain('comfyui');
  });

  it('dots and underscores are one for SD.Next', () => {
    expect(findClashes([file('a', 'v1.5'), file('b', 'v1_5')])).toMatchObject([{ uis: ['sdnext'], name: 'v1_5' }]);
  });

  it('a shared training name, and a training name that is the file name of another', () => {
    expect(findClashes([file('a', 'a', 'last'), file('b', 'b', 'last')])).toMatchObject([{ name: 'last', paths: ['a', 'b'] }]);
    expect(findClashes([file('a', 'a', 'b'), file('b', 'b', 'c')])).toMatchObject([{ name: 'b', paths: ['a', 'b'] }]);
    expect(findClashes([file('a', 'a', 'a'), file('b', 'b', null)])).toEqual([]);
  });
});

describe('duplicates', () => {
  const files = ['a', 'b', 'c'].map((path) => ({ path, size: 10, dataBytes: 5 }));
  const hash = async (path: string) => ({ file: path === 'c' ? 'other' : 'same', data: 'data' });

  it('tells copies from files that share their tensors', async () => {
    expect(await findDuplicates(files.slice(0, 2), () => 's', hash)).toEqual([
      { same: 'file', confirmed: true, paths: ['a', 'b'] },
    ]);
    expect(await findDuplicates(files, () => 's', hash)).toEqual([{ same: 'tensors', confirmed: true, paths: ['a', 'b', 'c'] }]);
  });

  it('samples and sizes rule out without a hash', async () => {
    const never = async (): Promise<never> => {
      throw new Error('hashed');
    };
    expect(await findDuplicates(files, (path) => path, never)).toEqual([]);
    expect(
      await findDuplicates(
        files.map((file, i) => ({ ...file, dataBytes: i })),
        () => 's',
        never,
      ),
    ).toEqual([]);
  });

  it('beyond the budget says that only samples were compared', async () => {
    const large = files.map((file) => ({ ...file, size: 2 ** 40 }));
    expect(await findDuplicates(large, () => 's', hash)).toEqual([{ same: 'file', confirmed: false, paths: ['a', 'b', 'c'] }]);
  });
});

const entry = (path: string, over: object = {}) => ({
  path,
  size: 1_000_000,
  verdict: 'sound',
  kind: 'lora',
  adapter: 'lora',
  ...over,
});

describe('the table', () => {
  const rows = [
    rowOf(entry('/r/b.safetensors', { size: 5, rank: { typical: 4 }, family: { id: 'sdxl' } }), '/r'),
    rowOf(entry('/r/sub/a.safetensors', { size: 9, rank: { typical: 32 }, verdict: 'broken', family: { id: 'sd15' } }), '/r'),
    rowOf(entry('/r/c.safetensors', { triggers: [{ word: 'zvx', count: 3, source: 'tags', likely: true }] }), '/r'),
  ];

  it('sorts by every key', () => {
    const order = Object.fromEntries(
      SORT_KEYS.map((key) => [
        key,
        sortRows(rows, key)
          .map(({ name }) => name.at(-13))
          .join(''),
      ]),
    );
    expect(order).toEqual({ name: 'bca', size: 'cab', family: 'cab', rank: 'abc', kind: 'bca', verdict: 'abc' });
  });

  it('says what is wrong with the values where they were looked at', () => {
    const row = rowOf(entry('/r/n.safetensors', { verdict: 'faulty', weights: { verdict: 'nan' } }), '/r');
    expect(tableLines([row], 'en', 80, true)[1]).toMatch(/^NaN {2}/);
    expect(tableLines([{ ...row, values: '' }], 'en', 80, true)[1]).toMatch(/^FAULTY/);
    expect(matches(row, 'nan')).toBe(true);
  });

  it('filters by all words, in any column', () => {
    expect(rows.filter((row) => matches(row, 'ZVX')).map(({ name }) => name)).toEqual(['c.safetensors']);
    expect(rows.filter((row) => matches(row, 'lora broken')).map(({ name }) => name)).toEqual(['sub/a.safetensors']);
  });

  it('fits its columns and lets no control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.integer({ min: 80, max: 140 }), (name, columns) => {
        for (const line of tableLines([rowOf(entry(`/r/${name}`), '/r')], 'zh', columns, false)) {
          expect(textWidth(line)).toBeLessThanOrEqual(columns);
          expect(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/.test(line)).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('words for the prompt', () => {
  it('stand once, stated ones first, with their source', () => {
    const all = [
      { word: 'zvx', count: 20, source: 'tags' },
      { word: 'hat', count: 9, source: 'tags' },
    ] as const;
    expect(rankWords(all, ['zvx'], ['zvx', 'smile'])).toEqual([
      { word: 'zvx', count: 20, source: 'sidecar', likely: true },
      { word: 'smile', count: 0, source: 'sidecar', likely: true },
      { word: 'hat', count: 9, source: 'tags', likely: false },
    ]);
  });
});

describe('the cache', () => {
  interface Brief {
    readonly n: number;
  }
  const stamp = { size: 1, mtimeMs: 1000, dev: 1, ino: 2 };
  const isBrief = (value: unknown): value is Brief => typeof (value as { n?: unknown } | null)?.n === 'number';
  const text = (of: string): Uint8Array => new TextEncoder().encode(of);
  const joined = (pieces: readonly Uint8Array[] | null): Uint8Array => Buffer.concat(pieces ?? []);
  const cache = (bytes: Uint8Array | null, key = 'k') => new InspectCache<Brief>(bytes, key, isBrief);
  const filled = (): Uint8Array => {
    const one = cache(null);
    one.set('/a', stamp, { brief: { n: 1 }, text: text('{"a":1}') }, 1e6);
    one.set('/b', stamp, { brief: { n: 2 }, text: text('{"b":"二"}') }, 1e6);
    return joined(one.bytes());
  };
  const read = (kept: { brief: Brief; text: Uint8Array } | undefined): unknown =>
    kept && [kept.brief, new TextDecoder().decode(kept.text)];

  it('remembers as long as size, time, device and inode are the same', () => {
    const bytes = filled();
    expect(read(cache(bytes).get('/a', stamp))).toEqual([{ n: 1 }, '{"a":1}']);
    expect(read(cache(bytes).get('/b', stamp))).toEqual([{ n: 2 }, '{"b":"二"}']);
    for (const key of ['size', 'mtimeMs', 'dev', 'ino'] as const)
      expect(cache(bytes).get('/a', { ...stamp, [key]: 77 })).toBeUndefined();
    expect(cache(bytes, 'other rules').get('/a', stamp)).toBeUndefined();
    expect(cache(bytes).bytes()).toBeNull();
  });

  it('learns more of a file that it knows, and nothing of one that it does not', () => {
    const one = cache(filled());
    one.amend('/c', { n: 5 });
    expect(one.bytes()).toBeNull();
    one.amend('/a', { n: 5 });
    expect(read(cache(joined(one.bytes())).get('/a', stamp))).toEqual([{ n: 5 }, '{"a":1}']);
  });

  it('does not trust a file that was changed a moment ago', () => {
    const one = cache(null);
    one.set('/a', stamp, { brief: { n: 1 }, text: text('1') }, 1500);
    expect(one.get('/a', stamp)).toBeUndefined();
  });

  it('takes any damaged bytes for an empty cache, and briefs of another form for none', () => {
    const good = filled();
    fc.assert(
      fc.property(fc.nat(good.length), fc.uint8Array({ maxLength: 5 }), (at, put) => {
        const damaged = Buffer.concat([good.subarray(0, at), put, good.subarray(at + put.length)]);
        const found = cache(damaged).get('/a', stamp);
        expect(found === undefined || typeof found.brief.n === 'number').toBe(true);
      }),
      { numRuns: 300 },
    );
    const other = Buffer.from(Buffer.from(good).toString().replace('{"n":1}', '{"n":"x"}'));
    expect(cache(other).get('/a', stamp)).toBeUndefined();
    expect(cache(other).get('/b', stamp)).toBeDefined();
    expect(cache(good.subarray(0, good.length - 4)).get('/b', stamp)).toBeUndefined();
    expect(cache(text('[]\n')).get('/a', stamp)).toBeUndefined();
  });

  it('forgets what was used longest ago when it grows too large', () => {
    const one = cache(null);
    const large = new Uint8Array(4 * 1024 * 1024);
    for (let i = 0; i < 20; i++) one.set(`/${i}`, stamp, { brief: { n: i }, text: large }, 1e6);
    const bytes = joined(one.bytes());
    expect(bytes.length).toBeLessThan(49 * 1024 * 1024);
    expect(cache(bytes).get('/0', stamp)).toBeUndefined();
    expect(cache(bytes).get('/19', stamp)?.brief).toEqual({ n: 19 });
  });
});
