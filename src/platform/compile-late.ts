import { setFlagsFromString } from 'node:v8';

/** Seven times what it is by default: of 300,000, a million and four million none was better. */
const BUDGET = 500_000;

/**
 * Lets V8 optimise a function later, as most commands are over within a second. Node 20's has no quick compiler between the plain and
 * the optimising one and starts the latter early: of looking through thousands of files it took a third of all processor time. Later
 * versions have one (and know no such flag).
 */
export function compileLate(): void {
  if (process.versions.v8.startsWith('11.')) setFlagsFromString(`--interrupt-budget=${BUDGET}`);
}
