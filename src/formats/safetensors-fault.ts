/** Why the reference reader refuses a file (its error variants; lora-files.md §1.1), and two reasons of our own at the end. */
export type SafetensorsErrorCode =
  | 'header-too-small'
  | 'header-too-large'
  | 'invalid-header-length'
  | 'invalid-header-utf8'
  | 'invalid-header-json'
  | 'invalid-offset'
  | 'tensor-invalid-info'
  | 'metadata-incomplete-buffer'
  | 'validation-overflow'
  | 'misaligned-slice'
  /** The file gave fewer bytes than its size when it was opened: it is being written. Not a verdict. */
  | 'changed-while-reading'
  /** Legal perhaps, but beyond what we look at (a tensor of more than a million dimensions). Not a verdict. */
  | 'budget';

/** What would explain the fault, where the bytes show it. `nul-padding` is repairable: NULs instead of spaces. */
export type SafetensorsHint =
  | 'byte-order'
  | 'nul-padding'
  | 'bom'
  | 'utf-16'
  | 'unknown-dtype'
  | 'appended'
  | 'truncated'
  | 'zeros';

export interface SafetensorsError {
  readonly code: SafetensorsErrorCode;
  /** English, the reference's words first. Holds raw names: `show()` before a person sees it. */
  readonly message: string;
  /** Byte offset in the file where it shows. */
  readonly offset: number;
  /** Bytes that are there and bytes that should be, where the fault is one of length. */
  readonly have: number | null;
  readonly need: number | null;
  readonly hint: SafetensorsHint | null;
}

type Details = Partial<Omit<SafetensorsError, 'code' | 'message'>>;

/** Thrown inside of the reader only; `readSafetensors` turns it into a result. */
export class SafetensorsFault extends Error {
  readonly error: SafetensorsError;
  constructor(code: SafetensorsErrorCode, message: string, details: Details = {}) {
    super(message);
    this.error = { code, message, offset: 0, have: null, need: null, hint: null, ...details };
  }
}

export type SafetensorsNoteCode =
  | 'no-tensors'
  | 'leading-whitespace'
  | 'duplicate-tensor'
  | 'duplicate-metadata-key'
  | 'unknown-field'
  | 'unusual-entry'
  | 'odd-name'
  | 'high-rank'
  | 'tensors-not-listed'
  | 'metadata-cut';

/** Something odd that the reference accepts. `example` is the first tensor or key it was seen at, as it stands. */
export interface SafetensorsNote {
  readonly code: SafetensorsNoteCode;
  readonly count: number;
  readonly example: string;
}
