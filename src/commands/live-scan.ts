import { diffSnapshots } from '../facts/diff';
import type { Snapshot } from '../facts/snapshot';
import type { Report } from '../report/schema';
import { judge, look, saying } from '../scan/scan';
import type { ScanFunction } from '../watch/session-types';
import type { LoadedDoctor } from './doctor';

/**
 * The doctor as a session calls it again and again. The words can be had in another language without looking again, and a
 * look that brought no other fact than the last one (a touched file, a log line that says nothing) is not judged again.
 */
export function scanWith(doctor: LoadedDoctor, options: { readonly redact: boolean }): ScanFunction {
  const read = new Set(doctor.base.rules.flatMap((rule) => rule.reads));
  let last: { readonly key: string; readonly snapshot: Snapshot; readonly report: Report } | null = null;
  return async (request) => {
    const looked = await look(doctor, request);
    const key = JSON.stringify([request.lang, request.symptoms, looked.snapshot.notes]);
    const same = last !== null && last.key === key && !matters(diffSnapshots(last.snapshot, looked.snapshot), read);
    const report = same && last ? last.report : judge(doctor, looked, request.lang, options.redact);
    last = { key, snapshot: looked.snapshot, report };
    return {
      snapshot: looked.snapshot,
      report,
      reword: (language, symptoms) => judge(doctor, saying(doctor, looked, symptoms), language, options.redact),
    };
  };
}

/** Is there another subject, or another value of a fact that any rule reads? Free memory changes all the time and is read by none. */
function matters({ added, removed, changed }: ReturnType<typeof diffSnapshots>, read: ReadonlySet<string>): boolean {
  return added.length > 0 || removed.length > 0 || Object.values(changed).some((facts) => facts.some((fact) => read.has(fact)));
}
