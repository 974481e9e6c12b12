import { crc32, deflateSync } from 'node:zlib';
import { numbers } from './tensors';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** A picture like a hazy landscape (bands of colour with grain), with its generation parameters as A1111 writes them. */
export function demoPicture(width: number, height: number, parameters: string, seed: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const text = Buffer.from(`parameters\0${parameters}`, 'latin1');
  const pixels = deflateSync(landscape(width, height, seed), { level: 1 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('tEXt', text),
    chunk('IDAT', pixels),
    chunk('IEND', new Uint8Array()),
  ]);
}

function landscape(width: number, height: number, seed: number): Buffer {
  const next = numbers(seed);
  const ridge = 0.45 + next() * 0.1;
  const rows = Buffer.alloc(height * (1 + width * 3));
  let at = 0;
  for (let y = 0; y < height; y++) {
    rows[at++] = 0;
    for (let x = 0; x < width; x++) {
      const sky = y / height < ridge + 0.06 * Math.sin((x / width) * 9 + seed);
      const light = sky ? 200 - (y / height) * 90 : 120 - (y / height) * 60 + 25 * Math.sin(x / 23);
      const grain = next() * 10;
      rows[at++] = Math.max(0, Math.min(255, light + (sky ? 10 : -20) + grain));
      rows[at++] = Math.max(0, Math.min(255, light + (sky ? 0 : 25) + grain));
      rows[at++] = Math.max(0, Math.min(255, light + (sky ? 35 : -35) + grain));
    }
  }
  return rows;
}
