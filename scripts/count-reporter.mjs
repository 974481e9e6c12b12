import { writeFileSync } from 'node:fs';

/**
 * Vitest reporter that counts tests, not files, and writes `{passed, failed, skipped}` to `$LORA_DOCTOR_COUNTS`.
 * A file that could not be loaded, a failed hook and an error outside of any test count as one failure each.
 */
export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env.LORA_DOCTOR_COUNTS;
    if (file) writeFileSync(file, JSON.stringify(count(modules, unhandledErrors)));
  }
}

function count(modules, unhandledErrors) {
  const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const module of modules) {
    counts.failed += module.errors().length;
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      counts[state === 'pending' ? 'failed' : state]++;
    }
  }
  return counts;
}
