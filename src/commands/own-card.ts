import { gpuCheck } from '../checks/gpu/check';
import { look } from '../scan/scan';
import { GIB } from '../vram/bytes';
import type { CommandContext } from './context';
import { loadDoctor } from './doctor';

/** The largest card of this machine, as fields of a row; null when there is none or its memory is not known. */
export async function ownCard(context: CommandContext): Promise<{ readonly gpu: string; readonly gpu_vram_gb: number } | null> {
  const doctor = await loadDoctor(context);
  if ('code' in doctor) return null;
  const request = { targets: [], searching: false, depth: 'quick', symptoms: [], signal: context.signal } as const;
  const { store } = await look({ ...doctor, checks: [gpuCheck] }, request);
  const cards = store.subjects('gpu').flatMap(({ id, label }) => {
    const total = store.get(id, 'gpu.vramTotal');
    return total.state === 'known' && typeof total.value === 'number' ? [{ gpu: label, gpu_vram_gb: total.value / GIB }] : [];
  });
  return cards.sort((a, b) => b.gpu_vram_gb - a.gpu_vram_gb)[0] ?? null;
}
