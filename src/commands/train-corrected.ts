import path from 'node:path';
import { type MemoryRemedies, memoryRemedies } from '../checks/training/memory-remedies';
import { decodeText } from '../formats/launch/decode';
import { show } from '../formats/show';
import { readCommands } from '../formats/training/command';
import { type Corrected, correctScript } from '../formats/training/correct';
import { correctToml } from '../formats/training/correct-toml';
import type { Setup } from '../formats/training/given';
import { readScript, SCRIPT_LIMIT, shellOf } from '../formats/training/lex';
import { lineDiff } from '../formats/training/line-diff';
import { printCommand, printToml } from '../formats/training/print-command';
import type { Remedy } from '../formats/training/remedies';
import type { Shell } from '../formats/training/types';
import { GIB } from '../vram/bytes';
import { type CommandContext, fail } from './context';

/**
 * `train --corrected`: the command with its sure faults put right on stdout, what was changed and what is advised on stderr.
 * `--vram` adds what it needs to fit that card, `--advised` makes the advised changes too, `--diff` prints differences, `--shell` writes it for another shell or as TOML.
 */
export function printCorrected(context: CommandContext, target: string, piped: Uint8Array | null, gib: number | null): number {
  const { lang, args, stdout } = context;
  const { text } = decodeText(piped ?? context.platform.readFile(target, SCRIPT_LIMIT));
  const name = path.basename(target);
  const toml = /\.toml$/i.test(name);
  const shell = shellOf(name, text);
  let memory: MemoryRemedies | null = null;
  const fitting = (setup: Setup): readonly Remedy[] => {
    memory = gib === null ? null : memoryRemedies(setup, gib);
    return memory?.remedies ?? [];
  };
  const corrected = toml ? correctToml(text) : correctScript(text, shell, fitting);
  const wanted = args.options.get('shell') as Shell | 'toml' | undefined;
  if (!corrected || (toml && wanted !== undefined && wanted !== 'toml')) {
    const message = lang === 'en' ? 'no training command found there' : '没有找到训练命令';
    const remedy = lang === 'en' ? 'give a script with a call of a *train*.py' : '请给出调用 *train*.py 的脚本';
    return fail(context, { code: 'no-training', message, remedy }, 2);
  }
  tell(context, corrected);
  if (memory !== null && gib !== null) context.stderr.write(`${memoryText(memory, gib, lang)}\n`);
  const result = args.options.has('advised') ? corrected.advised : corrected.text;
  if (args.options.has('diff')) stdout.write(safe(differences(text, corrected, name, lang)));
  else {
    const whole = wanted && !toml ? written(result, shell, wanted, context.platform.home) : result;
    stdout.write(`${safe(whole).replace(/\n*$/, '')}\n`);
  }
  return 0;
}

/** Only the command itself can be written for another shell, not what stands around it. */
function written(text: string, from: Shell, to: Shell | 'toml', home: string): string {
  if (from === to) return text;
  return readCommands(readScript(text, from))
    .map((setup) => (to === 'toml' ? printToml(setup, home) : printCommand(setup, to)))
    .join('\n');
}

function differences(text: string, corrected: Corrected, name: string, lang: string): string {
  const [needed, advised] = lang === 'en' ? ['needed', 'advised'] : ['必要', '建议'];
  return (
    lineDiff(text, corrected.text, name, `${name} (${needed})`) +
    lineDiff(corrected.text, corrected.advised, `${name} (${needed})`, `${name} (${advised})`)
  );
}

function tell(context: CommandContext, { changes, advice }: Corrected): void {
  const { lang, stderr, args } = context;
  for (const { line, why } of changes)
    stderr.write(lang === 'en' ? `line ${line}: ${show(why.en, 500)}\n` : `第 ${line} 行：${show(why.zh, 500)}\n`);
  if (advice.length === 0) return;
  const made = args.options.has('advised') || args.options.has('diff');
  if (lang === 'en') stderr.write(made ? 'advised besides:\n' : 'advised besides, made with --advised:\n');
  else stderr.write(made ? '另外建议：\n' : '另外建议（加 --advised 才会改）：\n');
  for (const { why } of advice) stderr.write(`  ${show(lang === 'en' ? why.en : why.zh, 500)}\n`);
}

function memoryText({ peak, after }: MemoryRemedies, gib: number, lang: string): string {
  const [before, now] = [(peak / GIB).toFixed(1), after === null ? '' : (after / GIB).toFixed(1)];
  if (lang === 'en')
    return after === null
      ? `about ${before} GiB at the peak: no options that are known make it fit ${gib} GiB`
      : `about ${before} GiB at the peak before, ${now} GiB with the changes, for a card of ${gib} GiB`;
  return after === null
    ? `峰值约 ${before} GiB：没有已知的选项能让它放进 ${gib} GiB`
    : `峰值原约 ${before} GiB，改后约 ${now} GiB，显卡 ${gib} GiB`;
}

const safe = (text: string): string =>
  text
    .split('\n')
    .map((line) => show(line, SCRIPT_LIMIT))
    .join('\n');
