import type { Language } from '../../i18n/language';
import { t } from '../../i18n/messages';
import { blank, clean, type Line, span } from '../../report/lines';
import type { Report } from '../../report/schema';
import { verdictText } from '../../report/text';
import { wrap } from '../../report/width';
import type { Question, SessionState } from '../../watch/session-types';
import type { ScreenName } from '../keymap';
import { newSince, placeOf, type Surroundings, type UiState } from '../state';
import { listRows, listView } from './list';
import { findingPage, helpPage, maxScroll, scrolled, undecidedPage } from './pages';
import { scanView } from './scan';
import { symptomsView } from './symptoms';
import { bodyHeight, type Canvas, cutLine, frame, isTooSmall, leftRight, SMALLEST } from './view';

/** Which page is shown: before the first report there is only the scan page (and help over it). */
export const screenOf = (ui: UiState, session: SessionState): ScreenName =>
  session.report === null && ui.screen !== 'help' ? 'scan' : ui.screen;

const orderOf = (session: SessionState): readonly string[] =>
  session.report?.findings.map((finding) => finding.fingerprint) ?? [];

/** What a key press needs to know of the page before it. */
export function surroundings(
  ui: UiState,
  session: SessionState,
  page: Canvas,
  questions: readonly Question[] = [],
): Surroundings {
  const lines = pageLines(ui, session, page);
  const rows = ui.screen === 'list' && session.report ? listRows(session.report, page) : bodyHeight(page.size) - 1;
  return { order: orderOf(session), page: rows, maxScroll: maxScroll(lines, page), choices: questions.length + 1 };
}

/** The whole picture for a terminal: never wider than it, and at least one row lower. */
export function screenLines(
  ui: UiState,
  session: SessionState,
  tick: number,
  page: Canvas,
  questions: readonly Question[] = [],
): Line[] {
  const { size, language, glyphs } = page;
  if (isTooSmall(size)) return tooSmall(page);
  const screen = screenOf(ui, session);
  const body =
    screen === 'scan'
      ? scanView(session, tick, page)
      : screen === 'list' && session.report
        ? listView(session.report, placeOf(ui, orderOf(session)), page)
        : screen === 'symptoms'
          ? symptomsView({ questions, choice: ui.choice, said: session.said ?? null }, session.report, page)
          : scrolled(pageLines(ui, session, page), ui.scroll, page);
  const header = leftRight(titleLine(session.report), [span(language, 'dim')], page);
  return frame(header, statusLine(ui, session, tick, page), body, screen, page).map((line) =>
    cutLine(line, size.columns, glyphs.ellipsis),
  );
}

function pageLines(ui: UiState, session: SessionState, page: Canvas): Line[] {
  if (ui.screen === 'help') return helpPage(page);
  const { report } = session;
  if (report === null || ui.screen === 'list' || ui.screen === 'symptoms') return [];
  if (ui.screen === 'undecided') return undecidedPage(report, page);
  const finding = report.findings.find((entry) => entry.fingerprint === ui.selected);
  return finding ? findingPage(finding, report, page) : [[span(` ${t(page.language, 'ui.gone')}`, 'warning')]];
}

function titleLine(report: Report | null): Line {
  const install = report?.installs[0];
  const name = install ? [install.ui, install.version ?? '', install.path].filter((word) => word !== '').join(' ') : '';
  const others = (report?.installs.length ?? 0) - 1;
  return [span('lora-doctor', 'strong'), span(`  ${clean(name)}${others > 0 ? ` +${others}` : ''}`, 'dim')];
}

function statusLine(ui: UiState, session: SessionState, tick: number, page: Canvas): Line {
  const { report, phase } = session;
  if (report === null) return blank;
  const { language, glyphs } = page;
  const role = report.summary.verdict === 'problems' ? 'error' : report.summary.verdict === 'clear' ? 'good' : 'warning';
  const fresh = newSince(ui, orderOf(session));
  const busy = glyphs.busy[tick % glyphs.busy.length] ?? '';
  const right =
    phase === 'scanning'
      ? span(`${busy} ${t(language, 'ui.scanningAgain')}`, 'accent')
      : phase === 'failed'
        ? span(t(language, 'ui.failed', { message: clean(session.error ?? '', 60) }), 'error')
        : fresh > 0
          ? span(t(language, 'ui.updated', { n: fresh }), 'accent')
          : span(position(placeOf(ui, orderOf(session)), report, language), 'dim');
  return leftRight([span(verdictText(report, language), role)], [right], page);
}

const position = (at: number, report: Report, language: Language): string =>
  report.findings.length === 0 ? '' : t(language, 'ui.position', { at: at + 1, total: report.findings.length });

function tooSmall(page: Canvas): Line[] {
  const { columns, rows } = page.size;
  const text = `${t(page.language, 'ui.tooSmall', { columns, rows })} ${t(page.language, 'ui.tooSmallHint', SMALLEST)}`;
  return wrap(text, columns)
    .slice(0, Math.max(1, rows - 1))
    .map((part) => cutLine([span(part, 'warning')], columns, page.glyphs.ellipsis));
}
