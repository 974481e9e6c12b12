import type { Check, CheckContext, Depth } from '../checks/check';
import type { Gathered } from '../facts/snapshot';
import type { Store } from '../facts/store';
import type { Platform } from '../platform/platform';

export interface RunOptions {
  readonly checks: readonly Check[];
  readonly store: Store;
  readonly platform: Platform;
  readonly targets: readonly string[];
  readonly searching: boolean;
  readonly depth: Depth;
  readonly signal: AbortSignal;
  /** Told when a check starts, gets on and ends. */
  readonly onCheck?: (event: CheckEvent) => void;
}

export type CheckEvent =
  | { readonly kind: 'started'; readonly id: string; readonly title: { readonly en: string; readonly zh: string } }
  | { readonly kind: 'progress'; readonly id: string; readonly done: number; readonly total?: number; readonly what: string }
  | { readonly kind: 'ended'; readonly id: string; readonly status: 'ok' | 'failed' | 'timed-out' | 'skipped' };

const DEPTHS: readonly Depth[] = ['quick', 'normal', 'deep'];

/**
 * Runs checks side by side, each when those it needs have ended (however they ended), each under its own time limit. One
 * that throws or hangs makes its own facts unknown; the others go on.
 */
export async function runChecks(options: RunOptions): Promise<void> {
  const runs = new Map<string, Promise<void>>();
  const byId = new Map(options.checks.map((c) => [c.id, c]));
  const start = (check: Check): Promise<void> => {
    const running = runs.get(check.id);
    if (running) return running;
    const needed = check.needs.flatMap((id) => byId.get(id) ?? []).map(start);
    const run = Promise.all(needed).then(() => runOne(check, options));
    runs.set(check.id, run);
    return run;
  };
  await Promise.all(options.checks.map(start));
}

async function runOne(check: Check, options: RunOptions): Promise<void> {
  const { store, platform } = options;
  if (DEPTHS.indexOf(check.depth) > DEPTHS.indexOf(options.depth)) {
    store.ended({ id: check.id, status: 'skipped', ms: 0 });
    return;
  }
  const began = platform.now();
  const limit = new AbortController();
  const signal = AbortSignal.any([options.signal, limit.signal]);
  options.onCheck?.({ kind: 'started', id: check.id, title: check.title });
  const context: CheckContext = {
    platform,
    signal,
    depth: options.depth,
    targets: options.targets,
    searching: options.searching,
    facts: store,
    progress: (p) => options.onCheck?.({ kind: 'progress', id: check.id, ...p }),
  };
  const outcome = await settle(check, context, limit);
  const ms = Math.max(0, platform.now() - began);
  store.ended({ id: check.id, status: outcome.status, ms, ...(outcome.detail === undefined ? {} : { detail: outcome.detail }) });
  if (outcome.gathered) store.add(check.id, new Set(check.provides), outcome.gathered);
  else
    store.note({
      check: check.id,
      code: `check-${outcome.status}`,
      ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
      ...(outcome.counts === undefined ? {} : { counts: outcome.counts }),
    });
  options.onCheck?.({ kind: 'ended', id: check.id, status: outcome.status });
}

interface Outcome {
  readonly status: 'ok' | 'failed' | 'timed-out';
  readonly detail?: string;
  readonly counts?: { readonly [name: string]: number };
  readonly gathered?: Gathered;
}

async function settle(check: Check, context: CheckContext, limit: AbortController): Promise<Outcome> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => {
      limit.abort();
      resolve({ status: 'timed-out', counts: { seconds: check.timeoutMs / 1000 } });
    }, check.timeoutMs);
  });
  const work = (async (): Promise<Outcome> => {
    try {
      return { status: 'ok', gathered: await check.run(context) };
    } catch (error) {
      return { status: 'failed', detail: error instanceof Error ? error.message : String(error) };
    }
  })();
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
