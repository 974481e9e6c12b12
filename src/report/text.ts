import type { Language } from '../i18n/language';
import { type PlainKey, t } from '../i18n/messages';
import { blank, clean, hanging, type Line, paintLine, span } from './lines';
import type { Finding, Report } from './schema';
import { findingSections, reasonText, type Section } from './sections';
import { roleOfSeverity, roleOfVerdict, textTheme } from './theme';
import { blockedGroups, foundNothing, undecidedRules } from './undecided';
import { pad, textWidth } from './width';

export interface TextOptions {
  readonly language: Language;
  /** Columns to break at. Head lines are never broken, so that each finding can be found with grep. */
  readonly width: number;
  readonly color: boolean;
  readonly ascii: boolean;
}

/** At most this many reasons and notes are listed; the JSON report has all. */
const LISTED = 12;

const LABELS: { readonly [id in Section['id']]: PlainKey } = {
  what: 'report.what',
  because: 'report.because',
  evidence: 'report.evidence',
  why: 'report.why',
  steps: 'report.do',
  missing: 'report.missing',
  references: 'report.references',
};

/**
 * A report as plain text: one head line for each finding (`error  confirmed  cause  title`), its parts below, then what
 * could not be decided and why, then notes, and the summary last, where the eye is. No escape sequence without `color`.
 */
export function renderText(report: Report, options: TextOptions): string {
  const theme = textTheme(options);
  const lines: Line[] = [
    ...installLines(report, options),
    ...report.findings.flatMap((finding) => [...findingBlock(finding, report, options), blank]),
    ...symptomLines(report, options),
    ...undecidedLines(report, options),
    ...noteLines(report, options),
    ...summaryLines(report, options),
  ];
  const text = lines.map((line) => paintLine(line, theme).trimEnd()).join('\n');
  return `${options.ascii ? plainPunctuation(text) : text}\n`;
}

/** The head line alone: severity, verdict, cause, title. */
export function findingHead(finding: Finding, language: Language): Line {
  return [
    span(t(language, `severity.${finding.severity}`), roleOfSeverity(finding.severity)),
    span('  '),
    span(t(language, `verdict.${finding.verdict}`), roleOfVerdict(finding.verdict)),
    span('  '),
    span(clean(finding.cause), 'accent'),
    span('  '),
    span(clean(finding.title), 'strong'),
  ];
}

function installLines(report: Report, { language }: TextOptions): Line[] {
  if (foundNothing(report)) return [[span(t(language, 'report.noInstall'), 'warning')], blank];
  if (report.installs.length === 0) return [];
  const lines = report.installs.map((install) => {
    const name = [install.ui, install.version ?? ''].filter((word) => word !== '').join(' ');
    return [span(`${t(language, 'report.install')}  ${clean(name)}  ${clean(install.path)}`, 'dim')];
  });
  return [...lines, blank];
}

function findingBlock(finding: Finding, report: Report, options: TextOptions): Line[] {
  const { language } = options;
  const labels = Object.values(LABELS).map((key) => textWidth(t(language, key)));
  const column = Math.max(...labels) + 2;
  const lines: Line[] = [findingHead(finding, language)];
  for (const section of findingSections(finding, report, language)) {
    lines.push(...sectionLines(section, column, options));
  }
  const more = `lora-doctor explain ${clean(finding.rule)}`;
  lines.push([span(`  ${pad(t(language, 'report.more'), column)}`, 'dim'), span(more, 'dim')]);
  return lines;
}

function sectionLines(section: Section, column: number, options: TextOptions): Line[] {
  const label = t(options.language, LABELS[section.id]);
  return section.items.flatMap((item, at) => {
    const first = span(`  ${pad(at === 0 ? label : '', column)}`, 'dim');
    const marker = item.marker === '' ? [] : [span(`${item.marker} `, 'dim')];
    return hanging([first, ...marker], item.text, item.role, options.width);
  });
}

function symptomLines(report: Report, options: TextOptions): Line[] {
  const { language } = options;
  const lines = report.differentials.flatMap((entry) => {
    const candidates = entry.candidates
      .map(({ title, share }) => t(language, 'report.candidate', { title: clean(title), percent: Math.round(share * 100) }))
      .join(language === 'en' ? ', ' : '，');
    const head = [span(`${t(language, 'report.symptom')}  `, 'dim'), span(`${clean(entry.title)}  `, 'strong')];
    const how = entry.settledBy === null ? [] : [t(language, 'report.settle', { how: clean(entry.settledBy.how) })];
    return [
      ...hanging(head, candidates, 'plain', options.width),
      ...how.flatMap((text) => hanging([span('  ')], text, 'dim', options.width)),
    ];
  });
  return lines.length === 0 ? [] : [...lines, blank];
}

function undecidedLines(report: Report, options: TextOptions): Line[] {
  const { language } = options;
  const groups = blockedGroups(report);
  if (groups.length === 0) return [];
  const lines = groups.slice(0, LISTED).flatMap((group) => {
    const reason = reasonText(group.reason, language);
    const text = t(language, 'report.undecidedLine', { n: group.rules.length, fact: group.fact, reason });
    return hanging([span(`  ${t(language, 'report.undecided')}  `, 'dim')], text, 'plain', options.width);
  });
  const left = groups.length - LISTED;
  return [
    [span(t(language, 'report.undecidedHead', { n: undecidedRules(report) }), 'strong')],
    ...lines,
    ...(left > 0 ? [[span(`  ${t(language, 'report.undecidedMore', { n: left })}`, 'dim')]] : []),
    blank,
  ];
}

function noteLines(report: Report, options: TextOptions): Line[] {
  const { language } = options;
  if (report.notes.length === 0) return [];
  const lines = report.notes.slice(0, LISTED).flatMap((note) => {
    const where = note.path === undefined || note.message.includes(note.path) ? '' : `${clean(note.path)}: `;
    const first = [span(`  ${t(language, 'report.note')}  ${clean(note.check)}  `, 'dim')];
    return hanging(first, `${where}${clean(note.message)}`, 'plain', options.width);
  });
  const left = report.notes.length - LISTED;
  return [
    [span(t(language, 'report.notesHead'), 'strong')],
    ...lines,
    ...(left > 0 ? [[span(`  ${t(language, 'report.notesMore', { n: left })}`, 'dim')]] : []),
    blank,
  ];
}

/** The verdict of the whole run in one sentence. Never "all is well" while something could not be checked. */
export function verdictText(report: Report, language: Language): string {
  switch (report.summary.verdict) {
    case 'problems':
      return t(language, 'report.problems');
    case 'suspicions':
      return t(language, 'report.suspicions');
    case 'undecided':
      return t(language, 'report.undecidedVerdict');
    case 'clear': {
      const whole = report.inconclusive.length === 0 && report.notes.length === 0;
      return t(language, whole ? 'report.clear' : 'report.clearPartly');
    }
  }
}

function summaryLines(report: Report, { language, width }: TextOptions): Line[] {
  const { summary } = report;
  const role = summary.verdict === 'problems' ? 'error' : summary.verdict === 'clear' ? 'good' : 'warning';
  const counts = t(language, 'report.counts', {
    errors: summary.errors,
    warnings: summary.warnings,
    notes: summary.notes,
    undecided: undecidedRules(report),
  });
  const effort = t(language, 'report.effort', { files: summary.files, seconds: (summary.ms / 1000).toFixed(1) });
  return [[span(verdictText(report, language), role)], ...hanging([], `${counts} ${effort}`, 'plain', width)];
}

const PLAIN: { readonly [sign: string]: string } = {
  '…': '...',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '–': '-',
  '—': '-',
  '×': 'x',
  '→': '->',
  '−': '-',
};

/** For terminals without Unicode signs: typographic signs become ASCII; names and Chinese text stay what they are. */
/** Signs beyond ASCII that have a plain stand-in. Words in other scripts stay. */
export const plainPunctuation = (text: string): string => text.replace(/[…“”‘’–—×→−]/g, (sign) => PLAIN[sign] ?? sign);
