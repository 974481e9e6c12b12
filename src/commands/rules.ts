import path from 'node:path';
import type { CompileResult } from '../diagnosis/compile/index';
import { runExamples } from '../diagnosis/compile/verify';
import { show } from '../formats/show';
import { findAsset } from '../platform/assets';
import { printJson } from '../report/json';
import type { Problem } from '../report/problem';
import { inLanguage } from '../report/words';
import { type CommandContext, fail } from './context';
import { loadDoctor } from './doctor';
import { readShipped } from './shipped';

/** `rules list` and `rules test`: a user's rules (`--rules DIR`), or in a clone the built-in ones. */
export async function runRules(context: CommandContext): Promise<number> {
  const [word] = context.args.words;
  if (word === 'list') return list(context);
  if (word === 'test') return test(context);
  const { lang } = context;
  return fail(
    context,
    {
      code: 'usage',
      message: lang === 'en' ? 'rules takes list or test' : 'rules 需要 list 或 test',
      remedy: 'lora-doctor rules list · lora-doctor rules test --rules DIR',
    },
    2,
  );
}

async function list(context: CommandContext): Promise<number> {
  const doctor = await loadDoctor(context);
  if ('code' in doctor) return fail(context, doctor, 2);
  const rows = doctor.base.rules.map((r) => ({
    id: r.id,
    cause: r.cause,
    severity: r.severity,
    source: r.source,
    title: inLanguage(r.title, context.lang),
  }));
  if (context.json)
    context.stdout.write(`${printJson({ schema: 'lora-doctor/rules@1', hash: doctor.base.hash, rules: rows })}\n`);
  else for (const r of rows) context.stdout.write(`${show(`${r.severity.padEnd(8)} ${r.id}  ${r.cause}  ${r.title}`)}\n`);
  return 0;
}

async function test(context: CommandContext): Promise<number> {
  const directory = context.args.options.get('rules');
  const { errorLine } = await import('./user-rules');
  const { registry } = await import('../facts/registry/all');
  const result = typeof directory === 'string' ? await userRules(context, directory) : await ownRules(context);
  if ('code' in result) return fail(context, result, 2);
  const outcomes = result.compiled.flatMap((c) => runExamples(c, registry));
  if (context.json) {
    context.stdout.write(`${printJson({ schema: 'lora-doctor/rules-test@1', errors: result.errors, outcomes })}\n`);
  } else {
    for (const o of outcomes) context.stdout.write(`${show(`${o.outcome.padEnd(10)} ${o.rule}  ${o.example}`)}\n`);
    for (const e of result.errors) context.stdout.write(errorLine(e));
    const bad = result.errors.length;
    context.stdout.write(
      context.lang === 'en'
        ? `${outcomes.length} examples as expected, ${bad} errors\n`
        : `${outcomes.length} 个用例符合预期，${bad} 个错误\n`,
    );
  }
  return result.errors.length > 0 ? 1 : 0;
}

async function userRules(context: CommandContext, directory: string): Promise<CompileResult | Problem> {
  const { compileUserRules } = await import('./user-rules');
  return compileUserRules(context, readShipped(), directory);
}

/** The built-in rules as they stand in a clone; an installed package has only what was compiled (and tested) from them. */
async function ownRules(context: CommandContext): Promise<CompileResult | Problem> {
  const words = findAsset('../rules/causes.yaml');
  if (words !== null) {
    const { compileBuiltIn } = await import('./rule-files');
    return compileBuiltIn(path.dirname(words)).result;
  }
  return {
    code: 'usage',
    message: context.lang === 'en' ? 'the built-in rules were tested when they were built' : '内置规则在构建时已通过测试',
    remedy: 'lora-doctor rules test --rules DIR',
  };
}
