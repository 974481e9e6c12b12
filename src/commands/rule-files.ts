import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { type CompileResult, compileRules, type RuleFile } from '../diagnosis/compile/index';
import { signalVocabulary } from '../diagnosis/compile/vocabulary';
import { MAX_RULE_BYTES, type RuleError } from '../diagnosis/compile/yaml-reader';
import { registry } from '../facts/registry/all';
import { type SignatureFile, signatureFileSchema } from '../formats/log/signature-schema';
import { DERIVED_CAPTURES, TRACEBACK_SIGNALS } from '../formats/log/vocabulary';

/** What stands in `rules/` beside rules. */
const NOT_RULES = new Set(['signatures', 'presets', 'causes.yaml', 'folklore.yaml']);

/** The rule files of a folder, and what in it could not be read as one. */
export interface RuleFolder {
  readonly files: readonly RuleFile[];
  readonly errors: readonly RuleError[];
}

/**
 * The rule files below a folder, `<area>/<name>.yaml`, in name order. Regular files only; one that cannot be read, or stands
 * where no rule is looked for, becomes an error and the rest goes on. Throws when the folder itself cannot be listed.
 */
export function readRuleFiles(directory: string, shownAs: string): RuleFolder {
  const files: RuleFile[] = [];
  const errors: RuleError[] = [];
  const wrong = (file: string, message: string): number => errors.push({ file, line: 1, column: 1, message });
  for (const area of namesIn(directory)) {
    const folder = path.join(directory, area);
    if (NOT_RULES.has(area)) continue;
    if (!isFolder(folder)) {
      if (area.endsWith('.yaml')) wrong(`${shownAs}/${area}`, 'a rule stands in <area>/<name>.yaml');
      continue;
    }
    for (const name of namesIn(folder).filter((each) => each.endsWith('.yaml'))) {
      const file = `${shownAs}/${area}/${name}`;
      try {
        files.push({ file, source: readCapped(path.join(folder, name)) });
      } catch (error) {
        wrong(file, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return { files, errors };
}

const namesIn = (folder: string): string[] => readdirSync(folder).sort();

const isFolder = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;

/** At most one byte more than a rule may have, so that a longer one is told. Throws for what is no regular file. */
function readCapped(file: string): string {
  const handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(handle).isFile()) throw new Error('not a regular file');
    const bytes = Buffer.alloc(MAX_RULE_BYTES + 1);
    let length = 0;
    for (let got = 1; got > 0 && length < bytes.length; length += got) {
      got = readSync(handle, bytes, length, bytes.length - length, null);
    }
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(handle);
  }
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
  const { files, errors } = readRuleFiles(rulesDirectory, 'rules');
  const compiled = compileRules({
    words: { file: 'rules/causes.yaml', source: readFileSync(path.join(rulesDirectory, 'causes.yaml'), 'utf8') },
    rules: files,
    facts: registry,
    signals: vocabularyOf(signatures),
    origin: 'built-in',
  });
  return { result: { ...compiled, errors: [...errors, ...compiled.errors] }, signatures };
}

export function vocabularyOf(signatures: readonly SignatureFile[]): Map<string, ReadonlySet<string>> {
  const words = signatureWords(signatures);
  return signalVocabulary(words, DERIVED_CAPTURES);
}

function signatureWords(signatures: readonly SignatureFile[]): { signal: string; pattern: string }[] {
  const own = TRACEBACK_SIGNALS.map((t) => ({ signal: t.signal, pattern: t.captures.map((c) => `(?<${c}>)`).join('') }));
  return [...signatures.flatMap((f) => f.signatures), ...own];
}
