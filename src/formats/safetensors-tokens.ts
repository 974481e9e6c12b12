import { SafetensorsFault, type SafetensorsHint } from './safetensors-fault';
import { type HeaderWindow, NEED_MORE } from './safetensors-window';

/** Arrays and objects nested deeper than this are refused (serde_json: 128, counted down before the last is entered). */
const MAX_DEPTH = 127;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LITERALS: readonly (readonly [number, Uint8Array])[] = ['true', 'false', 'null'].map((word) => {
  const bytes = new TextEncoder().encode(word);
  return [bytes[0] ?? 0, bytes];
});

/** Strict JSON over bytes that are known to be valid UTF-8, as serde_json reads it. Positions are those of the window. */
export class Tokens {
  readonly window: HeaderWindow;
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** The header's text from `textFrom` on, when the window holds the whole header: ASCII, so one character per byte. */
  private text = '';
  private textFrom = Number.POSITIVE_INFINITY;
  /** Whether the string last scanned holds an escape. */
  private escaped = false;
  /** Exact digits of integers that a double cannot hold, for messages. */
  private readonly exact = new Map<number, string>();

  constructor(window: HeaderWindow) {
    this.window = window;
  }

  /** Decodes a whole header at once: worth it for many names. The few strings of the metadata are decoded one by one. */
  load(): void {
    if (this.window.checked) return;
    const text = this.window.text();
    if (text === null) return;
    const { bytes } = this.window;
    let from = 0;
    if (text.length !== bytes.length) {
      from = bytes.length;
      while (from > 0 && (bytes[from - 1] ?? 0) < 0x80) from--;
    }
    this.textFrom = from;
    this.text = from === 0 ? text : this.decoder.decode(bytes.subarray(from));
  }

  fail(message: string, position: number, hint: SafetensorsHint | null = null): never {
    throw new SafetensorsFault('invalid-header-json', `invalid JSON in header: ${message}`, {
      offset: this.window.fileOffset(position),
      hint,
    });
  }

  /** The byte at a position. Beyond the window: more is fetched; beyond the header: an error. */
  at(position: number): number {
    const byte = this.window.bytes[position];
    if (byte !== undefined) return byte;
    if (!this.window.complete) throw NEED_MORE;
    return this.fail('EOF while parsing', position);
  }

  space(position: number): number {
    let p = position;
    for (;;) {
      const byte = this.at(p);
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return p;
      p++;
    }
  }

  expect(position: number, byte: number): number {
    if (this.at(position) !== byte) this.fail(`expected \`${String.fromCharCode(byte)}\``, position);
    return position + 1;
  }

  /** Position of the closing quote of the string that opens at `position`. */
  stringEnd(position: number): number {
    const { bytes } = this.window;
    this.escaped = false;
    let p = this.expect(position, QUOTE);
    for (;;) {
      const byte = bytes[p] ?? this.at(p);
      if (byte === QUOTE) return p;
      if (byte < 0x20) this.fail('control character (\\u0000-\\u001F) found while parsing a string', p);
      p = byte === BACKSLASH ? this.escapeEnd(p) : p + 1;
    }
  }

  private escapeEnd(position: number): number {
    this.escaped = true;
    const kind = this.at(position + 1);
    if (kind === 0x75) return this.unicodeEnd(position);
    if (!'"\\/bfnrt'.includes(String.fromCharCode(kind))) this.fail('invalid escape', position);
    return position + 2;
  }

  /** `\uXXXX`; surrogates only as a pair of escapes. */
  private unicodeEnd(position: number): number {
    const unit = this.hex4(position + 2);
    if (unit < 0xd800 || unit > 0xdfff) return position + 6;
    const paired = unit < 0xdc00 && this.at(position + 6) === BACKSLASH && this.at(position + 7) === 0x75;
    const low = paired ? this.hex4(position + 8) : 0;
    if (low < 0xdc00 || low > 0xdfff) this.fail('lone surrogate in hex escape', position);
    return position + 12;
  }

  private hex4(position: number): number {
    let value = 0;
    for (let p = position; p < position + 4; p++) {
      const digit = '0123456789abcdef'.indexOf(String.fromCharCode(this.at(p) | 0x20));
      const byte = this.at(p);
      if (digit < 0 || byte < 0x30) this.fail('invalid escape', p);
      value = value * 16 + digit;
    }
    return value;
  }

  /** The string between two quotes, unescaped. Call right after `stringEnd`. */
  stringValue(position: number, end: number): string {
    const { escaped } = this;
    const raw = this.slice(position + 1, end);
    if (!escaped) return raw;
    const value: unknown = JSON.parse(`"${raw}"`); // Checked by stringEnd already.
    return typeof value === 'string' ? value : raw;
  }

  /** Text of valid bytes as it stands. */
  slice(from: number, to: number): string {
    if (from >= this.textFrom) return this.text.slice(from - this.textFrom, to - this.textFrom);
    if (this.window.whole && !this.window.checked) return this.window.piece(from, to);
    return this.decoder.decode(this.window.bytes.subarray(from, to));
  }

  /** End of the number at `position` (JSON grammar; out of the range of a double is an error). */
  numberEnd(position: number): number {
    let p = position;
    if (this.at(p) === 0x2d) p++;
    if (this.at(p) === 0x30) p++;
    else p = this.digits(p);
    let real = false;
    if (this.at(p) === 0x2e) {
      p = this.digits(p + 1);
      real = true;
    }
    if ((this.at(p) | 0x20) === 0x65) {
      p++;
      if (this.at(p) === 0x2b || this.at(p) === 0x2d) p++;
      p = this.digits(p);
      real = true;
    }
    if ((real || p - position > 300) && !Number.isFinite(Number(this.slice(position, p))))
      this.fail('number out of range', position);
    return p;
  }

  private digits(position: number): number {
    let p = position;
    while (isDigit(this.at(p))) p++;
    if (p === position) this.fail('invalid number', p);
    return p;
  }

  /** An integer of 0…2⁶⁴−1 (anything else is a type error); beyond 2⁵³ it is rounded, its digits are kept for `print`. */
  integer(position: number): { readonly value: number; readonly end: number } {
    const first = this.at(position);
    if (!isDigit(first)) this.fail('invalid type, expected usize', position);
    const end = this.numberEnd(position);
    const text = this.slice(position, end);
    const value = Number(text);
    if (!/^\d+$/.test(text)) this.fail(`invalid type: floating point \`${text.slice(0, 40)}\`, expected usize`, position);
    if (value > Number.MAX_SAFE_INTEGER) {
      if (text.length > 20 || BigInt(text) >= 2n ** 64n)
        this.fail(`invalid type: floating point \`${text.slice(0, 40)}\`, expected usize`, position);
      this.exact.set(value, text);
    }
    return { value, end };
  }

  /** An integer as it was written. */
  print(value: number): string {
    return this.exact.get(value) ?? String(value);
  }

  /** End of any value; nothing is built. `depth` is that of the value itself were it a container (root = 1). */
  skip(position: number, depth: number): number {
    const byte = this.at(position);
    if (byte === QUOTE) return this.stringEnd(position) + 1;
    if (byte === 0x7b || byte === 0x5b) return this.skipContainer(position, depth, byte === 0x7b);
    if (byte === 0x2d || isDigit(byte)) return this.numberEnd(position);
    for (const [first, word] of LITERALS) if (byte === first) return this.word(position, word);
    return this.fail('expected value', position);
  }

  private word(position: number, word: Uint8Array): number {
    for (let i = 0; i < word.length; i++) if (this.at(position + i) !== word[i]) this.fail('expected ident', position);
    return position + word.length;
  }

  private skipContainer(position: number, depth: number, object: boolean): number {
    if (depth > MAX_DEPTH) this.fail('recursion limit exceeded', position);
    const close = object ? 0x7d : 0x5d;
    let p = this.space(position + 1);
    if (this.at(p) === close) return p + 1;
    for (;;) {
      if (object) p = this.space(this.expect(this.space(this.stringEnd(p) + 1), 0x3a));
      p = this.space(this.skip(p, depth + 1));
      if (this.at(p) === close) return p + 1;
      p = this.space(this.expect(p, 0x2c));
    }
  }
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
