import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { type CompileResult, compileRules, type RuleFile } from '../diagnosis/compile/index';
import { signalVocabulary } from '../diagnosis/compile/vocabulary';
import { MAX_RULE_BYTES } from '../diagnosis/compile/yaml-reader';
import { registry } from '../facts/registry/all';
import { type SignatureFile, signatureFileSchema } from '../formats/log/signature-schema';
import { DERIVED_CAPTURES, TRACEBACK_SIGNALS } from '../formats/log/vocabulary';

/** Folders of `rules/` that hold other data than rules. */
const NOT_RULES = new Set(['signatures', 'presets']);

/** The rule files below a folder, `<area>/<name>.yaml`, in name order. */
export function readRuleFiles(directory: string, shownAs: string): RuleFile[] {
  const files: RuleFile[] = [];
  for (const area of readdirSync(directory, { withFileTypes: true })) {
    if (!area.isDirectory() || NOT_RULES.has(area.name)) continue;
    for (const name of readdirSync(path.join(directory, area.name)).sort()) {
      if (!name.endsWith('.yaml')) continue;
      files.push({ file: `${shownAs}/${area.name}/${name}`, source: readCapped(path.join(directory, area.name, name)) });
    }
  }
  return files;
}

function readCapped(file: string): string {
  return readFileSync(file)
    .subarray(0, MAX_RULE_BYTES + 1)
    .toString('utf8');
}

/** The log signatures below `rules/signatures`. Throws with file and reason. */
function readSignatures(rulesDirectory: string): SignatureFile[] {
  const directory = path.join(rulesDirectory, 'signatures');
  return readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => {
      const result = signatureFileSchema.safeParse(parse(readFileSync(path.join(directory, name), 'utf8')));
      if (result.success) return result.data;
      const issue = result.error.issues[0];
      throw new Error(`rules/signatures/${name}: ${issue?.path.join('.')}: ${issue?.message}`);
    });
}

/** Compiles the built-in rule base out of a `rules/` folder. */
export function compileBuiltIn(rulesDirectory: string): { result: CompileResult; signatures: SignatureFile[] } {
  const signatures = readSignatures(rulesDirectory);
  const result = compileRules({
    words: { file: 'rules/causes.yaml', source: readFileSync(path.join(rulesDirectory, 'causes.yaml'), 'utf8') },
    rules: readRuleFiles(rulesDirectory, 'rules'),
    facts: registry,
    signals: vocabularyOf(signatures),
    origin: 'built-in',
  });
  return { result, signatures };
}

export function vocabularyOf(signatures: readonly SignatureFile[]): Map<string, ReadonlySet<string>> {
  const words = signatureWords(signatures);
  return signalVocabulary(words, DERIVED_CAPTURES);
}

function signatureWords(signatures: readonly SignatureFile[]): { signal: string; pattern: string }[] {
  const own = TRACEBACK_SIGNALS.map((t) => ({ signal: t.signal, pattern: t.captures.map((c) => `(?<${c}>)`).join('') }));
  return [...signatures.flatMap((f) => f.signatures), ...own];
}
