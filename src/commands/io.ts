/** Where a command writes. A test hands in its own. */
export interface Output {
  /** Bytes are UTF-8. */
  write(text: string | Uint8Array): void;
  readonly isTTY: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** The streams of this process. */
export function processOutput(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      stream.write(text);
    },
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
  };
}
