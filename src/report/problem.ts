import { printJson } from './json';

/** A run that could not give a result: contract document `lora-doctor/error@1`, and what to print without `--json`. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export function problemDocument(problem: Problem): string {
  return `${printJson({ schema: 'lora-doctor/error@1', error: problem })}\n`;
}
