import type { Language } from '../i18n/language';
import { t } from '../i18n/messages';
import { clean, type Line, paintLine, span } from '../report/lines';
import { findingHead, renderText, type TextOptions } from '../report/text';
import { textTheme } from '../report/theme';
import type { Generation, WatchEvent } from './events';
import { needsPolling } from './watcher';

/** One event as text for people: the report whole, everything else on one line that begins with what happened. */
export function eventText(event: WatchEvent, options: TextOptions): string {
  if (event.event === 'report') return renderText(event.report, options);
  return `${paintLine(eventLine(event, options.language), textTheme(options))}\n`;
}

function eventLine(event: Exclude<WatchEvent, { event: 'report' }>, language: Language): Line {
  const head = span(`${t(language, `watch.${event.event}`)}  `, event.event === 'error' ? 'error' : 'accent');
  switch (event.event) {
    case 'generation':
      return [head, span(`${clean(event.generation.path)}  ${lorasText(event.generation, language)}`)];
    case 'lost':
      return [
        head,
        span(t(language, 'watch.lostText', { bytes: event.bytes, path: clean(event.path), why: clean(event.why) }), 'warning'),
      ];
    case 'error':
      return [head, span(errorText(event.code, event.message, language))];
    default:
      return [head, ...findingHead(event.finding, language)];
  }
}

function errorText(code: string, message: string, language: Language): string {
  if (code === 'watch-polling' && needsPolling(message)) return t(language, 'watch.polling', { code: message });
  return code === 'scan-failed'
    ? t(language, 'ui.failed', { message: clean(message, 600) })
    : t(language, 'watch.watchFailed', { message: clean(message, 600) });
}

function lorasText({ asked, loaded }: Generation, language: Language): string {
  const list = (names: readonly string[] | null): string =>
    names === null
      ? t(language, 'watch.unknown')
      : names.length === 0
        ? t(language, 'watch.none')
        : names.map((name) => clean(name)).join(', ');
  return t(language, 'watch.loras', { asked: list(asked?.map((use) => use.name) ?? null), loaded: list(loaded) });
}
