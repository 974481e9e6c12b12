// Reads bytes and does nothing with them: `read-all.mjs LIST`, a JSON list of files and how many bytes of each. Prints how many came.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const buffer = new Uint8Array(2 ** 18);
let all = 0;
for (const [file, length] of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const descriptor = openSync(file, 'r');
  for (let left = length; left > 0; ) {
    const count = readSync(descriptor, buffer, 0, Math.min(buffer.length, left), null);
    if (count === 0) break;
    left -= count;
    all += count;
  }
  closeSync(descriptor);
}
process.stdout.write(String(all));
