import { MIG_QUERY, type MigCard, mayBeDivided, readMig } from '../../formats/nvidia-mig';
import { NVIDIA_FIELDS, type NvidiaAnswer, type NvidiaGpu, readNvidiaSmi } from '../../formats/nvidia-smi';
import { toolText } from '../../formats/tool-text';
import type { CheckContext } from '../check';

const TIME_LIMIT_MS = 5_000;
const OUTPUT_LIMIT = 1024 * 1024;

export type NvidiaProbe = NvidiaAnswer | { readonly state: 'missing' } | { readonly state: 'timed-out' };

/**
 * Asks nvidia-smi, found in PATH and never in the folders that are examined. Drivers before 2021 do not know `compute_cap`
 * and refuse the whole query, so it is asked again without (reliability.md SY-01…SY-10).
 */
export async function askNvidiaSmi(context: CheckContext, notInside: readonly string[]): Promise<NvidiaProbe> {
  for (const fields of [NVIDIA_FIELDS.length, NVIDIA_FIELDS.length - 1]) {
    const query = NVIDIA_FIELDS.slice(0, fields).join(',');
    const result = await context.platform.exec('nvidia-smi', [`--query-gpu=${query}`, '--format=csv,noheader,nounits'], {
      timeoutMs: TIME_LIMIT_MS,
      signal: context.signal,
      maxBytes: OUTPUT_LIMIT,
      notInside,
    });
    // A shell's "command not found" (127) comes from a wrapper script whose program is gone.
    if (result === null || result.code === 127) return { state: 'missing' };
    if (result.timedOut) return { state: 'timed-out' };
    const answer = readNvidiaSmi(result.stdout, result.stderr, result.code, fields);
    if (answer.state === 'ok' || answer.why !== 'query') return answer;
  }
  return { state: 'failed', why: 'query', text: '' };
}

/** Which of the cards are divided into parts; asked only where one of them can be. */
export async function askMig(
  context: CheckContext,
  gpus: readonly NvidiaGpu[],
  notInside: readonly string[],
): Promise<readonly MigCard[]> {
  if (!gpus.some(mayBeDivided)) return [];
  const ask = async (args: readonly string[]): Promise<string> => {
    const limits = { timeoutMs: TIME_LIMIT_MS, signal: context.signal, maxBytes: OUTPUT_LIMIT, notInside };
    const result = await context.platform.exec('nvidia-smi', args, limits);
    return result === null ? '' : toolText(result.stdout);
  };
  const [modes, list] = await Promise.all([ask([`--query-gpu=${MIG_QUERY}`, '--format=csv,noheader']), ask(['-L'])]);
  return readMig(modes, list).filter(({ index }) => index < gpus.length);
}
