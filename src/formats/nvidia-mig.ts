import type { NvidiaGpu } from './nvidia-smi';

/**
 * A card divided into parts (MIG). Once the mode is on, programs get a part and never the card. The card's memory is then
 * `[Insufficient Permissions]` in a container (Stability-AI/StableSwarmUI issue 388) or that of all parts together.
 */
export interface MigCard {
  /** Place of the card in nvidia-smi's lists, from 0. */
  readonly index: number;
  /** Profiles of its parts (`1g.18gb`, `1c.3g.20gb`, `1g.10gb+me`); empty: the mode is on and no part was made. */
  readonly profiles: readonly string[];
}

/** Whether a card can be divided at all: GeForce and what is older than Ampere cannot. A card that hides its memory may be. */
export function mayBeDivided(gpu: NvidiaGpu): boolean {
  const major = Number(gpu.computeCapability?.split('.')[0] ?? Number.NaN);
  return gpu.memoryTotal === null || (!/GeForce/i.test(gpu.name) && major >= 8);
}

/** Of `--query-gpu=index,mig.mode.current --format=csv,noheader`: `0, Enabled`; `[N/A]` where a card has no such mode. */
export const MIG_QUERY = 'index,mig.mode.current';

/**
 * The divided cards, from both lists of nvidia-smi: the mode, and `-L` with an indented line for each part under its card
 * (NVIDIA MIG user guide: `  MIG 1g.5gb     Device  0: (UUID: MIG-…)`). Either alone is enough.
 *
 * @param modes the answer to MIG_QUERY; `list` that of `-L`; empty where there was none.
 */
export function readMig(modes: string, list: string): readonly MigCard[] {
  const found = new Map<number, string[]>();
  for (const line of modes.split('\n', 400)) {
    const index = /^\s*(\d{1,3}),\s*Enabled\s*$/i.exec(line)?.[1];
    if (index !== undefined) found.set(Number(index), []);
  }
  let card: number | null = null;
  for (const line of list.split('\n', 2000)) {
    const parent = /^GPU\s+(\d{1,3}):/.exec(line)?.[1];
    if (parent !== undefined) card = Number(parent);
    const profile = /^\s+MIG\s+([\w.+-]{1,40})\s+Device\s+\d{1,3}:\s*\(UUID:/.exec(line)?.[1];
    if (profile === undefined || card === null) continue;
    found.set(card, [...(found.get(card) ?? []), profile]);
  }
  return [...found].map(([index, profiles]) => ({ index, profiles })).sort((a, b) => a.index - b.index);
}
