import type { RuleBase } from '../diagnosis/rule';
import type { Report } from '../report/schema';
import { keepFindings } from './keep';

/** `--only AREA`: leaves the findings of that area; the summary counts them again. */
export function onlyArea(report: Report, area: string | true | undefined, base: RuleBase): Report {
  return typeof area === 'string' ? keepFindings(report, (f) => base.causes[f.cause]?.area === area) : report;
}
