import { gpuCheck } from '../checks/gpu/check';
import type { Language } from '../i18n/language';
import { clean } from '../report/lines';
import { look } from '../scan/scan';
import { dividedCard, machineCards } from '../vram/machine-cards';
import type { CommandContext } from './context';
import { loadDoctor } from './doctor';

/**
 * The largest card of this machine, as fields of a row; null when there is none or its memory is not known. That a card is
 * divided, so that nothing can be recommended for it, is said on stderr.
 */
export async function ownCard(context: CommandContext): Promise<{ readonly gpu: string; readonly gpu_vram_gb: number } | null> {
  const doctor = await loadDoctor(context);
  if ('code' in doctor) return null;
  const request = { targets: [], searching: false, depth: 'quick', symptoms: [], signal: context.signal } as const;
  const { store } = await look({ ...doctor, checks: [gpuCheck] }, request);
  const [card] = machineCards(store);
  const divided = card ? null : dividedCard(store);
  if (divided !== null) context.stderr.write(`${dividedText(context.lang, clean(divided, 60))}\n`);
  return card ? { gpu: card.name, gpu_vram_gb: card.gib } : null;
}

function dividedText(lang: Language, name: string): string {
  return lang === 'en'
    ? `${name} is divided into parts (MIG): a program gets one of them, not the card. Name the size of the part with --vram.`
    : `${name} 已划分为多个实例（MIG）：程序只能使用其中一个，而不是整卡。请用 --vram 指定该实例的大小。`;
}
