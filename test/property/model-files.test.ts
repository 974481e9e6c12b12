import { deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bytesOf } from '../../src/formats/bytes';
import { readContainer } from '../../src/formats/container';
import { scanPickle } from '../../src/formats/pickle/scan';
import { readSafetensors } from '../../src/formats/safetensors';
import { nodeInflateRaw } from '../../src/platform/inflate-raw';
import { onMutants } from './mutants';

/** Issue B: at least 200,000 runs a parser without an uncaught error. */
const RUNS = 200_000;

function safetensors(header: unknown, data = 0): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(data)]);
}

const TENSORS = [
  safetensors(
    { a: { dtype: 'F16', shape: [2, 2], data_offsets: [0, 8] }, 'b.alpha': { dtype: 'F32', shape: [], data_offsets: [8, 12] } },
    12,
  ),
  safetensors(
    { __metadata__: { ss_output_name: 'caf\u00e9', x: '\ud83d\ude00' }, w: { dtype: 'BF16', shape: [3], data_offsets: [0, 6] } },
    6,
  ),
  safetensors({}),
];

/** `cos.system('x')` and harmless ones, protocols 0 to 4, written opcode by opcode. */
const PICKLES = [
  Buffer.from("cposix\nsystem\n(S'echo x'\ntR."),
  Buffer.from([0x80, 2, 0x7d, 0x71, 0, 0x58, 1, 0, 0, 0, 0x61, 0x4b, 1, 0x73, 0x2e]),
  Buffer.from([0x80, 4, 0x95, 9, 0, 0, 0, 0, 0, 0, 0, 0x8c, 2, 0x6f, 0x73, 0x8c, 1, 0x78, 0x93, 0x29, 0x52, 0x2e]),
  zip('archive/data.pkl', Buffer.from([0x80, 2, 0x5d, 0x71, 0, 0x2e])),
];

function zip(name: string, content: Buffer): Uint8Array {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(content.length, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(content.length, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end]);
}

it('safetensors headers: refuses or reads, never throws', { timeout: 120_000 }, () => {
  let good = 0;
  onMutants(TENSORS, RUNS, (bytes) => {
    const read = readSafetensors(bytesOf(bytes));
    if (read.ok) good++;
    else if (read.error.message === '') throw new Error('an error without words');
  });
  expect(good).toBeGreaterThan(0);
});

it('pickles: a mutant of a hostile one may become unscannable, never an exception', { timeout: 120_000 }, () => {
  const verdicts = new Set<string>();
  onMutants(PICKLES, RUNS, (bytes) => {
    verdicts.add(scanPickle(bytesOf(bytes), nodeInflateRaw).verdict);
  });
  expect([...verdicts].sort()).toEqual(['dangerous', 'safe', 'suspicious', 'unscannable']);
});

it('containers: says what it is or that it cannot tell', { timeout: 120_000 }, () => {
  const seeds = [
    ...TENSORS,
    ...PICKLES,
    Buffer.from('<!DOCTYPE html><html></html>'),
    Buffer.from('GGUF\u0003\0\0\0'),
    Buffer.alloc(40),
  ];
  onMutants(seeds, RUNS, (bytes) => {
    const container = readContainer(bytesOf(bytes));
    if (container.ok === (container.error !== null)) throw new Error(`ok and error disagree: ${container.kind}`);
  });
});
