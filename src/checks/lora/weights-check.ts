import { loraWeightFacts } from '../../facts/registry/lora';
import type { FactMap, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { type Fact, known, unknown } from '../../facts/value';
import { findAsset } from '../../platform/assets';
import type { WeightsLook } from '../../weights/look';
import { weighAll } from '../../weights/pool';
import type { Weighed } from '../../weights/weigh';
import type { Check, CheckContext } from '../check';

const ID = 'weights';
/** Bytes of LoRAs that are read at depth normal: some dozen files that recent prompts used. */
const NORMAL_BYTES = 768 * 1024 * 1024;
/** LoRAs looked at when no prompt says which are used. */
const NEWEST = 6;
/** Multiplications for norms at depth normal, about a second a file: the median of the modules that fit is enough for a verdict. */
const NORMAL_WORK = 1e9;

type Facts = { [subjectId: string]: FactMap };

interface Suspect {
  readonly lora: Subject;
  readonly path: string;
  readonly size: number;
}

/**
 * Looks at the values of suspects: LoRAs that recent prompts used and files that the user named; at depth deep all LoRAs. The rest stays
 * unknown. A file that lies beyond the budget is noted and `too-large`.
 */
export const weightsCheck: Check = {
  id: ID,
  title: { en: 'Values of LoRAs', zh: 'LoRA 数值' },
  needs: ['lora', 'prompts'],
  provides: loraWeightFacts.map((spec) => spec.id),
  depth: 'quick',
  timeoutMs: 120_000,
  run: gather,
};

async function gather(context: CheckContext): Promise<Gathered> {
  const facts: Facts = {};
  const notes: Note[] = [];
  const uses = context.facts.subjects('use');
  const recent = new Set<string>();
  const worked = new Set<string>();
  for (const use of uses) {
    const lora = use.links?.lora;
    if (lora === undefined) continue;
    if (context.facts.value<boolean>(use.id, 'use.recent') !== false) recent.add(lora);
    if (provesLoading(context, use)) worked.add(lora);
  }
  const all = context.facts.subjects('lora');
  for (const lora of all)
    facts[lora.id] = {
      'lora.usedRecently': uses.length > 0 ? known(recent.has(lora.id)) : unknown('not-stated'),
      'lora.provenByPicture': known(worked.has(lora.id)),
    };
  const asked = uses.length > 0 ? recent : newestOf(context, all);
  const suspects = context.depth === 'quick' ? [] : all.filter((lora) => isSuspect(context, lora, asked));
  await weighSuspects(context, withinBudget(context, suspects, facts, notes), facts, notes);
  return { subjects: [], facts, notes };
}

/** Nobody asked for any LoRA (no prompt, no picture): the files that came last are the likeliest to be meant. */
function newestOf(context: CheckContext, loras: readonly Subject[]): ReadonlySet<string> {
  const time = (lora: Subject): string => context.facts.value<string>(lora.id, 'lora.mtime') ?? '';
  const byTime = [...loras].sort((a, b) => (time(a) < time(b) ? 1 : -1));
  return new Set(byTime.slice(0, NEWEST).map((lora) => lora.id));
}

/** Those that the budget of bytes suffices for; the others are noted. */
function withinBudget(context: CheckContext, suspects: readonly Subject[], facts: Facts, notes: Note[]): Suspect[] {
  let left = context.depth === 'deep' ? Infinity : NORMAL_BYTES;
  return suspects.flatMap((lora) => {
    const size = context.facts.value<number>(lora.id, 'lora.size') ?? 0;
    if (size <= left) {
      left -= size;
      return [{ lora, path: lora.path ?? '', size }];
    }
    notes.push({ check: ID, code: 'budget-bytes', path: lora.path ?? lora.id });
    facts[lora.id] = { ...facts[lora.id], ...unlooked(unknown('too-large')) };
    return [];
  });
}

async function weighSuspects(context: CheckContext, suspects: readonly Suspect[], facts: Facts, notes: Note[]): Promise<void> {
  const options = { spectra: false, ...(context.depth === 'deep' ? {} : { maxWork: NORMAL_WORK }) };
  const jobs = suspects.map(({ path, size }) => ({ path, size, options }));
  const results: Weighed[] = [];
  let count = 0;
  await weighAll(jobs, {
    script: findAsset('weights-worker.js'),
    bytes: suspects.reduce((sum, { size }) => sum + size, 0),
    signal: context.signal,
    done: (index, result) => {
      results[index] = result;
      context.progress({ done: ++count, total: jobs.length, what: jobs[index]?.path ?? '' });
    },
  });
  for (const [index, { lora, path }] of suspects.entries()) {
    const result = results[index];
    if (result === undefined) continue;
    if ('error' in result && result.error !== 'damaged') notes.push({ check: ID, code: `unreadable-${result.error}`, path });
    const found = 'look' in result ? weightFactsOf(result.look) : unlooked(unknown('unreadable'));
    facts[lora.id] = { ...facts[lora.id], ...found };
  }
}

/**
 * A finished ComfyUI picture shows that the file could be read at that time: a loader that cannot read its file stops the
 * run. A1111 and its family finish the picture without the LoRA, so there it shows nothing.
 */
function provesLoading(context: CheckContext, use: Subject): boolean {
  const prompt = use.links?.prompt;
  const finished = prompt !== undefined && context.facts.value<boolean>(prompt, 'prompt.finished') === true;
  return (
    finished &&
    context.facts.value<string>(use.id, 'use.ui') === 'comfyui' &&
    context.facts.value<boolean>(use.id, 'use.active') === true &&
    context.facts.value<number>(use.id, 'use.strength') !== 0
  );
}

/** Whole, a LoRA, and either used, named by the user, or everything is asked for. Those used come first by the budget's order. */
function isSuspect(context: CheckContext, lora: Subject, recent: ReadonlySet<string>): boolean {
  if (
    context.facts.value<string>(lora.id, 'lora.kind') !== 'lora' ||
    context.facts.value<boolean>(lora.id, 'lora.containerOk') !== true
  )
    return false;
  return context.depth === 'deep' || recent.has(lora.id) || (lora.links?.install === undefined && !context.searching);
}

/** A look that a budget cut short may have missed a NaN: what it did find stands, the rest is unknown. */
export function weightFactsOf(weights: WeightsLook): FactMap {
  const { verdict, norm, partial } = weights;
  const cut = unknown('too-large');
  if (partial) {
    return {
      ...unlooked(cut),
      'lora.nan': weights.nan > 0 ? known(weights.nan) : cut,
      'lora.inf': weights.inf > 0 ? known(weights.inf) : cut,
      'lora.weightsVerdict': verdict === 'nan' || verdict === 'inf' ? known(verdict) : cut,
    };
  }
  return {
    'lora.nan': known(weights.nan),
    'lora.inf': known(weights.inf),
    'lora.dead': verdict === 'dead' && weights.normsCut ? cut : known(verdict === 'dead'),
    'lora.partlyDead': weights.normsCut ? cut : known(verdict === 'partly-dead'),
    'lora.weightsVerdict': known(verdict),
    'lora.normMedian': norm && Number.isFinite(norm.median) ? known(norm.median) : unknown('unsupported'),
  };
}

const NAMES = ['nan', 'inf', 'dead', 'partlyDead', 'weightsVerdict', 'normMedian'];

function unlooked(fact: Fact): FactMap {
  return Object.fromEntries(NAMES.map((name) => [`lora.${name}`, fact]));
}
