import type { Bilingual } from '../../facts/define';
import type { ModelHashes } from '../../formats/hash/model-hashes';
import type { Inspected } from '../../formats/model/inspect';
import type { FileInfo } from '../../platform/platform';
import { printJson } from '../../report/json';
import type { WeightsLook } from '../../weights/look';

export type TextLanguage = 'en' | 'zh';

/** What stands first: can this file be used? */
export interface FileVerdict {
  readonly state: 'sound' | 'broken' | 'unsafe' | 'faulty' | 'unreadable' | 'unknown';
  readonly text: Bilingual;
}

export const STATES: ReadonlySet<unknown> = new Set<FileVerdict['state']>([
  'sound',
  'broken',
  'unsafe',
  'faulty',
  'unreadable',
  'unknown',
]);

/** What was found out about one file. */
export interface Examined {
  readonly inspected: Inspected;
  readonly info: FileInfo;
  readonly weights: WeightsLook | null;
  readonly hashes: ModelHashes | null;
}

/** One entry of `lora-doctor/inspect@1`; plain JSON, so that it can be remembered. */
export interface InspectEntry {
  readonly [key: string]: unknown;
  readonly path: string;
}

/** What a list of files needs of each: to find doubles and clashing names, and to end with the right status. */
export interface FileBrief {
  readonly path: string;
  readonly size: number;
  readonly kind: string;
  readonly state: FileVerdict['state'];
  /** Length of what follows the header; null where nothing can be said. */
  readonly dataBytes: number | null;
  /** `ss_output_name`. */
  readonly alias: string | null;
  /** Hashes of parts and of all of the data, once someone had to compare them. */
  readonly sample?: string | null;
  readonly whole?: { readonly file: string; readonly data: string } | null;
}

/** One file of the answer. Of one that was remembered there is the printed entry alone; it is parsed when someone asks for its fields. */
export class InspectedFile {
  brief: FileBrief;
  /** Null when the answer was remembered. */
  readonly verdict: FileVerdict | null;
  /** Null when the answer was remembered, and in a long list. */
  readonly examined: Examined | null;
  #entry: InspectEntry | null;
  #bytes: Uint8Array | null;

  private constructor(
    brief: FileBrief,
    entry: InspectEntry | Uint8Array,
    verdict: FileVerdict | null = null,
    examined: Examined | null = null,
  ) {
    this.brief = brief;
    this.verdict = verdict;
    this.examined = examined;
    this.#entry = entry instanceof Uint8Array ? null : entry;
    this.#bytes = entry instanceof Uint8Array ? entry : null;
  }

  static remembered(brief: FileBrief, bytes: Uint8Array): InspectedFile {
    return new InspectedFile(brief, bytes);
  }

  static looked(brief: FileBrief, entry: InspectEntry, verdict: FileVerdict, examined: Examined | null): InspectedFile {
    return new InspectedFile(brief, entry, verdict, examined);
  }

  get entry(): InspectEntry {
    return this.#entry ?? (JSON.parse(new TextDecoder().decode(this.#bytes ?? new Uint8Array())) as InspectEntry);
  }

  /** The entry as it is printed, in UTF-8. */
  get bytes(): Uint8Array {
    this.#bytes ??= new TextEncoder().encode(printJson(this.#entry));
    return this.#bytes;
  }

  /** Keeps the printed entry alone: of thousands of files the fields would fill memory. */
  pack(): void {
    this.#bytes = this.bytes;
    this.#entry = null;
  }

  /** The same file with other fields in its entry. */
  with(changes: { readonly [key: string]: unknown }): InspectedFile {
    return new InspectedFile(this.brief, { ...this.entry, ...changes }, this.verdict, this.examined);
  }
}
