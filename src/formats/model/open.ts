import type { ByteSource } from '../bytes';
import { readContainer } from '../container';
import { scanPickle } from '../pickle/scan';
import type { InflateRaw } from '../pickle/zip';
import { readSafetensors } from '../safetensors';
import type { SafetensorsHeader } from '../safetensors-header';
import type { TableMemo } from '../safetensors-memo';
import type { ContainerView, PickleView } from './inspect';

/** One model file, opened: container, header, and for pickles what they would import. */
export interface OpenedModel {
  readonly container: ContainerView;
  /** Also of a file whose data was cut off (`container.ok` is false then). */
  readonly header: SafetensorsHeader | null;
  readonly pickle: PickleView | null;
}

/**
 * Opens any model file: kind by content, then the header or the opcodes. Never reads tensor data, never unpickles.
 *
 * @param inflateRaw for pickles in compressed zip members; without it they count as `unscannable`.
 * @param memo tables of tensors seen before: for whoever opens many files.
 */
export function openModel(bytes: ByteSource, inflateRaw?: InflateRaw, memo?: TableMemo): OpenedModel {
  const { kind, ok, error, safetensors } = readContainer(bytes, memo);
  const header = safetensors?.ok ? safetensors.header : headerOfCut(bytes, kind, error?.need ?? null);
  return { container: { kind, ok, error }, header, pickle: kind.includes('pickle') ? listPickle(bytes, inflateRaw) : null };
}

/** A file whose data breaks off still has its whole header: it is read as if the file had the size that it should have. */
function headerOfCut(bytes: ByteSource, kind: string, need: number | null): SafetensorsHeader | null {
  if (kind !== 'truncated-safetensors' || need === null || need <= bytes.size) return null;
  const result = readSafetensors({ size: need, read: (offset, length) => bytes.read(offset, length) });
  return result.ok ? result.header : null;
}

/** At most this many names are handed on. */
const MAX_NAMES = 100;

/** Verdict and the names that are more than tensors need, dangerous ones first. */
function listPickle(bytes: ByteSource, inflateRaw?: InflateRaw): PickleView {
  const { verdict, globals } = scanPickle(bytes, inflateRaw);
  const names = globals.filter(({ rank }) => rank !== 'safe').map(({ module, name }) => `${module}.${name}`.slice(0, 200));
  return { verdict, globals: [...new Set(names)].slice(0, MAX_NAMES) };
}
