import { printJson } from '../report/json';
import type { WatchEvent } from './events';

/**
 * One event as one line of JSON (contract "watch --json"): the first is a whole report with `"event": "report"`, the others
 * carry their matter; each has `at` (ISO 8601 UTC) and `latencyMs` from the file event to this line.
 * @param now ms since 1970 when the line is written.
 * @param fold makes paths and messages of the watcher itself fit to travel; findings and pictures come redacted already.
 */
export function ndjsonLine(event: WatchEvent, now: number, fold: (text: string) => string = (text) => text): string {
  const at = new Date(now).toISOString();
  if (event.event === 'report') return `${printJson({ ...event.report, event: 'report', at, latencyMs: 0 })}\n`;
  const { changedAt, ...matter } = event;
  const folded =
    matter.event === 'lost'
      ? { ...matter, path: fold(matter.path) }
      : matter.event === 'error'
        ? { ...matter, message: fold(matter.message) }
        : matter;
  return `${printJson({ ...folded, at, latencyMs: Math.max(0, now - changedAt) })}\n`;
}
