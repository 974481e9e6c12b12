import type { Note } from '../../facts/snapshot';
import type { UnknownReason } from '../../facts/value';
import type { ByteSource } from '../../formats/bytes';
import { inspectModel } from '../../formats/model/inspect';
import { openModel } from '../../formats/model/open';
import { a1111Version } from '../../formats/model/sidecar';
import { ReadAhead } from '../../formats/read-ahead';
import { TableMemo } from '../../formats/safetensors-memo';
import { type FileInfo, type Platform, ReadError } from '../../platform/platform';
import { CAPTION_WORDS, type Looked, type SeenFile } from './seen';
import { NamesBeside } from './sidecars';

/** Alphas read of each LoRA: each is a read of its own, and nearly all files have one or two values. */
const ALPHAS = 16;

/** What the files of one run share: memory to read into, and tables of tensors seen before. */
export interface Reading {
  readonly ahead: ReadAhead;
  readonly memo: TableMemo;
  readonly beside: NamesBeside;
  /** Alphas are values, each a read of its own: a quick look leaves them out. */
  readonly quick: boolean;
}

export const startReading = (platform: Platform, quick: boolean): Reading => ({
  ahead: new ReadAhead(),
  memo: new TableMemo(),
  beside: new NamesBeside(platform),
  quick,
});

/** Opens one file and reads its header (or its pickle's opcodes). What cannot be read becomes a note; the rest goes on. */
export function lookAt(platform: Platform, file: SeenFile, reading: Reading, notes: Note[]): SeenFile {
  try {
    const looked = platform.withFile(file.path, (bytes, info) => {
      const found = look(reading.ahead.over(bytes), file, reading);
      if (!found.container.ok) mustBeSettled(platform, file.path, info);
      return found;
    });
    return { ...file, looked };
  } catch (error) {
    const code = error instanceof ReadError ? error.code : 'io';
    const detail = error instanceof Error ? error.message.slice(0, 200) : String(error).slice(0, 200);
    notes.push({ check: 'lora', code: `unreadable-${code}`, path: file.path, detail });
    const failure: UnknownReason = code === 'too-large' ? 'too-large' : 'unreadable';
    return { ...file, failure };
  }
}

/** A file that grew, or gave its name to another one, since it was opened is being written: nobody may call it broken. Throws ReadError. */
export function mustBeSettled(platform: Platform, path: string, opened: FileInfo): void {
  const now = platform.stat(path);
  const same = now?.size === opened.size && now.mtimeMs === opened.mtimeMs && now.ino === opened.ino && now.dev === opened.dev;
  if (!same) throw new ReadError('being-written', path, 'the file is being written; look again when it is complete');
}

/** The header itself is let go of: 2,000 of them would fill the memory. */
function look(bytes: ByteSource, file: SeenFile, { memo, quick }: Reading): Looked {
  const { container, header, pickle } = openModel(bytes, undefined, memo);
  if (!header) return { container, inspected: null, pickle };
  const { identity, metadata, contradictions } = inspectModel({
    path: file.path,
    size: file.info.size,
    container,
    header,
    ...(quick ? {} : { bytes, alphaSample: ALPHAS }),
    fileName: file.name.file,
    captionWords: CAPTION_WORDS,
  });
  const sdVersion = a1111Version(header.metadata);
  return { container, inspected: { identity, metadata, contradictions, sdVersion, quick }, pickle };
}
