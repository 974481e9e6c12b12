import path from 'node:path';
import { type CompileResult, compileRules } from '../diagnosis/compile/index';
import type { RuleError } from '../diagnosis/compile/yaml-reader';
import { hash64 } from '../diagnosis/hash';
import type { RuleBase } from '../diagnosis/rule';
import { registry } from '../facts/registry/all';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import type { Problem } from '../report/problem';
import type { CommandContext } from './context';
import { readRuleFiles, vocabularyOf } from './rule-files';
import type { ShippedData } from './shipped';

/**
 * The built-in rules with a user's beside them. A broken file is named on stderr with file, line and column and left out; the
 * rest is used.
 */
export function addUserRules(context: CommandContext, data: ShippedData, directory: string): RuleBase | Problem {
  const compiled = compileUserRules(context, data, directory);
  if ('code' in compiled) return compiled;
  for (const e of compiled.errors) context.stderr.write(errorLine(e));
  const rules = [...data.base.rules, ...compiled.base.rules];
  return { ...data.base, rules, hash: hash64(data.base.hash + compiled.base.hash) };
}

/** `file:line:column: message`, as editors read it. */
export const errorLine = (e: RuleError): string => `${show(e.file, 1000)}:${e.line}:${e.column}: ${show(e.message, 1000)}\n`;

/** Compiles the user's files with the built-in vocabulary. */
export function compileUserRules(context: CommandContext, data: ShippedData, directory: string): CompileResult | Problem {
  const folder = path.resolve(context.cwd, directory);
  if (context.platform.stat(folder)?.kind !== 'directory') return noFolder(folder, context.lang);
  const { files, errors } = readRuleFiles(folder, directory);
  const compiled = compileRules({
    words: { file: 'built-in', source: JSON.stringify(wordsOf(data.base)) },
    rules: files,
    facts: registry,
    signals: vocabularyOf(data.signatures),
    origin: 'user',
    taken: new Set(data.base.rules.map((r) => r.id)),
  });
  return { ...compiled, errors: [...errors, ...compiled.errors] };
}

function noFolder(folder: string, lang: Language): Problem {
  const shown = show(folder, 1000);
  return {
    code: 'no-rules-folder',
    message: lang === 'en' ? `--rules: there is no folder ${shown}` : `--rules：文件夹不存在：${shown}`,
    remedy: lang === 'en' ? 'give a folder with <area>/<name>.yaml files in it' : '请给出包含 <area>/<name>.yaml 的文件夹',
  };
}

/** The compiled vocabulary in the shape of its source (JSON is YAML). */
function wordsOf(base: RuleBase): unknown {
  return {
    schema: 1,
    causes: base.causes,
    symptoms: Object.fromEntries(Object.entries(base.symptoms).map(([id, s]) => [id, s.title])),
  };
}
