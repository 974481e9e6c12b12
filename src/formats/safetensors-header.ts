/** One entry of a safetensors header. `begin`/`end` are byte offsets from the end of the header. */
export interface TensorInfo {
  readonly name: string;
  /** As written: F16, BF16, F32, F8_E4M3, I64 … */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** A header that the reference implementation would accept. */
export interface SafetensorsHeader {
  readonly tensors: readonly TensorInfo[];
  /** `__metadata__`, or empty. Values as they stand (often JSON inside a string). */
  readonly metadata: ReadonlyMap<string, string>;
  /** Offset of the first data byte: 8 + header length. */
  readonly dataStart: number;
  /** True when the list of tensors is that of another file too (`TableMemo`): what is worked out from it may be kept. */
  readonly shared?: boolean;
}
