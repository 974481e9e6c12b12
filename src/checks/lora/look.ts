import type { Note } from '../../facts/snapshot';
import type { UnknownReason } from '../../facts/value';
import { inspectModel } from '../../formats/model/inspect';
import { openModel } from '../../formats/model/open';
import { type Platform, ReadError } from '../../platform/platform';
import type { Looked, SeenFile } from './seen';

/** Alphas read of each LoRA: each is a read of its own, and nearly all files have one or two values. */
const ALPHAS = 16;

/** Opens one file and reads its header (or its pickle's opcodes). What cannot be read becomes a note; the rest goes on. */
export function lookAt(platform: Platform, file: SeenFile, notes: Note[]): SeenFile {
  try {
    return { ...file, looked: platform.withFile(file.path, (bytes) => look(bytes, file)) };
  } catch (error) {
    const code = error instanceof ReadError ? error.code : 'io';
    const detail = error instanceof Error ? error.message.slice(0, 200) : String(error).slice(0, 200);
    notes.push({ check: 'lora', code: `unreadable-${code}`, path: file.path, detail });
    const failure: UnknownReason = code === 'too-large' ? 'too-large' : 'unreadable';
    return { ...file, failure };
  }
}

function look(bytes: Parameters<typeof openModel>[0], file: SeenFile): Looked {
  const opened = openModel(bytes);
  const inspected = opened.header
    ? inspectModel({
        path: file.path,
        size: file.info.size,
        container: opened.container,
        header: opened.header,
        bytes,
        alphaSample: ALPHAS,
        fileName: file.name.file,
      })
    : null;
  return { container: opened.container, inspected, pickle: opened.pickle };
}
