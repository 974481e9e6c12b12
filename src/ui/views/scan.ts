import { t } from '../../i18n/messages';
import { clean, hanging, type Line, span } from '../../report/lines';
import type { Role } from '../../report/theme';
import type { CheckProgress, CheckStatus, SessionState } from '../../watch/session-types';
import { bodyHeight, type Canvas } from './view';

const ROLES: { readonly [status in CheckStatus]: Role } = {
  waiting: 'dim',
  running: 'accent',
  ok: 'good',
  failed: 'error',
  'timed-out': 'warning',
  skipped: 'dim',
};

/** Progress while checks run: every check with its state, those that run first when not all fit. */
export function scanView(state: SessionState, tick: number, page: Canvas): Line[] {
  const { language } = page;
  if (state.phase === 'failed') {
    const message = t(language, 'ui.failed', { message: clean(state.error ?? '', 600) });
    return [...hanging([span(' ')], message, 'error', page.size.columns), [], [span(` ${t(language, 'ui.failedHint')}`, 'dim')]];
  }
  const ended = state.checks.filter((check) => check.status !== 'waiting' && check.status !== 'running').length;
  const head: Line = [span(` ${t(language, 'ui.scanning')}`, 'strong')];
  const count: Line = [span(` ${t(language, 'ui.checksDone', { done: ended, total: state.checks.length })}`, 'dim')];
  const room = Math.max(0, bodyHeight(page.size) - 3);
  const fits = state.checks.length <= room;
  const shown = fits ? state.checks : [...state.checks].sort((a, b) => weight(a) - weight(b)).slice(0, room);
  const rows = shown.map((check) => checkRow(check, tick, page));
  return state.checks.length === 0 ? [head] : [head, ...rows, [], count];
}

const weight = (check: CheckProgress): number =>
  check.status === 'running'
    ? 0
    : check.status === 'failed' || check.status === 'timed-out'
      ? 1
      : check.status === 'waiting'
        ? 2
        : 3;

function checkRow(check: CheckProgress, tick: number, page: Canvas): Line {
  const { language } = page;
  const title = language === 'zh-CN' ? check.title.zh : check.title.en;
  const count = check.done === undefined ? '' : ` ${check.done}${check.total === undefined ? '' : `/${check.total}`}`;
  const word = check.status === 'ok' || check.status === 'running' ? count : ` ${t(language, `ui.status.${check.status}`)}`;
  const titleRole = check.status === 'waiting' ? 'dim' : 'plain';
  return [span(` ${mark(check.status, tick, page)} `, ROLES[check.status]), span(clean(title), titleRole), span(word, 'dim')];
}

function mark(status: CheckStatus, tick: number, { glyphs }: Canvas): string {
  switch (status) {
    case 'running':
      return glyphs.busy[tick % glyphs.busy.length] ?? '';
    case 'ok':
      return glyphs.good;
    case 'failed':
      return glyphs.error;
    case 'timed-out':
      return glyphs.warning;
    default:
      return glyphs.waiting;
  }
}
