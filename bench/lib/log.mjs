// Makes a console log of a size and prints its path: `log.mjs FOLDER MB [NAME [NUMBER]]`, another number another log. In a process of its own, as bombs.mjs.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { randomFrom } from './random.mjs';

const SEED = 20261125;
const BLOCK = 2 ** 20;
const [folder, megabytes, given, number = '0'] = process.argv.slice(2);
const random = randomFrom(SEED + Number(number));
const whole = (below) => Math.floor(random() * below);
const hex = (length) => Array.from({ length }, () => whole(16).toString(16)).join('');
const name = () => `${['style', 'detail', 'outfit', 'pose', 'add_more', '角色'][whole(6)]}_v${whole(40)}`;

function start() {
  return `Python 3.10.6 (tags/v3.10.6:9c7b4bd, Aug  1 2022, 21:53:49) [MSC v.1932 64 bit (AMD64)]
Version: v1.10.1
Commit hash: 82a973c04367123ae98bd9abdf80d9eda9b910e2
Launching Web UI with arguments: --medvram --api
Loading weights [${hex(10)}] from D:\\sd\\models\\Stable-diffusion\\${name()}.safetensors
Running on local URL:  http://127.0.0.1:7860
Creating model from config: D:\\sd\\configs\\v1-inference.yaml
Applying attention optimization: Doggettx... done.
Model loaded in ${(random() * 20).toFixed(1)}s (load weights from disk: 0.9s, create model: 0.4s, apply weights to model: 1.8s).
`;
}

/** Progress bars of one picture, written over each other with carriage returns. */
function picture() {
  const steps = 20 + whole(15);
  const speed = (1 + random() * 8).toFixed(2);
  let text = '';
  for (let step = 0; step <= steps; step++) {
    const share = Math.floor((100 * step) / steps);
    const filled = Math.floor(share / 10);
    const bar = '█'.repeat(filled).padEnd(10, ' ');
    const seconds = String(step % 60).padStart(2, '0');
    text += `\r${String(share).padStart(3)}%|${bar}| ${step}/${steps} [00:${seconds}<00:${seconds},  ${speed}it/s]`;
  }
  return `${text}\n`;
}

const chatter = () =>
  `2026-11-2${whole(6)} 12:${10 + whole(50)}:${10 + whole(50)},${100 + whole(900)} - httpx - INFO - HTTP Request: POST http://127.0.0.1:7860/internal/progress "HTTP/1.1 200 OK"\n`;
const hashing = () => `Calculating sha256 for D:\\sd\\models\\Lora\\${name()}.safetensors: ${hex(64)}\n`;
const reused = () => `Reusing loaded model ${name()}.safetensors [${hex(10)}] to load ${name()}.safetensors [${hex(10)}]\n`;
const warning = () =>
  `D:\\sd\\venv\\lib\\site-packages\\timm\\models\\layers\\__init__.py:${whole(90)}: FutureWarning: Importing from timm.models.layers is deprecated\n`;
const missing = () => `Couldn't find network with name ${name()}\n`;

function memory() {
  return `*** Error completing request
    Traceback (most recent call last):
      File "D:\\sd\\modules\\call_queue.py", line 74, in f
        res = list(func(*args, **kwargs))
      File "D:\\sd\\modules\\txt2img.py", line 109, in txt2img
        processed = processing.process_images(p)
    torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate ${(random() * 4).toFixed(2)} GiB (GPU 0; 6.00 GiB total capacity)

---
`;
}

/** Of a thousand pieces, how many are of each kind (running sum). Starts and failures are the rarest. */
const SHARES = [
  [1, start],
  [3, memory],
  [10, missing],
  [40, warning],
  [80, reused],
  [160, hashing],
  [450, picture],
  [1000, chatter],
];

function piece() {
  const at = whole(1000);
  return (SHARES.find(([limit]) => at < limit)?.[1] ?? chatter)();
}

mkdirSync(folder, { recursive: true });
const file = path.join(folder, given ?? `console-${megabytes}.log`);
const descriptor = openSync(file, 'w');
let text = start();
for (let left = Number(megabytes) * 1e6; left > 0; text = '') {
  while (text.length < BLOCK) text += piece();
  left -= writeSync(descriptor, text);
}
closeSync(descriptor);
process.stdout.write(file);
