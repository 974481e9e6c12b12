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
  const hash = (path: string) => ({ file: path === 'c' ? 'other' : 'same', data: 'data' });

  it('tells copies from files that share their tensors', () => {
    expect(findDuplicates(files.slice(0, 2), () => 's', hash)).toEqual([{ same: 'file', confirmed: true, paths: ['a', 'b'] }]);
    expect(findDuplicates(files, () => 's', hash)).toEqual([{ same: 'tensors', confirmed: true, paths: ['a', 'b', 'c'] }]);
  });

  it('samples and sizes rule out without a hash', () => {
    const never = (): never => {
      throw new Error('hashed');
    };
    expect(findDuplicates(files, (path) => path, never)).toEqual([]);
    expect(
      findDuplicates(
        files.map((file, i) => ({ ...file, dataBytes: i })),
        () => 's',
        never,
      ),
    ).toEqual([]);
  });

  it('beyond the budget says that only samples were compared', () => {
    const large = files.map((file) => ({ ...file, size: 2 ** 40 }));
    expect(findDuplicates(large, () => 's', hash)).toEqual([{ same: 'file', confirmed: false, paths: ['a', 'b', 'c'] }]);
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
  const stamp = { size: 1, mtimeMs: 1000, dev: 1, ino: 2 };
  const isValue = (value: unknown): value is { n: number } => typeof (value as { n?: unknown } | null)?.n === 'number';
  const cache = (text: string | null, key = 'k') => new InspectCache<{ n: number }>(text, key, isValue);
  const filled = (): string => {
    const one = cache(null);
    one.set('/a', stamp, { n: 1 }, 1e6);
    return one.text() ?? '';
  };

  it('remembers as long as size, time, device and inode are the same', () => {
    const text = filled();
    expect(cache(text).get('/a', stamp)).toEqual({ n: 1 });
    for (const key of ['size', 'mtimeMs', 'dev', 'ino'] as const)
      expect(cache(text).get('/a', { ...stamp, [key]: 77 })).toBeUndefined();
    expect(cache(text, 'other rules').get('/a', stamp)).toBeUndefined();
    expect(cache(text).text()).toBeNull();
  });

  it('does not trust a file that was changed a moment ago', () => {
    const one = cache(null);
    one.set('/a', stamp, { n: 1 }, 1500);
    expect(one.get('/a', stamp)).toBeUndefined();
  });

  it('takes any damaged text for an empty cache, and values of another form for none', () => {
    const good = filled();
    fc.assert(
      fc.property(fc.nat(good.length), fc.string({ maxLength: 5 }), (at, put) => {
        const found = cache(good.slice(0, at) + put + good.slice(at + put.length)).get('/a', stamp);
        expect(found === undefined || typeof found.n === 'number').toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(cache(good.replace('{"n":1}', '{"n":"x"}')).get('/a', stamp)).toBeUndefined();
    expect(cache('[]').get('/a', stamp)).toBeUndefined();
  });

  it('forgets what was used longest ago when it grows too large', () => {
    const one = new InspectCache<{ n: number; s: string }>(null, 'k', (value): value is { n: number; s: string } =>
      isValue(value),
    );
    for (let i = 0; i < 20; i++) one.set(`/${i}`, stamp, { n: i, s: 'x'.repeat(1024 * 1024) }, 1e6);
    const text = one.text() ?? '';
    const again = cache(text);
    expect(text.length).toBeLessThan(17 * 1024 * 1024);
    expect(again.get('/0', stamp)).toBeUndefined();
    expect(again.get('/19', stamp)).toMatchObject({ n: 19 });
  });
});
