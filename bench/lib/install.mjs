import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomFrom } from './random.mjs';

const FILES = 2000;
const HEADER_BYTES = 84_000;

/** Modules of the U-Net of an SD1.5 LoRA in the spelling of kohya's scripts, with the width of each. */
export function modules() {
  const found = [];
  const attention = (prefix, width) => {
    for (const [attn, context] of [
      ['attn1', width],
      ['attn2', 768],
    ]) {
      for (const part of ['to_q', 'to_k', 'to_v', 'to_out_0']) {
        const inner = part === 'to_k' || part === 'to_v' ? context : width;
        found.push([`${prefix}_transformer_blocks_0_${attn}_${part}`, inner, width]);
      }
    }
    found.push(
      [`${prefix}_transformer_blocks_0_ff_net_0_proj`, width, width * 8],
      [`${prefix}_transformer_blocks_0_ff_net_2`, width * 4, width],
    );
    found.push([`${prefix}_proj_in`, width, width], [`${prefix}_proj_out`, width, width]);
  };
  const widths = [320, 640, 1280];
  for (const [block, width] of widths.entries())
    for (const n of [0, 1]) attention(`lora_unet_down_blocks_${block}_attentions_${n}`, width);
  attention('lora_unet_mid_block_attentions_0', 1280);
  for (const [i, width] of [1280, 640, 320].entries())
    for (const n of [0, 1, 2]) attention(`lora_unet_up_blocks_${i + 1}_attentions_${n}`, width);
  return found;
}

/** Header of one LoRA, padded with tag counts in the metadata (as kohya writes them) to 84 kB, and the size of its data. */
function header(random) {
  const rank = [4, 8, 16, 32][Math.floor(random() * 4)];
  const tensors = {};
  let at = 0;
  const add = (name, shape) => {
    const size = 2 * shape.reduce((a, b) => a * b, 1);
    tensors[name] = { dtype: 'F16', shape, data_offsets: [at, at + size] };
    at += size;
  };
  for (const [name, input, output] of modules()) {
    add(`${name}.alpha`, []);
    add(`${name}.lora_down.weight`, [rank, input]);
    add(`${name}.lora_up.weight`, [output, rank]);
  }
  const tags = {};
  const metadata = {
    ss_network_dim: String(rank),
    ss_network_alpha: String(rank),
    ss_base_model_version: 'sd_v1',
    ss_tag_frequency: '',
  };
  const length = () => JSON.stringify({ __metadata__: metadata, ...tensors }).length;
  const missing = HEADER_BYTES - length();
  let used = 0;
  while (used < missing) {
    const tag = Math.floor(random() * 2 ** 40).toString(36);
    tags[tag] = Math.floor(random() * 100);
    used += tag.length + 10;
  }
  metadata.ss_tag_frequency = JSON.stringify({ '10_thing': tags });
  return { json: JSON.stringify({ __metadata__: metadata, ...tensors }), data: at };
}

/** A file with its header; the data is a hole, which costs no disk. */
function writeLora(file, random) {
  const { json, data } = header(random);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, length);
  writeSync(descriptor, json);
  ftruncateSync(descriptor, 8 + json.length + data);
  closeSync(descriptor);
}

export function installFolder() {
  return path.join(tmpdir(), `lora-doctor-bench-${process.pid}`);
}

/** An install of the A1111 kind in this folder, with LoRAs from a seed; gives the folder of the LoRAs. */
export function plantInstall(folder, files) {
  const loras = path.join(folder, 'models', 'Lora');
  for (const sub of ['modules', 'models/Lora', 'models/Stable-diffusion', 'extensions-builtin/Lora'])
    mkdirSync(path.join(folder, sub), { recursive: true });
  for (const name of ['webui.py', 'launch.py', 'modules/sd_models.py', 'modules/shared.py'])
    writeFileSync(path.join(folder, name), '');
  const random = randomFrom(1);
  for (let i = 0; i < files; i++) writeLora(path.join(loras, `lora-${String(i).padStart(4, '0')}.safetensors`), random);
  return loras;
}

/** One with 2,000 LoRAs and one empty file as its fault. Made once in a run. */
export function makeInstall() {
  const folder = installFolder();
  const loras = path.join(folder, 'models', 'Lora');
  if (existsSync(loras)) return { folder, loras };
  plantInstall(folder, FILES);
  writeFileSync(path.join(loras, 'nothing-in-it.safetensors'), '');
  return { folder, loras };
}
