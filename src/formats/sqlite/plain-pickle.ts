import { viewOf } from './pages';

/** What the opcodes of plain data can make. */
export type PlainValue = null | boolean | number | string | readonly PlainValue[] | ReadonlyMap<string, PlainValue>;

const MARK = Symbol('mark');
type Item = PlainValue | typeof MARK | PlainValue[] | Map<string, PlainValue>;

/**
 * Decodes a pickle of plain data (dict, list, tuple, text, numbers, None) and nothing else: any opcode that names, imports or
 * calls something ends the reading. The opcodes that a WebUI's cache holds: webui-a1111-family.md §5.3.
 * Returns undefined for everything else; never throws.
 */
export function decodePlainPickle(bytes: Uint8Array): PlainValue | undefined {
  try {
    return new Machine(bytes).run();
  } catch {
    return undefined;
  }
}

class Refused extends Error {}

class Machine {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly stack: Item[] = [];
  private readonly memo: Item[] = [];
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = viewOf(bytes);
  }

  run(): PlainValue {
    for (;;) {
      const code = this.byte();
      if (code === 0x2e) {
        const top = this.stack.pop();
        if (top === undefined || top === MARK || this.stack.length > 0) throw new Refused();
        return top;
      }
      if (!this.scalar(code) && !this.container(code)) throw new Refused();
    }
  }

  /** Opcodes that push one value, or read the frame and the memo. */
  private scalar(code: number): boolean {
    switch (code) {
      case 0x80: // PROTO
        this.at += 1;
        return true;
      case 0x95: // FRAME
        this.at += 8;
        return true;
      case 0x4e:
        return this.push(null);
      case 0x88:
        return this.push(true);
      case 0x89:
        return this.push(false);
      case 0x4a:
        return this.push(this.view.getInt32(this.skip(4), true));
      case 0x4b:
        return this.push(this.byte());
      case 0x4d:
        return this.push(this.view.getUint16(this.skip(2), true));
      case 0x47:
        return this.push(this.view.getFloat64(this.skip(8)));
      case 0x8a:
        return this.push(this.long());
      case 0x8c:
        return this.push(this.text(this.byte()));
      case 0x58:
        return this.push(this.text(this.view.getUint32(this.skip(4), true)));
      case 0x94: // MEMOIZE
        return this.memoize(this.memo.length);
      case 0x71: // BINPUT
        return this.memoize(this.byte());
      case 0x72: // LONG_BINPUT
        return this.memoize(this.view.getUint32(this.skip(4), true));
      case 0x68:
        return this.recall(this.byte());
      case 0x6a:
        return this.recall(this.view.getUint32(this.skip(4), true));
      default:
        return false;
    }
  }

  private container(code: number): boolean {
    switch (code) {
      case 0x7d:
        return this.push(new Map());
      case 0x5d:
      case 0x29:
        return this.push([]);
      case 0x28:
        this.stack.push(MARK);
        return true;
      case 0x61: // APPEND
        return this.append([this.pop()]);
      case 0x65: // APPENDS
        return this.append(this.popMark());
      case 0x73: {
        const value = this.pop();
        return this.setItems([this.pop(), value]);
      }
      case 0x75: // SETITEMS
        return this.setItems(this.popMark());
      case 0x74: // TUPLE
        return this.push(this.popMark());
      case 0x85:
      case 0x86:
      case 0x87: {
        const items: PlainValue[] = [];
        for (let i = 0; i < code - 0x84; i++) items.unshift(this.pop());
        return this.push(items);
      }
      default:
        return false;
    }
  }

  private push(value: Item): true {
    this.stack.push(value);
    return true;
  }

  private pop(): PlainValue {
    const item = this.stack.pop();
    if (item === undefined || item === MARK) throw new Refused();
    return item;
  }

  private popMark(): PlainValue[] {
    const at = this.stack.lastIndexOf(MARK);
    if (at < 0) throw new Refused();
    const items = this.stack.splice(at);
    return items.slice(1).filter((item): item is PlainValue => item !== MARK);
  }

  private append(items: readonly PlainValue[]): true {
    const list = this.stack.at(-1);
    if (!Array.isArray(list)) throw new Refused();
    list.push(...items);
    return true;
  }

  private setItems(items: readonly PlainValue[]): true {
    const map = this.stack.at(-1);
    if (!(map instanceof Map) || items.length % 2 !== 0) throw new Refused();
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i];
      if (typeof key === 'string' || typeof key === 'number') map.set(String(key), items[i + 1] ?? null);
    }
    return true;
  }

  private memoize(index: number): true {
    const top = this.stack.at(-1);
    if (top === undefined || index > this.bytes.length) throw new Refused();
    this.memo[index] = top;
    return true;
  }

  private recall(index: number): true {
    const item = this.memo[index];
    if (item === undefined || item === MARK) throw new Refused();
    return this.push(item);
  }

  private long(): number {
    const length = this.byte();
    let value = 0;
    const start = this.skip(length);
    for (let i = length - 1; i >= 0; i--) value = value * 256 + (this.bytes[start + i] ?? 0);
    const negative = length > 0 && (this.bytes[start + length - 1] ?? 0) >= 0x80;
    return negative ? value - 256 ** length : value;
  }

  private text(length: number): string {
    const start = this.skip(length);
    return new TextDecoder('utf-8').decode(this.bytes.subarray(start, start + length));
  }

  private byte(): number {
    return this.view.getUint8(this.skip(1));
  }

  /** Moves on by `length` bytes and returns where they begin. */
  private skip(length: number): number {
    const start = this.at;
    if (length < 0 || start + length > this.bytes.length) throw new Refused();
    this.at = start + length;
    return start;
  }
}
