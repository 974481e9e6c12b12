import { AMD_SMI_MEMORY, AMD_SMI_STATIC, type AmdGpu, ROCM_SMI, readAmdSmi, readRocmSmi } from '../../formats/amd-smi';
import type { CheckContext } from '../check';

/** Of each of the two tools; with nvidia-smi before them all stay below the limit of the check. */
const TIME_LIMIT_MS = 4_500;
const NOTHING = new Uint8Array();

export interface AmdAnswer {
  readonly tool: 'amd-smi' | 'rocm-smi';
  /** At least one. */
  readonly gpus: readonly AmdGpu[];
}

/**
 * Asks the tools of ROCm, found in PATH and never in the folders that are examined: amd-smi, else rocm-smi, which it
 * replaces. They exist on Linux only. Null when none names a card (reliability.md SY-11).
 */
export async function askAmd(context: CheckContext, notInside: readonly string[]): Promise<AmdAnswer | null> {
  if (context.platform.os !== 'linux') return null;
  const ask = async (program: string, args: readonly string[]): Promise<Uint8Array> => {
    const limits = { timeoutMs: TIME_LIMIT_MS, signal: context.signal, notInside };
    // A card that does not answer makes the whole run end with an error; what it printed of the others counts.
    return (await context.platform.exec(program, args, limits))?.stdout ?? NOTHING;
  };
  const [cards, memory] = await Promise.all([ask('amd-smi', AMD_SMI_STATIC), ask('amd-smi', AMD_SMI_MEMORY)]);
  const gpus = readAmdSmi(cards, memory);
  if (gpus.length > 0) return { tool: 'amd-smi', gpus };
  const older = readRocmSmi(await ask('rocm-smi', ROCM_SMI));
  return older.length > 0 ? { tool: 'rocm-smi', gpus: older } : null;
}
