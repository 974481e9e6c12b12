import { gatherText } from '../checks/prompts/check';
import { gatherScript } from '../checks/prompts/script';
import type { Ui } from '../facts/families';
import { promptFacts } from '../facts/registry/prompt';
import { scriptFacts } from '../facts/registry/script';
import { useFacts } from '../facts/registry/use';
import type { Subject } from '../facts/subject';
import { exitStatus } from '../report/exit';
import type { Report, Severity } from '../report/schema';
import { judge, type Looked } from '../scan/scan';
import { type CommandContext, fail } from './context';
import { loadDoctor } from './doctor';
import { keepFindings } from './keep';
import { lookAtInstall } from './one-install';
import { printReport } from './print';
import { type PromptInput, readPromptInput } from './prompt-input';
import { promptText } from './prompt-text';
import { uiOption } from './ui-option';

const PROVIDES = new Set([...promptFacts, ...scriptFacts, ...useFacts].map((f) => f.id));

/** `prompt TEXT|-|FILE`: what it loads and at what strength, on this install or on a program of the kind that `--ui` names. */
export async function runPrompt(context: CommandContext): Promise<number> {
  const { args, lang } = context;
  const ui = uiOption(context);
  if (typeof ui !== 'string') return fail(context, ui, 2);
  const input = await readPromptInput(context);
  if ('code' in input) return fail(context, input, input.code === 'unreadable' ? 3 : 2);
  const doctor = await loadDoctor(context);
  if ('code' in doctor) return fail(context, doctor, 2);
  const looked = await lookAtInstall(context, doctor, { near: null, search: ui === 'auto' });
  if ('code' in looked) return fail(context, looked, 2);
  if (context.signal.aborted) return 130;
  const installs = looked.store.subjects('install');
  const assumed = installs.length === 0 && ui === 'auto';
  if (assumed && input.kind === 'prompts') context.stderr.write(assumption(lang));
  for (const [at, install] of (installs.length === 0 ? [null] : installs).entries()) {
    const found = install ? looked.store.value<Ui>(install.id, 'install.ui') : undefined;
    gatherInput(looked, install, ui === 'auto' ? (found ?? null) : ui, input, at);
  }
  const report = aboutPrompts(judge(doctor, withPrompts(context, looked), lang, context.redact && context.json), looked);
  if (context.json) printReport(context, report);
  else context.stdout.write(promptText(context, looked.store, report));
  return exitStatus(report, (args.options.get('fail-on') as Severity | undefined) ?? 'error');
}

function gatherInput(looked: Looked, install: Subject | null, ui: Ui | null, input: PromptInput, at: number): void {
  const suffix = at === 0 ? '' : `@${at + 1}`;
  if (input.kind === 'script') {
    const script = { path: `${input.path}${suffix}`, text: input.text };
    looked.store.add('prompts', PROVIDES, gatherScript(looked.store, install, ui, script));
    return;
  }
  for (const { key, text } of input.prompts) {
    looked.store.add('prompts', PROVIDES, gatherText(looked.store, install, ui ?? 'a1111', text, `${key}${suffix}`));
  }
}

function withPrompts(context: CommandContext, looked: Looked): Looked {
  looked.store.ended({ id: 'prompts', status: 'ok', ms: 0 });
  return { ...looked, snapshot: looked.store.snapshot(new Date(context.platform.now()).toISOString()) };
}

/** Leaves what concerns the prompts, the pictures and the files they name: the rest of the install is another question. */
export function aboutPrompts(report: Report, { store }: Looked): Report {
  const ids = new Set<string>();
  for (const subject of [...store.subjects('prompt'), ...store.subjects('use'), ...store.subjects('image')]) {
    ids.add(subject.id);
    if (subject.links?.lora) ids.add(subject.links.lora);
  }
  const kinds = new Set(['prompt', 'use', 'image']);
  // A redacted id is another one, so the kind counts as well.
  const concerns = (subject: { id: string; kind: string }): boolean => ids.has(subject.id) || kinds.has(subject.kind);
  const kept = keepFindings(report, (f) => concerns(f.subject));
  const inconclusive = report.inconclusive.filter((i) => concerns(i.subject));
  return { ...kept, inconclusive, summary: { ...kept.summary, inconclusive: inconclusive.length } };
}

const assumption = (lang: CommandContext['lang']): string =>
  lang === 'en'
    ? 'No WebUI was found here: read as A1111 reads it. Name another with --ui KIND, or the folder with --install PATH.\n'
    : '此处没有找到 WebUI：按 A1111 的规则解读。可用 --ui 种类 或 --install 路径 指定。\n';
