// zod schemas and the rule language → schema/*.json. `--check` compares instead of writing and ends with 1 when a file is not up to date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { schemaFiles } from './schema-files';

const check = process.argv.includes('--check');
mkdirSync('schema', { recursive: true });
for (const [file, text] of schemaFiles('rules')) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (check) {
    console.error(`${file} is not what the sources say; run: npm run schema`);
    process.exitCode = 1;
  } else writeFileSync(file, text);
}
