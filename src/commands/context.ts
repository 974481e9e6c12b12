import type { Language } from '../i18n/language';
import type { Platform } from '../platform/platform';
import type { Problem } from '../report/problem';
import { problemDocument } from '../report/problem';
import type { Identity } from '../report/redact';
import type { Arguments } from './arguments';
import type { Output } from './io';

/** Everything a command may use. It returns its exit status. */
export interface CommandContext {
  readonly args: Arguments;
  readonly lang: Language;
  readonly version: string;
  readonly platform: Platform;
  readonly identity: Identity;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly color: boolean;
  readonly ascii: boolean;
  readonly redact: boolean;
  /** True when a person sits there: a terminal on both ends, no `--no-input`. */
  readonly interactive: boolean;
  readonly json: boolean;
  readonly cwd: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Standard input, chunk by chunk. */
  stdin(): AsyncIterable<Uint8Array>;
}

export type RunCommand = (context: CommandContext) => Promise<number>;

/** Says what went wrong (as the contract's document under `--json`) and gives the exit status back. */
export function fail(context: Pick<CommandContext, 'stdout' | 'stderr' | 'json'>, problem: Problem, status: 2 | 3): number {
  if (context.json) context.stdout.write(problemDocument(problem));
  else context.stderr.write(`lora-doctor: ${problem.message}\n${problem.remedy}\n`);
  return status;
}
