import { runExamples } from '../diagnosis/compile/verify';
import { show } from '../formats/show';
import { printJson } from '../report/json';
import { inLanguage } from '../report/words';
import { type CommandContext, fail } from './context';
import { loadDoctor } from './doctor';
import { readShipped } from './shipped';

/** `rules list` and `rules test`. Built-in rules were tested when they were built; `test` runs a user's (`--rules DIR`). */
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
  if (typeof directory !== 'string') {
    return fail(
      context,
      {
        code: 'usage',
        message: context.lang === 'en' ? 'the built-in rules were tested when they were built' : '内置规则在构建时已通过测试',
        remedy: 'lora-doctor rules test --rules DIR',
      },
      2,
    );
  }
  const { compileUserRules, errorLine } = await import('./user-rules');
  const { registry } = await import('../facts/registry/all');
  const result = compileUserRules(context, readShipped(), directory);
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
