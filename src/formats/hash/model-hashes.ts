import { type ByteSource, pieces } from '../bytes';

/** A running SHA-256. Handed in: the core has no library for it. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** 64 hexadecimal digits; ends the hash. */
  hex(): string;
}

/** The hashes by which web sites and programs know a model file (lora-files.md §6). Lower case. */
export interface ModelHashes {
  /** Of the whole file. */
  readonly sha256: string;
  /** First 10 digits of it: civitai, A1111. */
  readonly autov2: string;
  /** First 12 digits of the SHA-256 of what follows the header; the same content with other metadata has the same. Null without header. */
  readonly autov3: string | null;
  /** AutoV1, A1111's old hash: 8 digits of the SHA-256 of 64 KiB at 1 MiB. A file of less than 1 MiB has that of nothing, e3b0c442. */
  readonly legacyHash: string;
  /** The 12 digits that A1111 shows for a LoRA: `sshs_model_hash` when it is there, right or not, else as `autov3`. */
  readonly a1111: string | null;
  /** Whether `sshs_model_hash` is that of the tensors; `stale`: they were changed afterwards. Null: none stored. */
  readonly stored: 'matches' | 'stale' | null;
}

const CHUNK = 4 * 1024 * 1024;
const LEGACY_OFFSET = 0x100000;
const LEGACY_LENGTH = 0x10000;
/** Hash of nothing, stored by programs that had nothing to hash. */
const PLACEHOLDER = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/**
 * Reads the whole file once, piece by piece. Null when it became shorter meanwhile, or when `stop` said so.
 *
 * @param dataStart offset of the first byte after the header; null for what has none.
 */
export function modelHashes(
  source: ByteSource,
  dataStart: number | null,
  metadata: ReadonlyMap<string, string>,
  sha256: () => Hasher,
  stop: () => boolean = () => false,
): ModelHashes | null {
  const whole = sha256();
  const data = dataStart === null ? null : sha256();
  let offset = 0;
  for (const bytes of pieces(source, 0, CHUNK)) {
    if (stop()) return null;
    whole.update(bytes);
    if (data && dataStart !== null && offset + bytes.length > dataStart)
      data.update(bytes.subarray(Math.max(0, dataStart - offset)));
    offset += bytes.length;
  }
  if (offset < source.size) return null;
  const hex = whole.hex();
  const dataHex = data?.hex() ?? null;
  const legacy = sha256();
  legacy.update(source.read(LEGACY_OFFSET, Math.max(0, Math.min(LEGACY_LENGTH, source.size - LEGACY_OFFSET))));
  const stored = storedHash(metadata);
  return {
    sha256: hex,
    autov2: hex.slice(0, 10),
    autov3: dataHex?.slice(0, 12) ?? null,
    legacyHash: legacy.hex().slice(0, 8),
    a1111: (stored ?? dataHex)?.slice(0, 12) ?? null,
    stored: stored === null || dataHex === null ? null : stored === dataHex ? 'matches' : 'stale',
  };
}

function storedHash(metadata: ReadonlyMap<string, string>): string | null {
  const value = (metadata.get('sshs_model_hash') ?? '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(value) && value !== PLACEHOLDER ? value : null;
}

/** Bytes of the data that a quick comparison looks at: two places of this size. */
const SAMPLE = 2 * 1024;

/** SHA-256 of two short pieces of the data: files of one size that differ here are different. */
export function sampleHash(source: ByteSource, dataStart: number, sha256: () => Hasher): string {
  const hash = sha256();
  const room = Math.max(0, source.size - dataStart - SAMPLE);
  for (const part of [1 / 3, 2 / 3]) hash.update(source.read(dataStart + Math.floor(room * part), SAMPLE));
  return hash.hex();
}

/** SHA-256 of everything after the header. */
export function dataHash(source: ByteSource, dataStart: number, sha256: () => Hasher): string {
  const hash = sha256();
  for (const bytes of pieces(source, dataStart, CHUNK)) hash.update(bytes);
  return hash.hex();
}
