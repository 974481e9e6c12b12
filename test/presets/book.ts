import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compilePresets } from '../../src/presets/compile';
import type { PresetQuery } from '../../src/presets/query';
import type { Page } from '../../src/presets/sheet';
import { textTheme } from '../../src/report/theme';

const folder = path.join(import.meta.dirname, '../../rules/presets');
export const files = readdirSync(folder).map((file) => ({ file, text: readFileSync(path.join(folder, file), 'utf8') }));
export const { book, errors } = compilePresets(files);

export const query = (over: Partial<PresetQuery> = {}): PresetQuery => ({
  vramGib: 6,
  gpu: null,
  family: null,
  task: null,
  ui: null,
  ...over,
});

export const page = (over: Partial<Page> = {}): Page => ({
  theme: textTheme({ color: false, ascii: false }),
  width: 100,
  lang: 'en',
  ...over,
});

/** One card of each generation. */
export const GPUS = ['GTX 1060', 'GTX 1660 Ti', 'RTX 2060', 'RTX 3060 Laptop', 'RTX 4060', 'RTX 5060'] as const;
export const OTHERS = ['Radeon RX 6600', 'Intel Arc A770', 'Apple M2'] as const;
export const SIZES = [4, 6, 8, 12, 16, 24] as const;
