import { version } from '../package.json';
import { diagnose } from './diagnosis/diagnose';
import type { RuleBase } from './diagnosis/rule';
import { registry } from './facts/registry/all';
import type { Snapshot } from './facts/snapshot';
import { snapshotSchema } from './facts/snapshot-schema';
import { Store } from './facts/store';
import type { Language } from './i18n/language';
import { buildReport } from './report/build';
import { printJson } from './report/json';
import { publish } from './report/redact';

export { show } from './formats/show';

/** A page knows no user and no machine. */
const NOBODY = { home: '', user: '', host: '' };

/**
 * Judges in a page what another machine has looked at.
 *
 * @param snapshotJson `facts` of a report (`check --json`). Throws when it is none.
 * @param rulesJson the text of `dist/rules.json`.
 * @returns a report (`lora-doctor/report@1`) as JSON, redacted.
 */
export function diagnoseSnapshot(snapshotJson: string, rulesJson: string, lang: Language): string {
  const snapshot = snapshotSchema.parse(JSON.parse(snapshotJson)) as Snapshot;
  const { base } = JSON.parse(rulesJson) as { readonly base: RuleBase };
  const store = Store.from(snapshot, registry);
  const report = buildReport({ diagnosis: diagnose(store, base), store, snapshot, base, registry, lang, version, ms: 0 });
  return printJson(publish(report, registry, NOBODY, true));
}
