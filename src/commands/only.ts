import type { RuleBase } from '../diagnosis/rule';
import type { Report } from '../report/schema';

/** `--only AREA`: leaves the findings of that area; the summary counts them again. */
export function onlyArea(report: Report, area: string | true | undefined, base: RuleBase): Report {
  if (typeof area !== 'string') return report;
  const findings = report.findings.filter((f) => base.causes[f.cause]?.area === area);
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
