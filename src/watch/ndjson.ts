import type { WatchEvent } from './events';

/**
 * One event as one line of JSON (contract "watch --json"): the first is a whole report with `"event": "report"`, the others
 * carry their matter; each has `at` (ISO 8601 UTC) and `latencyMs` from the file event to this line.
 * @param now ms since 1970 when the line is written.
 * @param fold makes paths and messages of the watcher itself fit to travel; findings and pictures come redacted already.
 */
export function ndjsonLine(event: WatchEvent, now: number, fold: (text: string) => string = (text) => text): string {
  const at = new Date(now).toISOString();
  if (event.event === 'report') return `${json({ ...event.report, event: 'report', at, latencyMs: 0 })}\n`;
  const { changedAt, ...matter } = event;
  const folded =
    matter.event === 'lost'
      ? { ...matter, path: fold(matter.path) }
      : matter.event === 'error'
        ? { ...matter, message: fold(matter.message) }
        : matter;
  return `${json({ ...folded, at, latencyMs: Math.max(0, now - changedAt) })}\n`;
}

/** JSON that is safe to print: lone surrogates and U+2028/2029 are escaped as well. */
const json = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
