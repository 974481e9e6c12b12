import type { FactSpec } from '../../facts/define';
import { hash64 } from '../hash';
import type { Rule, RuleBase } from '../rule';
import { type CompiledRule, compileRule } from './rule';
import { verifyRule } from './verify';
import { compileWords } from './words';
import type { RuleError } from './yaml-reader';

export interface RuleFile {
  /** As shown in errors, with `/`: `rules/machine/oom-vram.yaml`. */
  readonly file: string;
  readonly source: string;
}

export interface CompileInput {
  readonly words: RuleFile;
  readonly rules: readonly RuleFile[];
  readonly facts: ReadonlyMap<string, FactSpec>;
  readonly signals: ReadonlyMap<string, ReadonlySet<string>>;
  readonly origin: Rule['source'];
  /** Rules that exist already (a user's rules stand beside the built-in ones): their ids are taken. */
  readonly taken?: ReadonlySet<string>;
}

export interface CompileResult {
  readonly base: RuleBase;
  readonly compiled: readonly CompiledRule[];
  /** Sorted by file and line. With any error the base holds only the rules without one. */
  readonly errors: readonly RuleError[];
}

/** Compiles and verifies a whole rule base. The same code serves the build and a user's `--rules DIR`. */
export function compileRules(input: CompileInput): CompileResult {
  const words = compileWords(input.words.file, input.words.source);
  const vocabulary = {
    facts: input.facts,
    signals: input.signals,
    causes: new Set(Object.keys(words.causes)),
    symptoms: new Set(Object.keys(words.symptoms)),
  };
  const errors: RuleError[] = [...words.errors];
  const ids = new Set(input.taken);
  const compiled: CompiledRule[] = [];
  for (const { file, source } of input.rules) {
    const one = compileRule(file, source, vocabulary, input.origin);
    const found = verifyRule(one, file, input.facts);
    if (ids.has(one.rule.id)) found.push({ file, line: 1, column: 1, message: `there is a rule "${one.rule.id}" already` });
    ids.add(one.rule.id);
    errors.push(...found);
    if (found.length === 0) compiled.push(one);
  }
  const rules = compiled.map((c) => c.rule).sort((a, b) => (a.id < b.id ? -1 : 1));
  const content = { rules, causes: words.causes, symptoms: words.symptoms };
  return {
    base: { hash: hash64(JSON.stringify(content)), ...content },
    compiled,
    errors: errors.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1)),
  };
}
