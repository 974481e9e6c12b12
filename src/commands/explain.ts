import { suggest } from '../diagnosis/compile/suggest';
import type { Condition, Rule, RuleBase } from '../diagnosis/rule';
import { show } from '../formats/show';
import type { Language } from '../i18n/language';
import { printJson } from '../report/json';
import { factTitle, inLanguage, type Wording } from '../report/words';
import { type CommandContext, fail } from './context';
import { loadDoctor } from './doctor';
import { folkloreJson, folkloreText } from './explain-folklore';
import { readShipped } from './shipped';

/** `explain RULE|CAUSE|BELIEF`: what it means, how it is decided, where that comes from. */
export async function runExplain(context: CommandContext): Promise<number> {
  const { args, lang } = context;
  const word = args.words[0];
  const doctor = await loadDoctor(context);
  if ('code' in doctor) return fail(context, doctor, 2);
  const { base } = doctor;
  if (word === undefined)
    return fail(
      context,
      {
        code: 'usage',
        message: lang === 'en' ? 'explain takes a rule, a cause or a belief' : 'explain 需要一个规则、原因或说法',
        remedy: 'lora-doctor rules list',
      },
      2,
    );
  const { folklore } = readShipped();
  const belief = Object.hasOwn(folklore, word) ? folklore[word] : undefined;
  if (belief) {
    context.stdout.write(context.json ? folkloreJson(word, belief, lang) : folkloreText(word, belief, lang));
    return 0;
  }
  const rule = base.rules.find((r) => r.id === word);
  const cause = rule?.cause ?? word;
  if (!rule && !Object.hasOwn(base.causes, word))
    return fail(
      context,
      unknownWord(word, [...Object.keys(base.causes), ...base.rules.map((r) => r.id), ...Object.keys(folklore)], lang),
      2,
    );
  const rules = rule ? [rule] : base.rules.filter((r) => r.cause === word);
  const wording: Wording = { lang, registry: doctor.registry };
  context.stdout.write(
    context.json ? `${printJson(page(cause, rules, base, wording))}\n` : pageText(cause, rules, base, wording),
  );
  return 0;
}

function unknownWord(word: string, known: readonly string[], lang: Language): { code: string; message: string; remedy: string } {
  const near = suggest(word, known);
  const remedy = near ? (lang === 'en' ? `did you mean "${near}"?` : `是否想输入“${near}”？`) : 'lora-doctor rules list';
  return {
    code: 'unknown-word',
    message: lang === 'en' ? `there is no rule and no cause "${show(word, 80)}"` : `没有名为“${show(word, 80)}”的规则或原因`,
    remedy,
  };
}

function page(cause: string, rules: readonly Rule[], base: RuleBase, wording: Wording): unknown {
  const words = base.causes[cause];
  return {
    schema: 'lora-doctor/explain@1',
    cause,
    area: words?.area ?? null,
    title: words ? inLanguage(words.title, wording.lang) : cause,
    about: words ? inLanguage(words.about, wording.lang) : '',
    rules: rules.map((r) => ({
      id: r.id,
      severity: r.severity,
      scope: r.scope,
      when: conditionText(r.when, wording),
      reads: r.reads,
      references: r.references,
      fixes: r.fixes.map((f) => ({
        id: f.id,
        title: inLanguage(f.title, wording.lang),
        steps: f.steps[wording.lang === 'en' ? 'en' : 'zh'],
      })),
    })),
  };
}

function pageText(cause: string, rules: readonly Rule[], base: RuleBase, wording: Wording): string {
  const words = base.causes[cause];
  const en = wording.lang === 'en';
  const lines = [
    `${cause}  ${words ? inLanguage(words.title, wording.lang) : ''}`,
    '',
    words ? inLanguage(words.about, wording.lang) : '',
    '',
  ];
  if (rules.length === 0) lines.push(en ? 'No rule decides this yet.' : '目前还没有规则能判断此原因。', '');
  for (const rule of rules) {
    lines.push(`${rule.id}  (${rule.severity})`, `  ${en ? 'holds when' : '成立条件'}  ${conditionText(rule.when, wording)}`);
    for (const item of rule.evidence) {
      const weight = `${item.then.direction === 'for' ? '+' : '-'} ${item.then.weight}`;
      lines.push(`  ${en ? 'evidence' : '证据'}  ${weight}: ${conditionText(item.if, wording)}`);
    }
    for (const fix of rule.fixes) {
      lines.push(`  ${en ? 'fix' : '修复'}  ${inLanguage(fix.title, wording.lang)}`);
      fix.steps[en ? 'en' : 'zh'].forEach((step, i) => {
        lines.push(`    ${i + 1}. ${step}`);
      });
    }
    for (const reference of rule.references) lines.push(`  ${en ? 'source' : '来源'}  ${reference}`);
    lines.push('');
  }
  return `${lines
    .map((line) => show(line, 4000))
    .join('\n')
    .trimEnd()}\n`;
}

/** A condition as one readable line: titles of facts, signs of comparison. */
function conditionText(condition: Condition, wording: Wording): string {
  const en = wording.lang === 'en';
  switch (condition.is) {
    case 'all':
      return condition.of.map((c) => conditionText(c, wording)).join(en ? ' and ' : ' 且 ');
    case 'any':
      return `(${condition.of.map((c) => conditionText(c, wording)).join(en ? ' or ' : ' 或 ')})`;
    case 'not':
      return `${en ? 'not ' : '非 '}(${conditionText(condition.of, wording)})`;
    case 'exists':
      return `${condition.negate ? (en ? 'no' : '没有') : en ? 'some' : '某个'} ${condition.kind}: ${conditionText(condition.where, wording)}`;
    default: {
      const operand = condition.operand;
      const value =
        operand !== null && typeof operand === 'object' && 'fact' in operand
          ? factTitle(String(operand.fact), wording)
          : JSON.stringify(operand);
      return `${factTitle(condition.fact, wording)} ${condition.test} ${value}`;
    }
  }
}
