import type { Asked } from './asked';

export type Effect = 'changes' | 'none' | 'unknown';

/**
 * Compares pictures of one seed and equal settings that differ in their LoRAs only: a LoRA whose presence leaves every
 * byte as it was has no effect. Returns what is known for each LoRA of each request, by picture id and name.
 */
export function effects(all: readonly Asked[]): Map<string, Effect> {
  const out = new Map<string, Effect>();
  const groups = new Map<string, Asked[]>();
  for (const asked of all) {
    if (asked.digest === null || asked.generation.seed === null || asked.image === null) continue;
    const key = settingsKey(asked);
    const group = groups.get(key);
    if (group) group.push(asked);
    else groups.set(key, [asked]);
  }
  for (const group of groups.values()) for (const one of group.slice(0, 50)) compare(one, group.slice(0, 50), out);
  return out;
}

export function effectKey(image: string, name: string): string {
  return `${image}\n${name}`;
}

function settingsKey({ generation: g, reading }: Asked): string {
  const text = (value: string): string => value.replace(/\s+/g, ' ').trim();
  return JSON.stringify([
    text(reading.plain),
    text(g.negative),
    g.seed,
    g.steps,
    g.cfg,
    g.sampler,
    g.width,
    g.height,
    g.checkpoint,
    g.vae,
    g.clipSkip,
    g.hires,
  ]);
}

function weights(asked: Asked): Map<string, string> {
  return new Map(asked.loras.filter((l) => l.active).map((l) => [l.name, `${l.unet}:${l.te}`]));
}

/** `one` against every picture whose LoRAs are a subset of its own. */
function compare(one: Asked, group: readonly Asked[], out: Map<string, Effect>): void {
  const mine = weights(one);
  for (const other of group) {
    if (other === one || other.image === null || one.image === null) continue;
    const theirs = weights(other);
    if ([...theirs].some(([name, weight]) => mine.get(name) !== weight)) continue;
    const extra = [...mine.keys()].filter((name) => !theirs.has(name));
    if (extra.length === 0) continue;
    const equal = one.digest === other.digest;
    if (!equal && extra.length > 1) continue;
    for (const name of extra) out.set(effectKey(one.image, name), equal ? 'none' : 'changes');
  }
}
