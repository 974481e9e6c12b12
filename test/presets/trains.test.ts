import { describe, expect, it } from 'vitest';
import { createTrainingCheck } from '../../src/checks/training/check';
import { compileBuiltIn } from '../../src/commands/rule-files';
import { diagnose } from '../../src/diagnosis/diagnose';
import { registry } from '../../src/facts/registry/all';
import { Store } from '../../src/facts/store';
import { readCommands } from '../../src/formats/training/command';
import { readScript } from '../../src/formats/training/lex';
import { scriptOf } from '../../src/formats/training/options';
import { presetsFor } from '../../src/presets/find';
import { type Format, printPresets } from '../../src/presets/print';
import { certain, type PresetQuery } from '../../src/presets/query';
import { runChecks } from '../checks/plant';
import { book, GPUS, page, query, SIZES } from './book';

const { result } = compileBuiltIn('rules');

/** What `lora-doctor train -` says of a text, as error or warning. */
async function findings(text: string): Promise<string[]> {
  const store = new Store(registry);
  await runChecks([createTrainingCheck({ name: '-', bytes: new TextEncoder().encode(text) })], ['-'], { store });
  expect(store.subjects('training').length).toBe(1);
  return diagnose(store, result.base)
    .findings.filter(({ rule }) => rule.severity !== 'info')
    .map(({ rule }) => rule.id);
}

const print = (asked: PresetQuery, format: Format) => printPresets(book, presetsFor(book, asked), asked, format, page());

const cases = [null, ...GPUS].flatMap((gpu) =>
  [...SIZES, 10].flatMap((vramGib) =>
    ['sd15', 'sdxl', 'flux', 'qwen-image', 'hunyuan-image-2.1']
      .map((family) => query({ gpu, vramGib, family, task: 'train' }))
      .filter((asked) => presetsFor(book, asked).fitting.length > 0),
  ),
);

describe('a printed training', () => {
  it.each(['toml', 'shell', 'cmd', 'powershell'] as const)(
    'as %s is whole and clean by our own checker, on every card and size',
    async (format) => {
      expect(cases.length).toBeGreaterThan(80);
      const said = new Map<string, string[]>();
      for (const asked of cases) {
        const text = print(asked, format);
        if (format === 'toml' && asked.family === 'qwen-image') {
          expect(text).toContain('as a command only');
          continue;
        }
        const found = said.get(text) ?? (await findings(text));
        said.set(text, found);
        expect([asked.gpu, asked.vramGib, asked.family, found]).toEqual([asked.gpu, asked.vramGib, asked.family, []]);
      }
    },
  );

  it('says each setting once, and only options that the script has', () => {
    for (const asked of cases)
      for (const { preset, settings } of presetsFor(book, asked).fitting) {
        const names = certain(settings, asked).map(({ name }) => name);
        expect([preset.id, asked.gpu, names]).toEqual([preset.id, asked.gpu, [...new Set(names)]]);
        const known = scriptOf(preset.script?.split('/').at(-1) ?? '')?.options.map(({ name }) => name) ?? [];
        expect(settings.filter(({ name }) => !known.includes(name)).map(({ name }) => `${preset.id} ${name}`)).toEqual([]);
      }
  });

  it.each([
    ['shell', 'bash'],
    ['cmd', 'cmd'],
    ['powershell', 'powershell'],
  ] as const)('as %s hands the trainer what the preset says', (format, shell) => {
    for (const asked of cases) {
      const [setup] = readCommands(readScript(print(asked, format), shell));
      const [fitting] = presetsFor(book, asked).fitting;
      expect([...(setup?.options.keys() ?? [])]).toEqual(certain(fitting?.settings ?? [], asked).map(({ name }) => name));
      expect(setup?.problems).toEqual([]);
      expect(setup?.options.get('optimizer_args')?.values ?? []).toEqual(
        certain(fitting?.settings ?? [], asked).find(({ name }) => name === 'optimizer_args')?.value ?? [],
      );
    }
  });
});
