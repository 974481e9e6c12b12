import { judge, look, saying } from '../scan/scan';
import type { ScanFunction } from '../watch/session-types';
import type { LoadedDoctor } from './doctor';

/** The doctor as a session calls it again and again. The words can be had in another language without looking again. */
export function scanWith(doctor: LoadedDoctor, options: { readonly redact: boolean }): ScanFunction {
  return async (request) => {
    const looked = await look(doctor, request);
    return {
      snapshot: looked.snapshot,
      report: judge(doctor, looked, request.lang, options.redact),
      reword: (language, symptoms) => judge(doctor, saying(doctor, looked, symptoms), language, options.redact),
    };
  };
}
