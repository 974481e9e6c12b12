import type { Report } from '../report/schema';

type Finding = Report['findings'][number];

/** The report with some of its findings only; the summary counts them again. */
export function keepFindings(report: Report, keep: (finding: Finding) => boolean): Report {
  const findings = report.findings.filter(keep);
  const count = (severity: string): number => findings.filter((f) => f.severity === severity && f.explainedBy === null).length;
  const summary = { ...report.summary, errors: count('error'), warnings: count('warning'), notes: count('info') };
  const verdict =
    summary.errors > 0
      ? 'problems'
      : summary.warnings > 0
        ? 'suspicions'
        : report.summary.verdict === 'undecided'
          ? 'undecided'
          : 'clear';
  return { ...report, findings, summary: { ...summary, verdict } };
}
