import { describe, expect, it } from 'vitest';
import { shippedPresets } from '../../src/commands/preset';
import { presetsFor } from '../../src/presets/find';
import { peaksOf } from '../../src/presets/peak';
import { GIB } from '../../src/vram/bytes';

const query = { vramGib: 6, generation: 'rtx20', family: null, task: null, ui: null } as const;

describe('the predicted peak of a preset', () => {
  it('lies, at its low end, below the memory that the preset is given for', () => {
    for (const preset of shippedPresets()) {
      for (const vramGib of [preset.vram.from, preset.vram.to]) {
        const settings = preset.settings.filter(({ cards }) => cards?.includes('rtx20') ?? true);
        for (const { low, fits } of peaksOf({ preset, settings }, { ...query, vramGib })) {
          expect([preset.id, vramGib, low <= vramGib * GIB]).toEqual([preset.id, vramGib, true]);
          expect(fits).not.toBe('no');
        }
      }
    }
  });

  it('follows the settings: SDXL in fp8 with both caches against the same without fp8', () => {
    const { fitting } = presetsFor(shippedPresets(), { ...query, family: 'sdxl', task: 'train' });
    const [one] = fitting;
    if (!one) throw new Error('no preset');
    const [fp8] = peaksOf(one, query);
    const [plain] = peaksOf({ ...one, settings: one.settings.filter(({ name }) => name !== 'fp8_base') }, query);
    expect(plain?.peak).toBeGreaterThan((fp8?.peak ?? 0) + 1.5 * GIB);
  });
});
