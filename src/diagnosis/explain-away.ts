import { baseName } from '../formats/file-name';
import { installOf } from './resolve';
import type { Suspicion } from './suspicion';

/**
 * A root explains its echoes: a finding whose rule lists another's cause under `explains` takes that one under its wing
 * when both belong to the same install (or to none) and do not name different LoRAs. So does one that is told of the files for
 * the same cause told of the log, and the other way round, and one of two rules that read the same line: the higher ranked stands for both. Only a likely or confirmed finding
 * may explain, and none that the other already explains. The explained ones keep their order behind the rest.
 */
export function explainAway(ranked: readonly Suspicion[]): Suspicion[] {
  const by = new Map<string, string>();
  for (const [rank, root] of ranked.entries()) {
    if (root.verdict !== 'confirmed' && root.verdict !== 'likely') continue;
    for (const [at, echo] of ranked.entries()) {
      if (echo === root || by.has(echo.fingerprint) || leadsTo(by, root.fingerprint, echo.fingerprint)) continue;
      const echoes = root.rule.explains.includes(echo.rule.cause) || (rank < at && sameMatter(root, echo));
      if (echoes && sameInstall(root, echo) && sameLora(root, echo)) {
        by.set(echo.fingerprint, root.fingerprint);
      }
    }
  }
  const marked = ranked.map((s) => ({ ...s, explainedBy: by.get(s.fingerprint) ?? null }));
  return [...marked.filter((s) => s.explainedBy === null), ...marked.filter((s) => s.explainedBy !== null)];
}

function leadsTo(by: ReadonlyMap<string, string>, from: string, to: string): boolean {
  for (let at = by.get(from); at !== undefined; at = by.get(at)) if (at === to) return true;
  return false;
}

/** One cause, once seen in the log and once in the files, or told twice of the same line. */
function sameMatter(a: Suspicion, b: Suspicion): boolean {
  if (a.rule.cause !== b.rule.cause) return false;
  return (a.rule.scope === 'log') !== (b.rule.scope === 'log') || sameLine(a, b);
}

function sameLine(a: Suspicion, b: Suspicion): boolean {
  return a.hit !== undefined && a.scope.subjects[0]?.id === b.scope.subjects[0]?.id && a.hit.firstLine === b.hit?.firstLine;
}

function sameInstall(a: Suspicion, b: Suspicion): boolean {
  const x = installOf(a.scope);
  const y = installOf(b.scope);
  return x === undefined || y === undefined || x === y;
}

/** Two findings about two different LoRAs do not explain each other; one that names none (a log line, a card) may. */
function sameLora(a: Suspicion, b: Suspicion): boolean {
  const x = loraName(a);
  const y = loraName(b);
  return x === undefined || y === undefined || x === y;
}

/** The LoRA that a finding is about, by its file name without folder and ending, in lower case. */
function loraName({ scope, about, hit }: Suspicion): string | undefined {
  const subject = scope.subjects[0];
  const name =
    subject?.kind === 'use'
      ? scope.store.value<string>(subject.id, 'use.name')
      : about.kind === 'lora'
        ? about.label
        : (hit?.captures.lora ?? undefined);
  return name === undefined
    ? undefined
    : baseName(name)
        .replace(/\.(?:corrupted)$/i, '')
        .replace(/\.(?:safetensors|sft|pt|ckpt|bin)$/i, '')
        .toLowerCase();
}
