import { SafetensorsFault, type SafetensorsNoteCode } from './safetensors-fault';
import { DTYPE_BITS, type NameHash, type TensorTable } from './safetensors-table';
import { isDigit, type Tokens } from './safetensors-tokens';

/** More dimensions than this are not looked at: 100 MB of them would fill the memory. */
const MAX_RANK = 1_000_000;
const HIGH_RANK = 16;
const LONG_NAME = 1024;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const METADATA = ascii('__metadata__"');
const BEFORE_DTYPE = ascii('":{"dtype":"');
const BEFORE_SHAPE = ascii('","shape":[');
const BEFORE_OFFSETS = ascii('],"data_offsets":[');
const DTYPES = [...DTYPE_BITS.keys()].map((name) => ({ name, bytes: ascii(name) }));

/** Reads one tensor entry: a fast way for what every writer writes, and a slow one for all that JSON allows besides. */
export class EntryReader {
  private readonly tokens: Tokens;
  private readonly table: TensorTable;
  private dtype = DTYPES[0] ?? { name: '', bytes: new Uint8Array(0) };
  private readonly hash: NameHash = { one: 0, two: 0 };
  /**
   * The entry being read the fast way. Beyond the listed tensors nothing is allocated: V8 has learned by then that these live
   * long, and would put each where no quick collection comes.
   */
  private readonly row = { name: '', dtype: '', shape: [] as number[], begin: 0, end: 0 };
  /** Notes of the entry being read: kept back until it is whole, as it may be read again in a larger window. */
  private pending: SafetensorsNoteCode[] = [];
  /** Where `number` stopped. */
  private stop = 0;

  constructor(tokens: Tokens, table: TensorTable) {
    this.tokens = tokens;
    this.table = table;
  }

  /** `"name":{"dtype":"F16","shape":[…],"data_offsets":[a,b]}` without a space or an escape. Its end, or −1: read it slowly. */
  quick(position: number): number {
    const { bytes } = this.tokens.window;
    const nameEnd = this.plainName(bytes, position + 1);
    if (nameEnd < 0 || !same(bytes, nameEnd, BEFORE_DTYPE)) return -1;
    let p = this.plainDtype(bytes, nameEnd + BEFORE_DTYPE.length);
    if (p < 0 || !same(bytes, p, BEFORE_SHAPE)) return -1;
    p += BEFORE_SHAPE.length;
    const { shape } = this.row;
    let rank = 0;
    while (bytes[p] !== 0x5d) {
      const dimension = this.number(bytes, p);
      if (dimension < 0) return -1;
      shape[rank++] = dimension;
      p = this.stop;
      if (bytes[p] === 0x2c && bytes[p + 1] !== 0x5d) p++;
      else if (bytes[p] !== 0x5d) return -1;
    }
    if (shape.length !== rank) shape.length = rank;
    if (!same(bytes, p, BEFORE_OFFSETS)) return -1;
    const begin = this.number(bytes, p + BEFORE_OFFSETS.length);
    if (begin < 0 || bytes[this.stop] !== 0x2c) return -1;
    const end = this.number(bytes, this.stop + 1);
    p = this.stop;
    if (end < 0 || bytes[p] !== 0x5d || bytes[p + 1] !== 0x7d) return -1;
    if (shape.length > HIGH_RANK || nameEnd - position > LONG_NAME || nameEnd - position < 2) return -1;
    const dtype = this.dtype.name;
    if (this.table.listing) {
      // A copy is as long as it must be; an array that has grown has room for sixteen.
      this.table.add({ name: this.tokens.slice(position + 1, nameEnd), dtype, shape: shape.slice(), begin, end }, this.hash);
      return p + 2;
    }
    this.row.dtype = dtype;
    this.row.begin = begin;
    this.row.end = end;
    this.table.add(this.row, this.hash);
    return p + 2;
  }

  /** End of a name without escapes, hashed on the way; −1 for any other, and for `__metadata__`. */
  private plainName(bytes: Uint8Array, from: number): number {
    let one = 0x811c9dc5;
    let two = 0;
    let p = from;
    for (;;) {
      const byte = bytes[p] ?? 0;
      if (byte === 0x22) break;
      if (byte < 0x20 || byte === 0x5c) return -1;
      one = Math.imul(one ^ byte, 0x01000193);
      two = (Math.imul(two, 31) + byte) | 0;
      p++;
    }
    this.setHash(one, two);
    return p - from === METADATA.length - 1 && same(bytes, from, METADATA) ? -1 : p;
  }

  private setHash(one: number, two: number): void {
    // FNV's low bits mix poorly; the table uses them.
    this.hash.one = one ^ (one >>> 15);
    this.hash.two = two;
  }

  private plainDtype(bytes: Uint8Array, from: number): number {
    const last = this.dtype;
    if (same(bytes, from, last.bytes) && bytes[from + last.bytes.length] === 0x22) return from + last.bytes.length;
    for (const dtype of DTYPES) {
      if (!same(bytes, from, dtype.bytes) || bytes[from + dtype.bytes.length] !== 0x22) continue;
      this.dtype = dtype;
      return from + dtype.bytes.length;
    }
    return -1;
  }

  /** A number of at most 15 digits, or −1. */
  private number(bytes: Uint8Array, from: number): number {
    let value = 0;
    let p = from;
    let byte = bytes[p] ?? 0;
    while (byte >= 0x30 && byte <= 0x39) {
      value = value * 10 + (byte - 0x30);
      byte = bytes[++p] ?? 0;
    }
    this.stop = p;
    const digits = p - from;
    return digits === 0 || digits > 15 || (digits > 1 && bytes[from] === 0x30) ? -1 : value;
  }

  /** The value of a tensor entry (`position` is behind the colon), in any form the reference takes. Returns its end. */
  slow(name: string, position: number): number {
    this.pending = [];
    const found = this.tokens.at(position) === 0x5b ? this.sequence(position) : this.object(position);
    const { dtype, shape, offsets, end } = found;
    if (dtype === undefined || shape === undefined || offsets === undefined) {
      const missing = dtype === undefined ? 'dtype' : shape === undefined ? 'shape' : 'data_offsets';
      return this.tokens.fail(`missing field \`${missing}\``, end - 1);
    }
    if (shape.length > HIGH_RANK) this.pending.push('high-rank');
    if (oddName(name)) this.pending.push('odd-name');
    for (const code of this.pending) this.table.note(code, name);
    let one = 0x811c9dc5;
    let two = 0;
    for (const byte of ascii(name)) {
      one = Math.imul(one ^ byte, 0x01000193);
      two = (Math.imul(two, 31) + byte) | 0;
    }
    this.setHash(one, two);
    this.table.add({ name, dtype, shape, begin: offsets[0] ?? 0, end: offsets[1] ?? 0 }, this.hash);
    return end;
  }

  private object(position: number): Fields {
    const { tokens } = this;
    const fields: Fields = { end: 0 };
    if (tokens.at(position) !== 0x7b) tokens.fail('invalid type, expected struct TensorInfo', position);
    let p = tokens.space(position + 1);
    while (tokens.at(p) !== 0x7d) {
      const keyEnd = tokens.stringEnd(p);
      const key = tokens.stringValue(p, keyEnd);
      const value = tokens.space(tokens.expect(tokens.space(keyEnd + 1), 0x3a));
      p = tokens.space(this.field(fields, key, value));
      if (tokens.at(p) === 0x7d) break;
      p = tokens.space(tokens.expect(p, 0x2c));
      if (tokens.at(p) === 0x7d) tokens.fail('trailing comma', p);
    }
    return { ...fields, end: p + 1 };
  }

  private field(fields: Fields, key: string, value: number): number {
    const { tokens } = this;
    const known = key === 'dtype' || key === 'shape' || key === 'data_offsets';
    if (!known) {
      this.pending.push('unknown-field');
      return tokens.skip(value, 3);
    }
    if ((key === 'data_offsets' ? fields.offsets : fields[key]) !== undefined) tokens.fail(`duplicate field \`${key}\``, value);
    if (key === 'dtype') return this.dtypeValue(fields, value);
    return key === 'shape' ? this.shapeValue(fields, value) : this.offsetsValue(fields, value);
  }

  /** `["F16",[2],[0,4]]`: the reference's generated reader takes it. */
  private sequence(position: number): Fields {
    const { tokens } = this;
    this.pending.push('unusual-entry');
    const fields: Fields = { end: 0 };
    let p = tokens.space(this.dtypeValue(fields, tokens.space(position + 1)));
    p = tokens.space(this.shapeValue(fields, tokens.space(tokens.expect(p, 0x2c))));
    p = tokens.space(this.offsetsValue(fields, tokens.space(tokens.expect(p, 0x2c))));
    return { ...fields, end: tokens.expect(p, 0x5d) };
  }

  /** A name, or `{"F16":null}`, which the reference also takes. */
  private dtypeValue(fields: Fields, position: number): number {
    const { tokens } = this;
    const wrapped = tokens.at(position) === 0x7b;
    const from = wrapped ? tokens.space(position + 1) : position;
    if (tokens.at(from) !== 0x22) tokens.fail('invalid type, expected string or map', from);
    const end = tokens.stringEnd(from);
    fields.dtype = tokens.stringValue(from, end);
    if (!DTYPE_BITS.has(fields.dtype)) {
      tokens.fail(
        `unknown variant \`${fields.dtype.slice(0, 40)}\`, expected one of ${[...DTYPE_BITS.keys()].join(', ')}`,
        from,
        'unknown-dtype',
      );
    }
    if (!wrapped) return end + 1;
    const value = tokens.space(tokens.expect(tokens.space(end + 1), 0x3a));
    const after = tokens.skip(value, 4);
    if (tokens.slice(value, after) !== 'null') tokens.fail('invalid type, expected unit', value);
    return tokens.expect(tokens.space(after), 0x7d);
  }

  private shapeValue(fields: Fields, position: number): number {
    const list = this.integers(position);
    fields.shape = list.values;
    return list.end;
  }

  private offsetsValue(fields: Fields, position: number): number {
    const list = this.integers(position);
    if (list.values.length !== 2) this.tokens.fail(`invalid length ${list.values.length}, expected a tuple of size 2`, position);
    fields.offsets = list.values;
    return list.end;
  }

  private integers(position: number): { readonly values: readonly number[]; readonly end: number } {
    const { tokens } = this;
    if (tokens.at(position) !== 0x5b) tokens.fail('invalid type, expected a sequence', position);
    const values: number[] = [];
    let p = tokens.space(position + 1);
    while (tokens.at(p) !== 0x5d) {
      const { value, end } = tokens.integer(p);
      values.push(value);
      if (values.length > MAX_RANK)
        throw new SafetensorsFault('budget', 'a tensor has more than 1,000,000 dimensions', {
          offset: tokens.window.fileOffset(p),
        });
      p = tokens.space(end);
      if (tokens.at(p) === 0x5d) break;
      p = tokens.space(tokens.expect(p, 0x2c));
      if (!isDigit(tokens.at(p))) tokens.fail('invalid type, expected usize', p);
    }
    return { values, end: p + 1 };
  }
}

interface Fields {
  dtype?: string;
  shape?: readonly number[];
  offsets?: readonly number[];
  readonly end: number;
}

function same(bytes: Uint8Array, at: number, pattern: Uint8Array): boolean {
  for (let i = 0; i < pattern.length; i++) if (bytes[at + i] !== pattern[i]) return false;
  return true;
}

function oddName(name: string): boolean {
  return name === '' || name.length > LONG_NAME || /[\u0000-\u001f]/.test(name);
}
