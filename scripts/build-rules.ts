// rules/**/*.yaml → dist/rules.json, and rules/presets → dist/presets.json beside it. Prints every error as file:line:column and ends with 1 when there is one.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compileBuiltIn } from '../src/commands/rule-files';
import { compileFolklore } from '../src/diagnosis/compile/folklore';
import { compilePresets } from '../src/presets/compile';

const out = process.argv[2];
if (out === undefined) throw new Error('usage: build-rules OUT');
const { result, signatures } = compileBuiltIn('rules');
const folklore = compileFolklore('rules/folklore.yaml', readFileSync('rules/folklore.yaml', 'utf8'));
const presetFiles = readdirSync('rules/presets').sort();
const { book, errors } = compilePresets(
  presetFiles.map((name) => ({ file: `rules/presets/${name}`, text: readFileSync(path.join('rules/presets', name), 'utf8') })),
);
const wrong = [...result.errors, ...folklore.errors, ...errors];
for (const e of wrong) console.error(`${e.file}:${e.line}:${e.column}: ${e.message}`);
if (wrong.length > 0) process.exit(1);
// Samples are tests, not data: they stay at home.
const shipped = signatures.map((f) => ({ ...f, signatures: f.signatures.map(({ samples: _samples, ...rest }) => rest) }));
writeFileSync(out, JSON.stringify({ base: result.base, signatures: shipped, folklore: folklore.pages }));
writeFileSync(path.join(path.dirname(out), 'rules.hash'), result.base.hash);
writeFileSync(path.join(path.dirname(out), 'presets.json'), JSON.stringify(book));
