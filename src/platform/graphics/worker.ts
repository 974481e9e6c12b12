import graphics from 'systeminformation/lib/graphics.js';

/**
 * A program of its own (`dist/graphics-worker.js`): what systeminformation lists, as one JSON document on stdout. It waits for
 * `nvidia-smi`, PowerShell and the like with blocking calls, so it runs beside us, where a time limit can end it.
 */
const { controllers } = await graphics.graphics();
process.stdout.write(JSON.stringify(controllers));
