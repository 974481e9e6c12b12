import { type ByteSource, bytesOf } from '../bytes';
import { crc32 } from '../picture/crc32';
import { looksLikePickle } from './detect';
import { Findings } from './findings';
import { scanStream } from './streams';
import { findDirectory, type ZipEntry } from './zip-directory';

/** Raw deflate: at most `limit` bytes of output; null when the data is broken or larger. */
export type InflateRaw = (bytes: Uint8Array, limit: number) => Uint8Array | null;

const MAX_UNPACKED = 16 * 1024 * 1024;
const MAX_RATIO = 100;
const RATIO_FROM = 1024 * 1024;
const MAX_CRC = 16 * 1024 * 1024;
const MAX_DEPTH = 2;
const HEAD = 4096;
const LOCAL_MAGIC = 0x04034b50;
const FLAG_ENCRYPTED = 0x1;
const FLAGS_ODD = 0x1 | 0x20 | 0x40;

/** The members that A1111's loader knows (modules/safe.py); others it calls "bad file inside". */
const TORCH_MEMBER =
  /^[^/]+\/(?:data\.pkl|data\/\d+|version|byteorder|\.data\/serialization_id|\.format_version|\.storage_alignment|\.data\/[\w.]+)$/;
const STORAGE = /(?:^|\/)data\/\d+$/;

/** Scans every member of a zip; false when the file is none. */
export function scanZip(source: ByteSource, findings: Findings, inflateRaw: InflateRaw | undefined, depth: number): boolean {
  const head = source.read(0, 4);
  const begins = head.length === 4 && new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true) === LOCAL_MAGIC;
  const directory = findDirectory(source);
  if (directory.kind !== 'found') {
    if (!begins) return false;
    findings.problem(directory.kind === 'missing' ? 'zip-end-missing' : 'zip-broken');
    return true;
  }
  // A few bytes that look like an end record in some other file are no zip.
  if (!begins && directory.entries.length === 0) return false;
  for (const code of directory.problems) findings.problem(code);
  if (directory.start > 0) scanPrefix(source, directory.start, findings);
  const names = directory.entries.map((entry) => entry.name);
  const roots = names.filter((name) => /(?:^|\/)data\.pkl$/.test(name));
  if (roots.length > 1) findings.problem('several-data-pickles');
  if (names.some((name) => /(?:^|\/)(?:constants\.pkl$|code\/)/.test(name))) findings.problem('torchscript');
  for (const entry of directory.entries) scanMember(source, entry, findings, inflateRaw, depth);
  return true;
}

/** A pickle in front of the zip is what a plain pickle loader would see. */
function scanPrefix(source: ByteSource, end: number, findings: Findings): void {
  if (looksLikePickle(source.read(0, Math.min(HEAD, end)))) scanStream(source, findings, 'before the zip', 0, end);
}

function scanMember(
  source: ByteSource,
  entry: ZipEntry,
  findings: Findings,
  inflateRaw: InflateRaw | undefined,
  depth: number,
): void {
  const where = entry.name.slice(0, 200);
  for (const code of entry.problems) findings.problem(code, where);
  if (/^[/\\]|^[A-Za-z]:|\\|(?:^|\/)\.\.(?:\/|$)|(?:^|\/)(?:CON|NUL|AUX|PRN|COM\d|LPT\d)(?:\.|$)/i.test(entry.name))
    findings.problem('bad-member-name', where);
  else if (depth === 0 && !TORCH_MEMBER.test(entry.name) && !entry.name.endsWith('/')) findings.problem('unknown-member', where);
  if ((entry.flags & FLAGS_ODD) !== 0) findings.problem('odd-flags', where);
  if (entry.dataOffset < 0 || entry.packed === 0) return;
  const content = unpack(source, entry, findings, inflateRaw, where);
  if (content === null) return;
  const head = content.source.read(content.from, Math.min(HEAD, content.end - content.from));
  if (STORAGE.test(entry.name)) scanStorage(content, head, findings, where);
  else if (magicNumber(head) === LOCAL_MAGIC) scanInnerZip(content, findings, inflateRaw, depth, where);
  else if (/\.pkl$/i.test(entry.name) || looksLikePickle(head)) {
    checkCrc(content, entry, findings, where);
    scanStream(content.source, findings, where, content.from, content.end);
  }
}

interface Content {
  readonly source: ByteSource;
  readonly from: number;
  readonly end: number;
}

/** The member's bytes: in place when stored, inflated in bounded memory otherwise. */
function unpack(
  source: ByteSource,
  entry: ZipEntry,
  findings: Findings,
  inflateRaw: InflateRaw | undefined,
  where: string,
): Content | null {
  const from = entry.dataOffset;
  if (entry.method === 0) {
    // Flags and sizes may lie: torch's reader ignores the encryption flag.
    return { source, from, end: Math.min(from + Math.max(entry.packed, entry.size), source.size) };
  }
  if ((entry.flags & FLAG_ENCRYPTED) !== 0) findings.problem('encrypted', where);
  if (entry.method !== 8) findings.problem('unknown-method', where);
  else if (inflateRaw === undefined) findings.problem('packed', where);
  else if (entry.packed > MAX_UNPACKED || (entry.size > RATIO_FROM && entry.size > entry.packed * MAX_RATIO))
    findings.problem('ratio', where);
  else {
    const data = inflateRaw(source.read(from, entry.packed), MAX_UNPACKED);
    if (data !== null) return { source: bytesOf(data), from: 0, end: data.length };
    findings.problem('inflate-failed', where);
  }
  return null;
}

/** Raw weights may begin like a pickle by chance; a dangerous name in them is no chance. */
function scanStorage(content: Content, head: Uint8Array, findings: Findings, where: string): void {
  if (!looksLikePickle(head)) return;
  const inner = new Findings();
  scanStream(content.source, inner, where, content.from, content.end);
  if (inner.dangerous) scanStream(content.source, findings, where, content.from, content.end);
}

function scanInnerZip(
  content: Content,
  findings: Findings,
  inflateRaw: InflateRaw | undefined,
  depth: number,
  where: string,
): void {
  findings.problem(depth + 1 < MAX_DEPTH ? 'zip-in-zip' : 'nested-zip', where);
  if (depth + 1 >= MAX_DEPTH) return;
  const { source, from, end } = content;
  const inner: ByteSource = {
    size: end - from,
    read: (offset, length) => source.read(from + offset, Math.max(Math.min(length, end - from - offset), 0)),
  };
  scanZip(inner, findings, inflateRaw, depth + 1);
}

function checkCrc(content: Content, entry: ZipEntry, findings: Findings, where: string): void {
  const length = content.end - content.from;
  if (length > MAX_CRC) return;
  if (crc32(content.source.read(content.from, length)) !== entry.crc) findings.problem('bad-crc', where);
}

function magicNumber(head: Uint8Array): number {
  return head.length < 4 ? 0 : new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true);
}
