// Writes schema/*.json from the sources; `node scripts/schema.mjs --check` only compares.
import { runScript } from './build.mjs';

process.exitCode = (await runScript('build-schema', process.argv.slice(2))) ? 0 : 1;
