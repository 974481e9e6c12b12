// Makes one hostile or huge file and prints its path: `bombs.mjs NAME FOLDER`. In a process of its own, since Linux counts the
// memory of the process that starts another one as that one's peak.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { constants, crc32, deflateRawSync } from 'node:zlib';

const MIB = 2 ** 20;
const [wanted, folder] = process.argv.slice(2);

function place(name) {
  mkdirSync(folder, { recursive: true });
  return path.join(folder, name);
}

/** A safetensors file whose header has the 100,000,000 bytes that the format allows: a million tensors. */
function longHeader() {
  const entries = [];
  let size = 2;
  for (let i = 0; ; i++) {
    const name = `lora_unet_up_blocks_${i}.lora_down.weight`;
    const entry = `"${name}":{"dtype":"F16","shape":[1,1],"data_offsets":[${2 * i},${2 * i + 2}]}`;
    if (size + entry.length + 1 > 100_000_000) break;
    size += entry.length + 1;
    entries.push(entry);
  }
  const text = Buffer.from(`{${entries.join(',')}}`);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = place('header.safetensors');
  const descriptor = openSync(file, 'w');
  for (const part of [length, text, Buffer.alloc(2 * entries.length)]) writeSync(descriptor, part);
  closeSync(descriptor);
  return file;
}

/** A checkpoint of 1 MB whose pickle unpacks to 1 GiB of opcodes. */
function zipBomb() {
  const opcodes = Buffer.alloc(MIB, 'N0');
  const block = deflateRawSync(opcodes, { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const last = deflateRawSync(Buffer.from('N.'));
  const data = Buffer.concat([...Array.from({ length: 1024 }, () => block), last]);
  let sum = 0;
  for (let i = 0; i < 1024; i++) sum = crc32(opcodes, sum);
  const file = place('zip.ckpt');
  writeFileSync(file, zipOf('archive/data.pkl', data, crc32('N.', sum), 1024 * MIB + 2));
  return file;
}

/** A zip of one deflated entry. */
function zipOf(name, data, sum, size) {
  const fields = Buffer.alloc(22);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(sum, 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(size, 18);
  const names = Buffer.alloc(4);
  names.writeUInt16LE(name.length, 0);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, names, Buffer.from(name), data]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, names, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** A pickle of ten million opcodes that leave nothing behind. */
function manyOpcodes() {
  const file = place('opcodes.pt');
  writeFileSync(file, Buffer.concat([Buffer.from('\x80\x02', 'latin1'), Buffer.alloc(10_000_000, 'N0'), Buffer.from('N.')]));
  return file;
}

/** A checkpoint of 7 GB: a usual header, and data that is a hole. */
function bigCheckpoint() {
  const tensors = {};
  let at = 0;
  for (let i = 0; at < 7e9; i++) {
    const size = 2 * 1280 * 1280;
    tensors[`model.diffusion_model.input_blocks.${i}.1.transformer_blocks.0.attn1.to_q.weight`] = {
      dtype: 'F16',
      shape: [1280, 1280],
      data_offsets: [at, at + size],
    };
    at += size;
  }
  const text = Buffer.from(JSON.stringify(tensors));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = place('checkpoint.safetensors');
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, Buffer.concat([length, text]));
  writeSync(descriptor, Buffer.alloc(1), 0, 1, 8 + text.length + at - 1);
  closeSync(descriptor);
  return file;
}

/** A LoRA with large modules: rank 256 and whole differences of 1280 × 10240, F32. */
function largeLora() {
  const header = {};
  let at = 0;
  const add = (name, shape) => {
    const size = 4 * shape[0] * shape[1];
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + size] };
    at += size;
  };
  for (let i = 0; i < 4; i++) {
    add(`lora_unet_a_${i}.lora_down.weight`, [256, 10_240]);
    add(`lora_unet_a_${i}.lora_up.weight`, [10_240, 256]);
    add(`lora_unet_b_${i}.diff`, [1280, 10_240]);
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const values = Buffer.from(Float32Array.from({ length: MIB / 4 }, (_, i) => Math.sin(i * i) / 100).buffer);
  const file = place('large.safetensors');
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, Buffer.concat([length, text]));
  for (let left = at; left > 0; left -= MIB) writeSync(descriptor, values, 0, Math.min(MIB, left));
  closeSync(descriptor);
  return file;
}

process.stdout.write({ longHeader, zipBomb, manyOpcodes, bigCheckpoint, largeLora }[wanted]());
