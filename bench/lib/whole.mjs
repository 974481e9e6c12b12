import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { installFolder, plantInstall } from './install.mjs';
import { plantLoras } from './loras.mjs';
import { timed } from './process.mjs';
import { randomFrom } from './random.mjs';

const LORAS = 492;
const USED = 8;
const PICTURES = 200;
/** Pictures that `check` reads, the newest first. */
const READ_PICTURES = 24;
const LOGS = 5;
const LOG_MB = 10;
const [WIDTH, HEIGHT] = [512, 768];
/** A made-up present day: pictures come a minute apart before it. */
const NOW = Date.UTC(2026, 10, 25) / 1000;

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** Compressed pixels of a picture: gradients with grain. */
function pixels(random) {
  const rows = Buffer.alloc(HEIGHT * (1 + WIDTH * 3));
  const [a, b] = [1 + random() * 9, random() * 200];
  let at = 0;
  for (let y = 0; y < HEIGHT; y++) {
    rows[at++] = 0;
    for (let x = 0; x < WIDTH * 3; x++) rows[at++] = (b + y / a + 40 * Math.sin(x / 40 + y / 90) + random() * 8) & 255;
  }
  return deflateSync(rows, { level: 1 });
}

function picture(number, lora, data) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const text = `masterpiece, a lighthouse, <lora:${lora}:0.8>
Negative prompt: lowres
Steps: 28, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: ${number}, Size: ${WIDTH}x${HEIGHT}, Model hash: 0123456789, Model: dreams, Lora hashes: "${lora}: 0123456789ab", Version: v1.10.1`;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`parameters\0${text}`, 'latin1')),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function plantPictures(folder, names, random) {
  mkdirSync(folder, { recursive: true });
  // As many as are read are unlike; older ones have the same pixels again.
  const data = Array.from({ length: READ_PICTURES }, () => pixels(random));
  return Array.from({ length: PICTURES }, (_, i) => {
    const file = path.join(folder, `${String(i).padStart(5, '0')}-${i}.png`);
    writeFileSync(file, picture(i, names[i % names.length], data[i % data.length]));
    utimesSync(file, NOW - 60 * (PICTURES - i), NOW - 60 * (PICTURES - i));
    return file;
  });
}

/** What surrounds them: settings, start script, packages. */
function plantRest(folder) {
  writeFileSync(
    path.join(folder, 'webui-user.bat'),
    '@echo off\r\nset COMMANDLINE_ARGS=--medvram --xformers\r\ncall webui.bat\r\n',
  );
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ sd_vae: 'Automatic', CLIP_stop_at_last_layers: 1 }, null, 4));
  const site = path.join(folder, 'venv/Lib/site-packages');
  for (let i = 0; i < 200; i++) {
    const info = path.join(site, `package_${i}-1.${i}.0.dist-info`);
    mkdirSync(info, { recursive: true });
    writeFileSync(path.join(info, 'METADATA'), `Metadata-Version: 2.1\nName: package-${i}\nVersion: 1.${i}.0\n`);
  }
}

/**
 * An install as people have it: 500 LoRAs (8 in use and of values, the others of holes), 200 pictures, 50 MB of logs.
 * `read`: the files that a check has to read, with how many bytes of each.
 */
export async function makeWhole() {
  const folder = path.join(installFolder(), 'whole');
  const loras = plantInstall(folder, LORAS);
  const used = plantLoras(path.join(loras, 'used'), USED);
  const names = used.map((file) => path.basename(file, '.safetensors'));
  const pictures = plantPictures(path.join(folder, 'outputs/txt2img-images/2026-11-24'), names, randomFrom(4));
  plantRest(folder);
  const logs = [];
  for (let i = 0; i < LOGS; i++) {
    const name = `webui.log${i > 0 ? `.${i}` : ''}`;
    const made = await timed(process.execPath, [
      path.join(import.meta.dirname, 'log.mjs'),
      folder,
      String(LOG_MB),
      name,
      String(i),
    ]);
    if (made.status !== 0) throw new Error(made.stderr.slice(-400));
    logs.push(made.stdout);
  }
  const head = 8 + 84_000;
  const whole = (file) => [file, statSync(file).size];
  const heads = Array.from({ length: LORAS }, (_, i) => [
    path.join(loras, `lora-${String(i).padStart(4, '0')}.safetensors`),
    head,
  ]);
  return { folder, read: [...heads, ...[...used, ...pictures.slice(-READ_PICTURES), ...logs].map(whole)] };
}
