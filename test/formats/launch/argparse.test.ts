import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../src/formats/launch/argparse';
import { optionsOf } from '../../../src/formats/launch/options';
import { readMatrixSettings } from '../../../src/formats/launch/stability-matrix';

const parse = (ui: 'a1111' | 'comfyui' | 'forge-classic' | 'forge-neo', line: string) =>
  parseArguments(line.split(' '), optionsOf(ui).table);

describe('parseArguments', () => {
  it('CF-18 takes abbreviations as argparse does', () => {
    expect(parse('a1111', '--lora /x').values.get('--lora-dir')).toEqual(['/x']);
    expect(parse('a1111', '--lyco-dir=/y').values.get('--lyco-dir-backcompat')).toEqual(['/y']);
    expect(parse('a1111', '--med').problems).toEqual([
      { kind: 'ambiguous', word: '--med', candidates: ['--medvram', '--medvram-sdxl'] },
    ]);
    expect(parse('a1111', '--medvram').values.has('--medvram')).toBe(true);
  });

  it('CF-18 knows which program refuses what', () => {
    expect(parse('comfyui', '--medvram --listen').problems).toEqual([{ kind: 'unknown', word: '--medvram', candidates: [] }]);
    expect(parse('forge-classic', '--lyco-dir-backcompat /x').problems[0]).toMatchObject({ kind: 'unknown' });
    expect(parse('forge-neo', '--no-half-vae').problems[0]).toMatchObject({ kind: 'unknown' });
    expect(parse('forge-neo', '--ckpt-dir /x').values.get('--ckpt-dirs')).toEqual(['/x']);
  });

  it('CF-18 keeps every value of a repeated option and misses a value', () => {
    const parsed = parse('forge-neo', '--lora-dirs /a --lora-dirs /b --port');
    expect(parsed.repeated.get('--lora-dirs')).toEqual([['/a'], ['/b']]);
    expect(parsed.problems).toEqual([{ kind: 'value-missing', word: '--port', candidates: [] }]);
    expect(parse('comfyui', '--extra-model-paths-config a.yaml b.yaml --cpu').values.get('--extra-model-paths-config')).toEqual([
      'a.yaml',
      'b.yaml',
    ]);
  });

  it('never loses an option that the table holds', () => {
    const { table } = optionsOf('a1111');
    const switches = [...table].filter(([, arity]) => arity === 'none').map(([name]) => name);
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...switches), { maxLength: 20 }), (given) => {
        const parsed = parseArguments(given, table);
        expect([...parsed.values.keys()].sort()).toEqual([...given].sort());
        expect(parsed.problems).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('readMatrixSettings', () => {
  it('reads launch arguments of each kind', () => {
    const text = JSON.stringify({
      InstalledPackages: [
        {
          PackageName: 'reforge',
          LibraryPath: 'Packages\\reforge',
          LaunchArgs: [
            { Name: '--xformers', Type: 'Bool', OptionValue: true },
            { Name: '--api', Type: 'Bool', OptionValue: false },
            { Name: '--port', Type: 'String', OptionValue: '7861' },
            { Name: '', Type: 'String', OptionValue: '--listen --no-half' },
          ],
        },
      ],
    });
    expect(readMatrixSettings(text)).toMatchObject([
      { libraryPath: 'Packages/reforge', args: ['--xformers', '--port', '7861', '--listen', '--no-half'] },
    ]);
    expect(readMatrixSettings('{"InstalledPackages": 3}')).toBeNull();
    expect(readMatrixSettings('not json')).toBeNull();
  });
});
