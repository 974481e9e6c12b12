import { gpuCheck } from '../checks/gpu/check';
import { look } from '../scan/scan';
import { machineCards } from '../vram/machine-cards';
import type { CommandContext } from './context';
import { loadDoctor } from './doctor';

/** The largest card of this machine, as fields of a row; null when there is none or its memory is not known. */
export async function ownCard(context: CommandContext): Promise<{ readonly gpu: string; readonly gpu_vram_gb: number } | null> {
  const doctor = await loadDoctor(context);
  if ('code' in doctor) return null;
  const request = { targets: [], searching: false, depth: 'quick', symptoms: [], signal: context.signal } as const;
  const { store } = await look({ ...doctor, checks: [gpuCheck] }, request);
  const [card] = machineCards(store);
  return card ? { gpu: card.name, gpu_vram_gb: card.gib } : null;
}
