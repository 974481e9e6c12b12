import { type ByteSource, bytesOf } from '../bytes';
import { looksLikePickle } from './detect';
import { Findings } from './findings';
import { PickleMachine } from './machine';
import { PickleReader, PickleStop } from './reader';

/** torch's legacy format begins with the pickle of this number (lora-files.md §1.2): `80 02 8a 0a <10 bytes> 2e`. */
const LEGACY_MAGIC = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
/** Magic number, protocol, system, the object, storage keys. */
const LEGACY_PICKLES = 5;
const MAX_PICKLES = 1000;
const MAX_DEPTH = 3;
const HEAD = 4096;

/** Scans a stream of pickles, one after the other, from `from` to `end`. Findings made before an error are kept. */
export function scanStream(source: ByteSource, findings: Findings, where = '', from = 0, end = source.size, depth = 0): void {
  const legacy = LEGACY_MAGIC.every((byte, i) => source.read(from, LEGACY_MAGIC.length)[i] === byte);
  const reader = new PickleReader(source, from, end);
  const nested = (bytes: Uint8Array): void => scanNested(bytes, findings, where, depth);
  let spent = 0;
  if (end - from <= 0) findings.problem('empty', where);
  for (let pickle = 0; reader.position < end; pickle++) {
    if (pickle > 0 && !goesOn(source, reader, end, findings, where, legacy && pickle >= LEGACY_PICKLES)) return;
    if (pickle >= MAX_PICKLES) {
      findings.problem('too-many-opcodes', where);
      return;
    }
    try {
      spent = new PickleMachine(reader, findings.listener(where, nested), spent).run();
    } catch (error) {
      if (!(error instanceof PickleStop)) throw error;
      findings.problem(error.message, where);
      return;
    }
  }
}

/** Whether another pickle follows. Zeros may stand in between; the raw storages of a legacy file end the series. */
function goesOn(
  source: ByteSource,
  reader: PickleReader,
  end: number,
  findings: Findings,
  where: string,
  storages: boolean,
): boolean {
  const before = reader.position;
  if (storages) {
    if (!looksLikePickle(source.read(before, Math.min(HEAD, end - before)))) return false;
    findings.problem('pickle-in-storages', where);
    return true;
  }
  while (reader.position < end && reader.byte() === 0);
  if (reader.position > before) reader.position--;
  const last = source.read(reader.position, 1)[0];
  if (last === 0 || reader.position >= end) {
    findings.problem('trailing-zeros', where);
    return false;
  }
  if (looksLikePickle(source.read(reader.position, Math.min(HEAD, end - reader.position)))) return true;
  findings.problem('trailing-data', where);
  return false;
}

/** Bytes inside of a pickle that are a pickle again (`pickle.loads(b'…')`). */
function scanNested(bytes: Uint8Array, findings: Findings, where: string, depth: number): void {
  if (depth >= MAX_DEPTH || bytes[0] !== 0x80 || !looksLikePickle(bytes)) return;
  const inner = new Findings();
  scanStream(bytesOf(bytes), inner, where, 0, bytes.length, depth + 1);
  // Data that only happens to begin like a pickle is common; a dangerous name in it is not.
  if (!inner.dangerous) return;
  findings.problem('nested-pickle', where);
  scanStream(bytesOf(bytes), findings, where, 0, bytes.length, depth + 1);
}
