import { t } from '../../i18n/messages';
import { SEVERITIES, VERDICTS } from '../../report/levels';
import { clean, hanging, type Line, span } from '../../report/lines';
import type { Finding, Report } from '../../report/schema';
import { verdictText } from '../../report/text';
import { roleOfSeverity, roleOfVerdict } from '../../report/theme';
import { foundNothing, undecidedRules } from '../../report/undecided';
import { pad, textWidth, truncate } from '../../report/width';
import { bodyHeight, type Canvas } from './view';

/** From this width on a row also has the severity word and the cause. */
const WIDE = 64;

/** How many rows of findings the list shows at once. */
export const listRows = (report: Report, page: Canvas): number =>
  Math.max(1, bodyHeight(page.size) - (undecidedRules(report) > 0 ? 2 : 0));

/** The list of findings with the cursor on `index`, the part around it when not all fit. */
export function listView(report: Report, index: number, page: Canvas): Line[] {
  if (report.findings.length === 0) return emptyView(report, page);
  const rows = listRows(report, page);
  const causes = Math.min(24, Math.max(...report.findings.map((finding) => textWidth(finding.cause))));
  const most = Math.max(0, report.findings.length - rows);
  const from = Math.max(0, Math.min(index - Math.floor(rows / 2), most));
  const shown = report.findings.slice(from, from + rows).map((finding, at) => row(finding, from + at === index, causes, page));
  return [...shown, ...undecidedHint(report, rows - shown.length, page)];
}

/** @param causes columns for the cause. */
function row(finding: Finding, chosen: boolean, causes: number, page: Canvas): Line {
  const { language, glyphs, size } = page;
  const severity = span(`${glyphs[finding.severity]} `, roleOfSeverity(finding.severity));
  const verdicts = VERDICTS.map((verdict) => textWidth(t(language, `verdict.${verdict}`)));
  const verdict = span(
    `${pad(t(language, `verdict.${finding.verdict}`), Math.max(...verdicts))} `,
    roleOfVerdict(finding.verdict),
  );
  const cursor = span(chosen ? `${glyphs.cursor} ` : '  ', 'accent');
  const title = `${finding.explainedBy === null ? '' : `${glyphs.arrow} `}${clean(finding.title)}`;
  const titleRole = chosen ? 'strong' : finding.explainedBy === null ? 'plain' : 'dim';
  if (size.columns < WIDE) return [cursor, severity, verdict, span(title, titleRole)];
  const words = SEVERITIES.map((word) => textWidth(t(language, `severity.${word}`)));
  const severityWord = span(
    `${pad(t(language, `severity.${finding.severity}`), Math.max(...words))} `,
    roleOfSeverity(finding.severity),
  );
  const cause = truncate(clean(finding.cause), causes, glyphs.ellipsis);
  const used = 2 + 2 + Math.max(...words) + 1 + Math.max(...verdicts) + 1 + causes;
  const room = Math.max(10, size.columns - used - 1);
  return [cursor, severity, severityWord, verdict, span(`${cell(title, room, glyphs.ellipsis)} `, titleRole), span(cause, 'dim')];
}

const cell = (text: string, columns: number, ellipsis: string): string => pad(truncate(text, columns, ellipsis), columns);

function undecidedHint(report: Report, free: number, page: Canvas): Line[] {
  const n = undecidedRules(report);
  if (n === 0) return [];
  const hint: Line = [span(t(page.language, 'ui.undecided', { n }), 'dim')];
  return [...Array.from({ length: Math.max(0, Math.min(1, free + 1)) }, (): Line => []), hint];
}

/** Nothing found: says so honestly, and what to try next. */
function emptyView(report: Report, page: Canvas): Line[] {
  const { language, size } = page;
  const nothingThere = foundNothing(report);
  const head = nothingThere ? t(language, 'ui.noInstall') : verdictText(report, language);
  const hint = t(language, nothingThere ? 'ui.noInstallHint' : 'ui.clearHint');
  const role = report.summary.verdict === 'clear' && !nothingThere ? 'good' : 'warning';
  return [
    ...hanging([span(' ')], head, role, size.columns),
    [],
    ...hanging([span(' ')], hint, 'dim', size.columns),
    ...undecidedHint(report, 1, page),
  ];
}
