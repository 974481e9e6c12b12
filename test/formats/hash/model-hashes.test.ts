import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/formats/bytes';
import { dataHash, modelHashes, sampleHash } from '../../../src/formats/hash/model-hashes';
import { sha256 } from '../../../src/platform/sha256';

const hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const NONE = new Map<string, string>();

describe('model hashes', () => {
  it('are those of the whole file, of what follows the header, and of 64 KiB at 1 MiB', () => {
    const bytes = Uint8Array.from({ length: 0x120000 }, (_, i) => (i * 7 + (i >> 9)) & 0xff);
    const hashes = modelHashes(bytesOf(bytes), 1000, NONE, sha256);
    expect(hashes).toEqual({
      sha256: hex(bytes),
      autov2: hex(bytes).slice(0, 10),
      autov3: hex(bytes.subarray(1000)).slice(0, 12),
      legacyHash: hex(bytes.subarray(0x100000, 0x110000)).slice(0, 8),
      a1111: hex(bytes.subarray(1000)).slice(0, 12),
      stored: null,
    });
  });

  it('gives a file of less than 1 MiB the old hash of nothing', () => {
    expect(modelHashes(bytesOf(new Uint8Array(10)), null, NONE, sha256)).toMatchObject({ legacyHash: 'e3b0c442', autov3: null });
  });

  it('equal the plain ones wherever the header ends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, start) => {
        const at = Math.min(start, bytes.length);
        const hashes = modelHashes(bytesOf(bytes), at, NONE, sha256);
        expect(hashes?.autov3).toBe(hex(bytes.subarray(at)).slice(0, 12));
        expect(dataHash(bytesOf(bytes), at, sha256)).toBe(hex(bytes.subarray(at)));
      }),
      { numRuns: 200 },
    );
  });

  it('take the stored hash for what A1111 shows, and say when the tensors are others', () => {
    const bytes = new Uint8Array(100).fill(3);
    const own = hex(bytes.subarray(20));
    const stale = 'ab'.repeat(32);
    expect(modelHashes(bytesOf(bytes), 20, new Map([['sshs_model_hash', own]]), sha256)).toMatchObject({ stored: 'matches' });
    expect(modelHashes(bytesOf(bytes), 20, new Map([['sshs_model_hash', stale]]), sha256)).toMatchObject({
      stored: 'stale',
      a1111: stale.slice(0, 12),
      autov3: own.slice(0, 12),
    });
    const placeholder = new Map([['sshs_model_hash', hex(new Uint8Array(0))]]);
    expect(modelHashes(bytesOf(bytes), 20, placeholder, sha256)?.stored).toBeNull();
  });

  it('are null when the file shrank or a stop was asked for', () => {
    const shrunk = { size: 100, read: () => new Uint8Array(0) };
    expect(modelHashes(shrunk, 8, NONE, sha256)).toBeNull();
    expect(modelHashes(bytesOf(new Uint8Array(9)), 8, NONE, sha256, () => true)).toBeNull();
  });

  it('sample what lies in the data only', () => {
    const a = new Uint8Array(200_000);
    const b = new Uint8Array(200_000).fill(9, 0, 50);
    expect(sampleHash(bytesOf(a), 50, sha256)).toBe(sampleHash(bytesOf(b), 50, sha256));
    b.fill(1, 66_000, 80_000);
    expect(sampleHash(bytesOf(a), 50, sha256)).not.toBe(sampleHash(bytesOf(b), 50, sha256));
  });
});
