import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/formats/bytes';
import { scanPickle } from '../../src/formats/pickle/scan';
import { nodeInflateRaw } from '../../src/platform/inflate-raw';
import { bytes, calling, le } from '../formats/pickle-samples';

/** A zip of one deflated member. */
function packed(name: string, data: Uint8Array, size = data.length): Uint8Array {
  const body = deflateRawSync(data);
  const common = [...le(0, 2), ...le(8, 2), ...le(0, 8), ...le(body.length, 4), ...le(size, 4)];
  const local = bytes('PK', 3, 4, le(20, 2), common, le(name.length, 2), le(0, 2), name, body);
  const central = bytes('PK', 1, 2, le(20, 4), common, le(name.length, 2), le(0, 12), le(0, 4), name);
  return bytes(local, central, 'PK', 5, 6, le(0, 4), le(1, 2), le(1, 2), le(central.length, 4), le(local.length, 4), le(0, 2));
}

describe('compressed zip members', () => {
  it('are looked into within a limit', () => {
    const hostile = packed('m/data.pkl', calling('os', 'system'));
    expect(scanPickle(bytesOf(hostile), nodeInflateRaw).verdict).toBe('dangerous');
    expect(scanPickle(bytesOf(hostile))).toMatchObject({ verdict: 'unscannable', problems: ['packed: m/data.pkl'] });
    expect(nodeInflateRaw(bytes('no deflate'), 100)).toBeNull();
  });

  it('PK-47 a bomb is refused, whether it tells its size or not', () => {
    const zeros = new Uint8Array(40 * 1024 * 1024);
    expect(scanPickle(bytesOf(packed('m/data.pkl', zeros)), nodeInflateRaw)).toMatchObject({
      verdict: 'unscannable',
      problems: ['ratio: m/data.pkl'],
    });
    expect(scanPickle(bytesOf(packed('m/data.pkl', zeros, 100)), nodeInflateRaw)).toMatchObject({
      verdict: 'unscannable',
      problems: ['inflate-failed: m/data.pkl'],
    });
  });
});
