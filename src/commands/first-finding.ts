import { firstChecks } from '../checks/all';
import type { Report } from '../report/schema';
import { glyphsFor, roleOfSeverity, textTheme } from '../report/theme';
import { truncate } from '../report/width';
import { judge, look, type ScanRequest } from '../scan/scan';
import type { CommandContext } from './context';
import type { LoadedDoctor } from './doctor';

/**
 * What can be said at once: broken files, which need no other fact than their own. Null when there is nothing of the sort; the whole
 * scan, which says everything, follows in any case.
 */
export async function firstReport(
  context: CommandContext,
  doctor: LoadedDoctor,
  request: Pick<ScanRequest, 'targets' | 'searching'>,
): Promise<Report | null> {
  const rules = doctor.base.rules.filter((rule) => rule.scope === 'lora' && rule.severity === 'error');
  const quick = { ...doctor, checks: firstChecks, base: { ...doctor.base, rules } };
  const looked = await look(quick, { ...request, depth: 'quick', symptoms: [], signal: context.signal });
  const report = judge(quick, looked, context.lang, false);
  const findings = report.findings.filter((finding) => finding.verdict === 'confirmed');
  return findings.length > 0 ? { ...report, findings, inconclusive: [] } : null;
}

/** Writes the first finding's title on one line, while the screen is being loaded. Returns what takes it away again. */
export function announce({ stdout, color, ascii }: CommandContext, report: Report): () => void {
  const [first] = report.findings;
  if (!first) return () => undefined;
  const { ellipsis, [first.severity]: mark } = glyphsFor(ascii);
  const line = truncate(` ${mark} ${first.title}`, Math.max(1, (stdout.columns ?? 80) - 1), ellipsis);
  stdout.write(textTheme({ color, ascii }).paint(roleOfSeverity(first.severity), line));
  return () => stdout.write('\r\u001b[2K');
}
