import type { Language } from '../i18n/language';
import { ndjsonLine } from './ndjson';
import type { WatchSession } from './session';
import { eventText } from './words';

export interface EventOutput {
  readonly stdout: { write(text: string): void; readonly isTTY: boolean; readonly columns?: number };
  readonly json: boolean;
  readonly lang: Language;
  readonly color: boolean;
  readonly ascii: boolean;
  now(): number;
  /** Makes the watcher's own paths and messages fit to travel (JSON only). */
  fold(text: string): string;
}

/** Writes each event of a session as it happens: one JSON document a line, or text for people. */
export function writeEvents(session: Pick<WatchSession, 'onEvent'>, output: EventOutput): void {
  const { stdout, json, lang: language, color, ascii } = output;
  session.onEvent((event) => {
    const width = stdout.isTTY ? (stdout.columns ?? 80) : 100;
    stdout.write(json ? ndjsonLine(event, output.now(), output.fold) : eventText(event, { language, color, ascii, width }));
  });
}
