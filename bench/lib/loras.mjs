import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { installFolder, modules } from './install.mjs';
import { randomFrom } from './random.mjs';

const FILES = 200;
/** Bytes of values that all files take their pieces from: enough that no two modules are alike. */
const POOL = 8 * 2 ** 20;

/** fp16 values of the size that training leaves, between 2^-11 and 2^-5, one in two negative. */
function values(random) {
  const pool = new Uint16Array(POOL / 2);
  for (let i = 0; i < pool.length; i++) {
    const exponent = 4 + Math.floor(random() * 6);
    pool[i] = (random() < 0.5 ? 0x8000 : 0) | (exponent << 10) | Math.floor(random() * 1024);
  }
  return Buffer.from(pool.buffer);
}

/** One LoRA as kohya's scripts write it: alpha, down and up of each module in a row. */
function writeLora(file, rank, chosen, pool, random) {
  const header = {
    __metadata__: { ss_network_dim: String(rank), ss_network_alpha: String(rank), ss_base_model_version: 'sd_v1' },
  };
  const alpha = Buffer.from([0, { 4: 0x44, 8: 0x48 }[rank]]);
  const parts = [];
  let at = 0;
  const add = (name, shape, bytes) => {
    header[name] = { dtype: 'F16', shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
    parts.push(bytes);
  };
  const piece = (count) => {
    const start = 2 * Math.floor((random() * (POOL - 2 * count)) / 2);
    return pool.subarray(start, start + 2 * count);
  };
  for (const [name, input, output] of chosen) {
    add(`${name}.alpha`, [], alpha);
    add(`${name}.lora_down.weight`, [rank, input], piece(rank * input));
    add(`${name}.lora_up.weight`, [output, rank], piece(rank * output));
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const descriptor = openSync(file, 'w');
  const whole = Buffer.concat([length, json, ...parts]);
  writeSync(descriptor, whole);
  closeSync(descriptor);
  return whole.length;
}

/** The attention of SD1.5's text encoder. */
function textEncoder() {
  const parts = ['k_proj', 'out_proj', 'q_proj', 'v_proj'];
  const name = (layer, part) => `lora_te_text_model_encoder_layers_${layer}_self_attn_${part}`;
  return Array.from({ length: 12 }, (_, layer) => parts.map((part) => [name(layer, part), 768, 768])).flat();
}

/** LoRAs for SD1.5 from a seed, 3.8 MB each: rank 4 on all layers of the U-Net and rank 8 on attention, text encoder too, in turn. */
export function plantLoras(folder, count) {
  const all = modules();
  const attention = [...textEncoder(), ...all.filter(([name]) => name.includes('_attn'))];
  const random = randomFrom(2);
  const files = Array.from({ length: count }, (_, i) => path.join(folder, `lora-${String(i).padStart(3, '0')}.safetensors`));
  if (existsSync(folder)) return files;
  mkdirSync(folder, { recursive: true });
  const pool = values(random);
  for (const [i, file] of files.entries()) writeLora(file, i % 2 ? 8 : 4, i % 2 ? attention : all, pool, random);
  return files;
}

/** 200 of them, some 760 MB. */
export const makeLoras = () => plantLoras(path.join(installFolder(), 'weights'), FILES);
