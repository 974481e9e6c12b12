import type { PlainKey } from '../../i18n/messages';
import { t } from '../../i18n/messages';
import { clean, hanging, type Line, lineWidth, span } from '../../report/lines';
import type { Finding, Report } from '../../report/schema';
import { findingSections, reasonText, type Section } from '../../report/sections';
import { roleOfSeverity, roleOfVerdict } from '../../report/theme';
import { blockedGroups, undecidedRules } from '../../report/undecided';
import { textWidth } from '../../report/width';
import { KEYMAP, keyLabel } from '../keymap';
import { bodyHeight, type Canvas } from './view';

const HEADINGS: { readonly [id in Section['id']]: PlainKey } = {
  what: 'ui.subject',
  because: 'report.because',
  evidence: 'ui.evidence',
  why: 'ui.why',
  steps: 'ui.steps',
  missing: 'ui.missing',
  references: 'ui.references',
};

/** All lines of one finding; the page scrolls through them. */
export function findingPage(finding: Finding, report: Report, page: Canvas): Line[] {
  const { language, size, glyphs } = page;
  const mark = span(
    `${glyphs[finding.severity]} ${t(language, `severity.${finding.severity}`)}  `,
    roleOfSeverity(finding.severity),
  );
  const verdict = span(`${t(language, `verdict.${finding.verdict}`)}  `, roleOfVerdict(finding.verdict));
  const judged: Line = [span(' '), mark, verdict];
  const cause = span(`${t(language, 'ui.cause')}: ${clean(finding.cause)}`, 'dim');
  const oneLine = lineWidth([...judged, cause]) <= size.columns;
  return [
    ...hanging([span(' ')], clean(finding.title), 'strong', size.columns - 1),
    ...(oneLine ? [[...judged, cause]] : [judged, [span(' '), cause]]),
    ...findingSections(finding, report, language).flatMap((section) => sectionLines(section, page)),
  ];
}

function sectionLines(section: Section, page: Canvas): Line[] {
  const lines = section.items.flatMap((item) => {
    const first = item.marker === '' ? [span('   ')] : [span(`   ${item.marker} `, 'dim')];
    return hanging(first, item.text, item.role, page.size.columns - 1);
  });
  return [[], [span(` ${t(page.language, HEADINGS[section.id])}`, 'accent')], ...lines];
}

/** What could not be decided, by what blocks it, with the rules that wait for it. */
export function undecidedPage(report: Report, page: Canvas): Line[] {
  const { language, size } = page;
  const groups = blockedGroups(report).flatMap((group) => [
    [] as Line,
    ...hanging([span(' ')], `${group.fact}: ${reasonText(group.reason, language)}`, 'plain', size.columns - 1),
    ...hanging([span('   ')], group.rules.map((rule) => clean(rule)).join(', '), 'dim', size.columns - 1),
  ]);
  const notes = report.notes.flatMap((note) => {
    const where = note.path === undefined ? '' : `${clean(note.path)}: `;
    return hanging([span(`   ${clean(note.check)} `, 'dim')], `${where}${clean(note.message)}`, 'plain', size.columns - 1);
  });
  return [
    ...hanging([span(' ')], t(language, 'report.undecidedHead', { n: undecidedRules(report) }), 'strong', size.columns - 1),
    ...groups,
    ...(notes.length > 0 ? [[] as Line, [span(` ${t(language, 'report.notesHead')}`, 'strong')], ...notes] : []),
  ];
}

/** The help page, made from the keymap: each action once, with all its keys. */
export function helpPage(page: Canvas): Line[] {
  const actions = [...new Set(KEYMAP.map((binding) => binding.action))];
  const rows = actions.map((action) => {
    const bindings = KEYMAP.filter((binding) => binding.action === action);
    const keys = [...new Set(bindings.flatMap((binding) => binding.keys))].map(keyLabel).join(', ');
    return { keys, label: bindings[0]?.label };
  });
  const column = Math.max(...rows.map((row) => textWidth(row.keys))) + 3;
  return [
    [span(` ${t(page.language, 'ui.help')}`, 'strong')],
    ...rows.map(
      ({ keys, label }): Line => [
        span(` ${keys}`, 'accent'),
        span(' '.repeat(column - textWidth(keys))),
        span(label === undefined ? '' : t(page.language, label)),
      ],
    ),
  ];
}

/** The largest scroll at which the page is still full. */
export const maxScroll = (lines: readonly Line[], page: Canvas): number => Math.max(0, lines.length - bodyHeight(page.size));

/** The visible part of a page. When more follows, the last line says so. */
export function scrolled(lines: readonly Line[], scroll: number, page: Canvas): Line[] {
  const height = bodyHeight(page.size);
  const from = Math.min(scroll, maxScroll(lines, page));
  const shown = lines.slice(from, from + height);
  const left = lines.length - from - height;
  if (left <= 0) return [...shown];
  return [...shown.slice(0, height - 1), [span(` ${page.glyphs.ellipsis} ${t(page.language, 'ui.more')} (${left + 1})`, 'dim')]];
}
