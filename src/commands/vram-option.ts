import { show } from '../formats/show';
import type { Problem } from '../report/problem';
import { memorySize } from '../vram/memory-size';
import type { CommandContext } from './context';

/** `--vram SIZE` in GiB, the same for every command that takes it; null when it is left out. `example`: a call that is right. */
export function vramOption({ args, lang }: Pick<CommandContext, 'args' | 'lang'>, example: string): number | null | Problem {
  const given = args.options.get('vram');
  if (typeof given !== 'string') return null;
  const size = memorySize(given);
  if (size !== null) return size;
  const word = show(given, 60);
  return {
    code: 'bad-value',
    message:
      lang === 'en'
        ? `--vram takes a size of memory above 0 and up to 1024 GiB, not "${word}"`
        : `--vram 需要大于 0、不超过 1024 GiB 的显存大小，不能是“${word}”`,
    remedy: lang === 'en' ? `${example}, or with a unit: 6GB, 6144MiB` : `${example}，也可带单位：6GB、6144MiB`,
  };
}
