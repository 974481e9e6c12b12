import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scriptOf } from '../../../src/formats/training/options';
import { WordReader } from '../../../src/formats/training/words';

const file = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../fixtures/training-parser.json');
const { cases } = JSON.parse(fs.readFileSync(file, 'utf8')) as {
  cases: { file: string | null; variant: string; script: string; argv: string[]; accepted: boolean }[];
};

describe("what sd-scripts' own argument parser said", () => {
  it.each(cases.map((each) => ({ ...each, name: `${each.file ?? each.argv.join(' ')} ${each.variant}` })))(
    '$name',
    ({ script, argv, accepted }) => {
      const place = { line: 1, column: 1 };
      const words = argv.map((text) => ({ text, quoted: false, ...place, end: place }));
      const reader = new WordReader(words, scriptOf(script));
      reader.run();
      expect(reader.problems.length === 0).toBe(accepted);
    },
  );
});
