import type { Report, Severity } from './schema';

const ORDER: readonly Severity[] = ['info', 'warning', 'error'];

/** Exit status of a diagnosis: 1 when a finding that no other explains stands at or above `failOn`, else 0. */
export function exitStatus(report: Pick<Report, 'findings'>, failOn: Severity): 0 | 1 {
  const least = ORDER.indexOf(failOn);
  return report.findings.some((f) => f.explainedBy === null && ORDER.indexOf(f.severity) >= least) ? 1 : 0;
}
