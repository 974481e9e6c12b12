import { bytesOf } from '../../src/formats/bytes';
import type { PickleScan } from '../../src/formats/pickle/findings';
import { scanPickle } from '../../src/formats/pickle/scan';
import { crc32 } from '../../src/formats/picture/crc32';

type Part = string | number | readonly number[] | Uint8Array;

/** Bytes of opcodes: text is latin-1. The hostile ones here only echo, and are never loaded. */
export function bytes(...parts: readonly Part[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? [...part].map((char) => char.charCodeAt(0)) : typeof part === 'number' ? [part] : [...part],
    ),
  );
}

export function scan(data: Uint8Array): PickleScan {
  return scanPickle(bytesOf(data));
}

/** Little-endian number of `size` bytes. */
export function le(value: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => Math.floor(value / 2 ** (8 * i)) % 256);
}

/** A pickle that calls `module.name('echo x')`, protocol 2. */
export function calling(module: string, name: string): Uint8Array {
  return bytes(0x80, 2, `c${module}\n${name}\n`, 'X', le(6, 4), 'echo x', 0x85, 'R.');
}

export interface Member {
  readonly name: string;
  readonly data: Uint8Array;
  readonly localName?: string;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
}

/** A stored zip. `comment` goes behind the end record. */
export function zip(members: readonly Member[], comment: Uint8Array = new Uint8Array(0)): Uint8Array {
  const parts: number[] = [];
  const directory: number[] = [];
  for (const member of members) {
    const { name, data } = member;
    const at = parts.length;
    const common = [
      ...le(member.flags ?? 0, 2),
      ...le(member.method ?? 0, 2),
      ...le(0, 4),
      ...le(member.crc ?? crc32(data), 4),
      ...le(data.length, 4),
      ...le(data.length, 4),
    ];
    const local = member.localName ?? name;
    parts.push(...bytes('PK', 3, 4, le(20, 2), common, le(local.length, 2), le(0, 2), local), ...data);
    directory.push(...bytes('PK', 1, 2, le(20, 2), le(20, 2), common, le(name.length, 2), le(0, 12), le(at, 4), name));
  }
  const end = bytes(
    'PK',
    5,
    6,
    le(0, 4),
    le(members.length, 2),
    le(members.length, 2),
    le(directory.length, 4),
    le(parts.length, 4),
    le(comment.length, 2),
  );
  return bytes(parts, directory, end, comment);
}

/** What torch ≥ 1.6 writes around one pickle. */
export function torchZip(pickle: Uint8Array, more: readonly Member[] = []): Uint8Array {
  return zip([
    { name: 'm/data.pkl', data: pickle },
    { name: 'm/version', data: bytes('3\n') },
    { name: 'm/data/0', data: new Uint8Array(16) },
    ...more,
  ]);
}
