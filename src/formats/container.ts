import { type ByteSource, leadingUint64 } from './bytes';
import { ascii, headText, magicKind, textKind } from './container-magic';
import { looksLikePickle } from './pickle/detect';
import { findDirectory } from './pickle/zip-directory';
import { readSafetensors, type SafetensorsResult } from './safetensors';
import type { TableMemo } from './safetensors-memo';

export interface ContainerError {
  readonly code: string;
  /** English; may hold raw names from the file. */
  readonly message: string;
  readonly offset: number;
  readonly have: number | null;
  readonly need: number | null;
}

/** What a file is, by content and never by name (contract.md, `container`). */
export interface Container {
  /**
   * safetensors · pickle-zip · pickle · gguf · html · json · text · lfs-pointer · zip · png · jpeg · webp · empty · unknown;
   * `truncated-` before the kind where the file breaks off (`truncated-safetensors`, `truncated-pickle-zip`), and
   * `truncated-file` for one that holds zeros only (space reserved by a download that never came).
   */
  readonly kind: string;
  /** Whether a loader of that kind would open it. Never true for what is no model file. */
  readonly ok: boolean;
  readonly error: ContainerError | null;
  /** The reading of the header, where it was tried: for `safetensors` always. */
  readonly safetensors: SafetensorsResult | null;
}

const HEAD = 4096;
/** How much of a file is looked through for something else than zeros. */
const ZERO_SAMPLE = 64 * 1024;

/** Finds out what a file is. Reads a few KiB, and the header of a safetensors file. */
export function readContainer(source: ByteSource, memo?: TableMemo): Container {
  const { size } = source;
  if (size === 0) return failed('empty', 'empty', 'the file is empty: the download failed', 0, 1);
  const head = source.read(0, HEAD);
  // A valid header length may look like any magic number, so the framing is tried first (reliability.md §1.1).
  const safetensors = framed(head, size) ? readSafetensors(source, memo) : null;
  if (safetensors?.ok) return { kind: 'safetensors', ok: true, error: null, safetensors };
  if (onlyZeros(source, head))
    return failed('truncated-file', 'zeros', 'only zeros: the space was reserved, the data never came', 0, size);
  const kind = magicKind(head);
  if (kind !== null) return byMagic(kind, size);
  if (ascii(head, 0, 4) === 'PK\u0003\u0004' || ascii(head, 0, 4) === 'PK\u0005\u0006') return zip(source);
  const text = headText(head);
  if (text !== null) return byText(text, size);
  if (safetensors !== null) return brokenSafetensors(safetensors);
  if (cutSafetensors(head, size)) return brokenSafetensors(readSafetensors(source));
  if (looksLikePickle(head)) return { kind: 'pickle', ok: true, error: null, safetensors: null };
  return findDirectory(source).kind === 'found' ? zip(source) : failed('unknown', 'unknown', 'no known kind of file', size, null);
}

/** A header length that fits the file, followed by JSON. */
function framed(head: Uint8Array, size: number): boolean {
  if (size < 8) return false;
  const length = leadingUint64(head);
  return length <= 100_000_000 && 8 + length <= size && opensJson(head);
}

/** The same, but the file ends before its header does. */
function cutSafetensors(head: Uint8Array, size: number): boolean {
  return size > 8 && leadingUint64(head) > size - 8 && leadingUint64(head) <= 100_000_000 && opensJson(head);
}

/** `{` and then a key or the end; white space, a byte order mark or UTF-16 do not hide what it is meant to be. */
function opensJson(head: Uint8Array): boolean {
  const start = ascii(head, 8, 80)
    .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '')
    .trimStart();
  return start === '' || /^\{\s*(?:["'}]|$)/.test(start);
}

function brokenSafetensors(result: SafetensorsResult): Container {
  if (result.ok) return { kind: 'safetensors', ok: true, error: null, safetensors: result };
  const { code, message, offset, have, need, hint } = result.error;
  const kind = hint === 'truncated' ? 'truncated-safetensors' : 'safetensors';
  return { kind, ok: false, error: { code, message, offset, have, need }, safetensors: result };
}

function onlyZeros(source: ByteSource, head: Uint8Array): boolean {
  const zero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
  if (!zero(head)) return false;
  const step = Math.max(Math.floor(source.size / 8), ZERO_SAMPLE);
  for (let at = head.length; at < source.size; at += step) if (!zero(source.read(at, ZERO_SAMPLE))) return false;
  return zero(source.read(Math.max(source.size - ZERO_SAMPLE, 0), ZERO_SAMPLE));
}

function byMagic(kind: string, size: number): Container {
  if (kind === 'gguf') return { kind, ok: true, error: null, safetensors: null };
  if (kind === 'tar') return { kind: 'pickle', ok: true, error: null, safetensors: null };
  const [group, name] = kind.split(':');
  if (group === 'foreign') return failed('unknown', `foreign-${name}`, `a ${name} file, which no model loader opens`, size, null);
  return failed(kind, 'picture', 'a picture, not a model', size, null);
}

function byText(text: string, size: number): Container {
  const kind = textKind(text);
  if (kind === 'lfs-pointer') {
    const need = Number(/^size (\d{1,15})\s*$/m.exec(text)?.[1] ?? Number.NaN);
    return failed(
      kind,
      kind,
      'a git-lfs pointer: the model itself was not fetched (git lfs pull)',
      size,
      Number.isNaN(need) ? null : need,
    );
  }
  if (kind === 'html') {
    const title = /<title[^<>]{0,200}>([^<]{0,200})/i.exec(text)?.[1]?.trim();
    return failed(kind, kind, `a web page was saved instead of the model${title ? `: ${title}` : ''}`, size, null);
  }
  if (kind === 'json') return failed(kind, kind, 'JSON text instead of a model (an error answer of a server?)', size, null);
  return looksLikePickle(new TextEncoder().encode(text))
    ? { kind: 'pickle', ok: true, error: null, safetensors: null }
    : failed(kind, kind, 'plain text, not a model', size, null);
}

function zip(source: ByteSource): Container {
  const directory = findDirectory(source);
  if (directory.kind === 'missing') {
    const torch = /\/data\.pkl/.test(ascii(source.read(0, HEAD), 0, HEAD));
    return failed(
      torch ? 'truncated-pickle-zip' : 'truncated-zip',
      'zip-end-missing',
      'the end of the zip is missing: the file was cut off',
      source.size,
      null,
    );
  }
  if (directory.kind === 'broken') return failed('zip', 'zip-broken', directory.reason, source.size, null);
  const torch = directory.entries.some((entry) => /(?:^|\/)data\.pkl$/.test(entry.name));
  if (torch) return { kind: 'pickle-zip', ok: true, error: null, safetensors: null };
  return failed('zip', 'zip', 'a zip archive: unpack it first', source.size, null);
}

function failed(kind: string, code: string, message: string, have: number, need: number | null): Container {
  return { kind, ok: false, error: { code, message, offset: 0, have, need }, safetensors: null };
}
