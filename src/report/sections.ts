import type { Language } from '../i18n/language';
import { type PlainKey, t } from '../i18n/messages';
import { clean } from './lines';
import type { Evidence, Finding, Report } from './schema';
import type { Role } from './theme';

/** One entry of a section: a marker (`1.`, `for`), a text, and where it was read. */
export interface SectionItem {
  readonly marker: string;
  readonly text: string;
  readonly role: Role;
}

export interface Section {
  readonly id: 'what' | 'because' | 'evidence' | 'why' | 'steps' | 'missing' | 'references';
  readonly items: readonly SectionItem[];
}

const item = (text: string, role: Role = 'plain', marker = ''): SectionItem => ({ marker, text: clean(text), role });

/** What the sections of one finding need of the report around it. */
interface Surroundings {
  /** Another finding's title by its fingerprint, for `explainedBy`. */
  titleOf(fingerprint: string): string | null;
  /** A path without the install's own folder in front, when there is only one install. */
  shorten(path: string): string;
}

function surroundings(report: Report): Surroundings {
  const root = report.installs.length === 1 ? report.installs[0]?.path : undefined;
  const isInside = (path: string): boolean =>
    root !== undefined && root.length > 1 && path.startsWith(root) && /^[\\/][^\\/]/.test(path.slice(root.length));
  return {
    titleOf: (fingerprint) => report.findings.find((other) => other.fingerprint === fingerprint)?.title ?? null,
    shorten: (path) => (root !== undefined && isInside(path) ? path.slice(root.length + 1) : path),
  };
}

/** The parts of a finding in the order in which people read them: what, evidence, why, what to do. Empty parts are left out. */
export function findingSections(finding: Finding, report: Report, language: Language): Section[] {
  const around = surroundings(report);
  const sections: Section[] = [
    { id: 'what', items: whatItems(finding, around, language) },
    { id: 'because', items: becauseItems(finding, around) },
    { id: 'evidence', items: finding.evidence.flatMap((entry) => evidenceItems(entry, around, language)) },
    { id: 'why', items: finding.message === '' ? [] : [item(finding.message)] },
    { id: 'steps', items: stepItems(finding, language) },
    { id: 'missing', items: missingItems(finding, language) },
    { id: 'references', items: finding.references.filter((url) => url.startsWith('https://')).map((url) => item(url, 'dim')) },
  ];
  return sections.filter((section) => section.items.length > 0);
}

function whatItems(finding: Finding, around: Surroundings, language: Language): SectionItem[] {
  const { subject } = finding;
  const path = subject.path === undefined ? undefined : around.shorten(subject.path);
  const place = path !== undefined && path !== subject.label ? `${subject.label} (${path})` : subject.label;
  const items = [item(place, 'strong')];
  if (finding.count > 1) items.push(item(t(language, 'report.count', { n: finding.count }), 'dim'));
  return items;
}

function becauseItems(finding: Finding, around: Surroundings): SectionItem[] {
  const title = finding.explainedBy === null ? null : around.titleOf(finding.explainedBy);
  return title === null ? [] : [item(title)];
}

function evidenceItems(entry: Evidence, around: Surroundings, language: Language): SectionItem[] {
  const where = placeOf(entry.source, around, language);
  const text = where === '' ? entry.text : `${entry.text} [${where}]`;
  const marker = t(language, `direction.${entry.direction}`);
  const items = [item(text, entry.direction === 'for' ? 'plain' : 'dim', marker)];
  const quote = entry.source?.text;
  if (quote !== undefined && quote.trim() !== '' && !entry.text.includes(beginning(quote)))
    items.push(item(`| ${quote}`, 'dim', ' '));
  return items;
}

/** Enough to know a quote again that was cut at another length. */
const beginning = (quote: string): string => quote.replace(/…$/, '').slice(0, 120);

/** `path:line`, `path at byte n`, a path, or nothing. */
function placeOf(source: Evidence['source'], around: Surroundings, language: Language): string {
  if (source?.path === undefined) return '';
  const path = clean(around.shorten(source.path));
  if (source.line !== undefined) return t(language, 'report.line', { path, line: source.line });
  if (source.byte !== undefined) return t(language, 'report.byte', { path, byte: source.byte });
  return path;
}

/** Steps numbered through all fixes, each fix under its title when there is more than one. */
function stepItems(finding: Finding, language: Language): SectionItem[] {
  const fixes = finding.fixes;
  if (fixes.length === 0) return finding.severity === 'info' ? [] : [item(t(language, 'report.noSteps'), 'dim')];
  return fixes.flatMap((fix, at) => {
    const title = fixes.length > 1 ? `${String.fromCharCode(65 + (at % 26))}. ${fix.title}` : fix.title;
    return [item(title, 'strong'), ...fix.steps.map((step, n) => item(step, 'plain', `${n + 1}.`))];
  });
}

function missingItems(finding: Finding, language: Language): SectionItem[] {
  return finding.missing
    .filter((entry) => entry.wouldMatter)
    .map((entry) => item(`${entry.title}: ${reasonText(entry.reason, language)}`, 'dim'));
}

const REASONS: { readonly [reason: string]: PlainKey } = {
  'not-collected': 'reason.not-collected',
  unreadable: 'reason.unreadable',
  'too-large': 'reason.too-large',
  'timed-out': 'reason.timed-out',
  'check-failed': 'reason.check-failed',
  unsupported: 'reason.unsupported',
  ambiguous: 'reason.ambiguous',
  'not-stated': 'reason.not-stated',
};

/** Words for why a fact is not known; a reason that is no known word is shown as it is. */
export function reasonText(reason: string, language: Language): string {
  const key = Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;
  return key === undefined ? clean(reason) : t(language, key);
}
