import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance } from '../../../src/formats/edit-distance';
import { buildInventory, type Inventory, type LoraEntry } from '../../../src/formats/prompt/inventory';
import { nearestName } from '../../../src/formats/prompt/nearest';
import { type Resolution, type ResolveContext, resolveName } from '../../../src/formats/prompt/resolve';

function entry(file: string, more: Partial<LoraEntry> = {}): LoraEntry {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return {
    id: `lora:${file}`,
    path: `/m/${file}`,
    file,
    stem: name.replace(/\.[^.]*$/, ''),
    alias: null,
    place: 'scanned',
    folder: 0,
    ...more,
  };
}

const A1111: ResolveContext = { ui: 'a1111', os: 'linux', style: 'tag' };
const COMFY: ResolveContext = { ui: 'comfyui', os: 'linux', style: 'file' };
const ask = (name: string, entries: readonly LoraEntry[], context = A1111): Resolution =>
  resolveName(name, buildInventory(entries), context);
const inventory = (...entries: LoraEntry[]): Inventory => buildInventory(entries);

describe('A1111 family (§2.4)', () => {
  it('goes by the stem, whatever the folder, and minds the case', () => {
    expect(ask('a', [entry('sub/a.safetensors')]).kind).toBe('found');
    expect(ask('sub/a', [entry('sub/a.safetensors')])).toMatchObject({ kind: 'missing', nearest: 'a' });
    expect(ask('A', [entry('a.safetensors')])).toMatchObject({ kind: 'case-differs', nearest: 'a' });
    expect(ask('a ', [entry('a.safetensors')])).toMatchObject({ kind: 'missing', nearest: 'a' });
  });
  it('takes the last scanned of two equal stems, in natural order', () => {
    const two = [entry('v10/a.safetensors'), entry('v9/a.safetensors')];
    expect(ask('a', two)).toMatchObject({ kind: 'ambiguous', entry: { file: 'v10/a.safetensors' } });
    expect(ask('a', [entry('a.safetensors'), entry('a.ckpt')]).entry?.file).toBe('a.safetensors');
    expect(ask('a', [entry('a.safetensors', { folder: 1, path: '/lyco/a' }), entry('a.safetensors')]).entry?.path).toBe(
      '/lyco/a',
    );
  });
  it('finds by training name, unless it is shared', () => {
    expect(ask('last', [entry('x.safetensors', { alias: 'last' })])).toMatchObject({ kind: 'by-alias', entry: { stem: 'x' } });
    const shared = [entry('x.safetensors', { alias: 'last' }), entry('y.safetensors', { alias: 'last' })];
    expect(ask('last', shared)).toMatchObject({ kind: 'shared-alias', nearest: 'y' });
    expect(ask('x', shared).kind).toBe('found');
  });
  it('sees that a name is also the training name of another file', () => {
    const later = [entry('a.safetensors', { alias: 'b' }), entry('b.safetensors', { alias: 'style' })];
    expect(ask('b', later)).toMatchObject({ kind: 'shadowed', entry: { stem: 'b' }, nearest: 'a' });
    const earlier = [entry('b.safetensors', { alias: 'style' }), entry('z.safetensors', { alias: 'b' })];
    expect(ask('b', earlier)).toMatchObject({ kind: 'found', entry: { stem: 'b' } });
  });
  it('tells hidden and elsewhere from missing', () => {
    expect(ask('a', [entry('a.sft', { place: 'hidden' })]).kind).toBe('hidden');
    expect(ask('a', [entry('a.safetensors', { place: 'elsewhere' })]).kind).toBe('elsewhere');
    expect(ask('film_grane', [entry('film_grain.safetensors')])).toMatchObject({
      kind: 'missing',
      entry: null,
      nearest: 'film_grain',
    });
    expect(ask('other', [entry('film_grain.safetensors')])).toMatchObject({ kind: 'missing', nearest: null });
  });
});

describe('other programs', () => {
  it('ComfyUI: relative path with extension', () => {
    expect(ask('sub/a.safetensors', [entry('sub/a.safetensors')], COMFY).kind).toBe('found');
    expect(ask('a', [entry('a.safetensors')], COMFY)).toMatchObject({ kind: 'missing', nearest: 'a.safetensors' });
    expect(ask('a.safetensors', [entry('sub/a.safetensors')], COMFY)).toMatchObject({
      kind: 'missing',
      nearest: 'sub/a.safetensors',
    });
    expect(ask('sub\\a.safetensors', [entry('sub/a.safetensors')], COMFY).kind).toBe('separator-differs');
    expect(ask('sub\\a.safetensors', [entry('sub/a.safetensors')], { ...COMFY, os: 'windows' }).kind).toBe('found');
    expect(ask('A.safetensors', [entry('a.safetensors')], COMFY).kind).toBe('case-differs');
  });
  it('SD.Next: dots become underscores', () => {
    const sdnext: ResolveContext = { ui: 'sdnext', os: 'linux', style: 'tag' };
    const files = [entry('sub/mecha.v1.2.safetensors', { stem: 'mecha.v1.2', alias: 'last' })];
    for (const name of ['mecha_v1_2', 'mecha.v1.2', 'sub/mecha.v1.2']) expect(ask(name, files, sdnext).kind).toBe('found');
    expect(ask('mecha_v1.2', files, sdnext)).toMatchObject({ kind: 'missing', nearest: 'mecha_v1_2' });
    expect(ask('last', files, sdnext).kind).toBe('missing');
  });
  it('loose lookup minds neither case, folder nor extension', () => {
    expect(ask('A', [entry('sub/a.safetensors')], { ui: 'swarmui', os: 'linux', style: 'tag' }).kind).toBe('found');
    expect(ask('x/A.safetensors', [entry('sub/a.safetensors')], { ...COMFY, style: 'loose' }).kind).toBe('found');
  });
  it('Easy Diffusion takes the name of a file in whatever folder for a tag, and looser names for its own field', () => {
    const files = [entry('sub/Pixel.safetensors')];
    const tag = { ui: 'easydiffusion', os: 'linux', style: 'tag' } as const;
    expect(ask('Pixel', files, tag).kind).toBe('found');
    for (const name of ['pixel', 'sub/Pixel', 'Pixel.safetensors']) expect(ask(name, files, tag).kind).not.toBe('found');
    expect(ask('sub/Pixel', files, { ...tag, style: 'loose' }).kind).toBe('found');
  });
});

describe('similar names', () => {
  it('measures edits, swaps counted once', () => {
    expect(editDistance('abc', 'acb', 9)).toBe(1);
    expect(editDistance('', 'abc', 9)).toBe(3);
    expect(nearestName('detail_v3', ['detial_v3', 'other'])).toBe('detial_v3');
  });
  it('is symmetric and zero only for equal texts', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b, 99)).toBe(editDistance(b, a, 99));
        expect(editDistance(a, b, 99) === 0).toBe(a === b);
      }),
      { numRuns: 300 },
    );
  });
  it('every scanned stem resolves to a file of that stem or to the one that shadows it', () => {
    const names = fc.constantFrom('a', 'b', 'A', 'last', 'none');
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.option(names, { nil: null })), { minLength: 1, maxLength: 6 }), (list) => {
        const entries = list.map(([stem, alias], i) => entry(`d${i}/${stem}.safetensors`, { alias }));
        for (const e of entries)
          expect(['found', 'ambiguous', 'shadowed']).toContain(resolveName(e.stem, inventory(...entries), A1111).kind);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the same relative name in two folders', () => {
  it('ComfyUI takes the first folder in silence (A3)', () => {
    const two = [entry('a.safetensors', { folder: 1, path: '/second/a' }), entry('a.safetensors', { path: '/first/a' })];
    expect(ask('a.safetensors', two, COMFY)).toMatchObject({ kind: 'ambiguous', entry: { path: '/first/a' } });
    expect(ask('a.safetensors', [entry('a.safetensors'), entry('sub/a.safetensors')], COMFY).kind).toBe('found');
  });
});
