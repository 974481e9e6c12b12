// How good `vram` is on rows it was not fitted on: `node scripts/validate-vram.mjs [--figures FILE]` (docs/vram.md).
import { runScript } from './build.mjs';

process.exitCode = (await runScript('validate-vram', process.argv.slice(2))) ? 0 : 1;
