import { nameText, quotedText, rawUnicodeText } from './operands';
import { type PickleReader, PickleStop } from './reader';

/** Budgets of reliability.md §4.3. */
const MAX_OPCODES = 2_000_000;
const MAX_STACK = 500_000;
const MAX_MEMO = 200_000;
const EXPANSION = 1e8;
const MAX_NAME = 1024;
const MAX_NESTED = 1024 * 1024;

/** What the stack holds in place of objects. `weight`: how many values it would expand to. */
export interface Value {
  readonly kind: 'mark' | 'text' | 'global' | 'other';
  readonly text: string;
  readonly weight: number;
}

const OTHER: Value = { kind: 'other', text: '', weight: 1 };
const MARK: Value = { kind: 'mark', text: '', weight: 0 };
const UNKNOWN_NAME = '?';

/** Told of what the pickle asks for. */
export interface Listener {
  /** A global is fetched; the key names it in `called`. `?` stands for a name that only running the pickle would tell. */
  global(module: string, name: string, offset: number): string;
  /** It is called, or an object of it gets its state. */
  called(key: string): void;
  /** Bytes that may be a pickle themselves. */
  nested(bytes: Uint8Array): void;
  problem(code: string): void;
}

/**
 * Follows the opcodes of protocols 0–5 and builds nothing: the stack and the memo hold names only. Stops by itself at
 * the end of one pickle; throws PickleStop where the stream cannot be followed.
 */
export class PickleMachine {
  private readonly reader: PickleReader;
  private readonly listener: Listener;
  private stack: Value[] = [];
  private readonly memo = new Map<number, Value>();
  private opcodes: number;
  private readonly spent: number;
  private sawProtocol = false;

  constructor(reader: PickleReader, listener: Listener, spent = 0) {
    this.reader = reader;
    this.listener = listener;
    this.opcodes = spent;
    this.spent = spent;
  }

  /** Runs to STOP. Returns the opcodes spent so far. */
  run(): number {
    for (;;) {
      const code = this.reader.byte();
      if (code < 0) throw new PickleStop('truncated');
      if (++this.opcodes > MAX_OPCODES) throw new PickleStop('too-many-opcodes');
      if (this.stack.length > MAX_STACK) throw new PickleStop('too-deep');
      if (code === 0x2e) {
        this.pop();
        return this.opcodes;
      }
      if (!this.atom(code) && !this.memory(code) && !this.container(code) && !this.call(code))
        throw new PickleStop('unknown-opcode');
    }
  }

  private pop(): Value {
    const value = this.stack.pop();
    if (value === undefined || value.kind === 'mark') throw new PickleStop('stack-underflow');
    return value;
  }

  /** Pops everything down to the last mark and the mark itself. */
  private popMark(): Value[] {
    const at = this.stack.lastIndexOf(MARK);
    if (at < 0) throw new PickleStop('mark-missing');
    const values = this.stack.splice(at);
    values.shift();
    return values;
  }

  private push(value: Value): boolean {
    this.stack.push(value);
    return true;
  }

  private bytes(length: number): boolean {
    const kept = this.reader.take(length, length <= MAX_NESTED ? Math.min(length, MAX_NESTED) : 0);
    if (kept.length > 3) this.listener.nested(kept);
    return this.push(OTHER);
  }

  private text(length: number): boolean {
    const kept = this.reader.take(length, MAX_NAME + 1);
    if (kept.length > 3 && kept[0] === 0x80) this.listener.nested(kept);
    return this.push({ kind: 'text', text: length > MAX_NAME ? UNKNOWN_NAME : nameText(kept), weight: 1 });
  }

  /** Opcodes that push a plain value. */
  private atom(code: number): boolean {
    const { reader } = this;
    switch (code) {
      case 0x4e: // NONE
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
      case 0x97: // NEXT_BUFFER
        return this.push(OTHER);
      case 0x46: // FLOAT
      case 0x49: // INT
      case 0x4c: // LONG
        if (!/^\s*[-+]?(?:[\d_.]|inf|nan)[\w.+-]*\s*$/i.test(nameText(reader.line()))) throw new PickleStop('bad-number');
        return this.push(OTHER);
      case 0x50: // PERSID
        reader.line();
        this.listener.problem('persistent-text');
        return this.push(OTHER);
      case 0x4a: // BININT
        return this.skip(4);
      case 0x4b: // BININT1
        return this.skip(1);
      case 0x4d: // BININT2
        return this.skip(2);
      case 0x47: // BINFLOAT
        return this.skip(8);
      case 0x8a: // LONG1
        return this.skip(reader.unsigned(1));
      case 0x8b: // LONG4
        return this.skip(reader.signed32());
      default:
        return this.string(code);
    }
  }

  private skip(length: number): boolean {
    this.reader.take(length, 0);
    return this.push(OTHER);
  }

  private string(code: number): boolean {
    const { reader } = this;
    switch (code) {
      case 0x53: // STRING
        return this.push({ kind: 'text', text: quotedText(reader.line()), weight: 1 });
      case 0x56: // UNICODE
        return this.push({ kind: 'text', text: rawUnicodeText(reader.line()), weight: 1 });
      case 0x54: // BINSTRING
        return this.text(reader.signed32());
      case 0x55: // SHORT_BINSTRING
      case 0x8c: // SHORT_BINUNICODE
        return this.text(reader.unsigned(1));
      case 0x58: // BINUNICODE
        return this.text(reader.unsigned(4));
      case 0x8d: // BINUNICODE8
        return this.text(reader.unsigned(8));
      case 0x42: // BINBYTES
        return this.bytes(reader.unsigned(4));
      case 0x43: // SHORT_BINBYTES
        return this.bytes(reader.unsigned(1));
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return this.bytes(reader.unsigned(8));
      default:
        return false;
    }
  }

  /** Stack, memo and framing. */
  private memory(code: number): boolean {
    const { reader } = this;
    switch (code) {
      case 0x28: // MARK
        return this.push(MARK);
      case 0x30: // POP: also takes a mark
        if (this.stack.pop() === undefined) throw new PickleStop('stack-underflow');
        return true;
      case 0x31: // POP_MARK
        this.popMark();
        return true;
      case 0x32: // DUP
        return this.push(this.top());
      case 0x70: // PUT
        return this.put(Number(nameText(reader.line())));
      case 0x71: // BINPUT
        return this.put(reader.unsigned(1));
      case 0x72: // LONG_BINPUT
        return this.put(reader.unsigned(4));
      case 0x94: // MEMOIZE
        return this.put(this.memo.size);
      case 0x67: // GET
        return this.get(Number(nameText(reader.line())));
      case 0x68: // BINGET
        return this.get(reader.unsigned(1));
      case 0x6a: // LONG_BINGET
        return this.get(reader.unsigned(4));
      case 0x80: // PROTO
        return this.protocol(reader.unsigned(1));
      case 0x95: // FRAME
        if (reader.unsigned(8) > reader.end - reader.position) this.listener.problem('frame-too-long');
        return true;
      case 0x98: // READONLY_BUFFER
        return true;
      default:
        return false;
    }
  }

  private top(): Value {
    const value = this.stack[this.stack.length - 1];
    if (value === undefined || value.kind === 'mark') throw new PickleStop('stack-underflow');
    return value;
  }

  private put(key: number): boolean {
    if (!Number.isInteger(key) || key < 0) throw new PickleStop('memo-key');
    if (this.memo.size >= MAX_MEMO) throw new PickleStop('memo-budget');
    this.memo.set(key, this.top());
    return true;
  }

  private get(key: number): boolean {
    const value = this.memo.get(key);
    if (value === undefined) throw new PickleStop('memo-unknown');
    return this.push(value);
  }

  private protocol(version: number): boolean {
    if (this.sawProtocol || this.opcodes > this.spent + 1) this.listener.problem('protocol-again');
    if (version > 5) this.listener.problem('protocol-unknown');
    this.sawProtocol = true;
    return true;
  }

  private container(code: number): boolean {
    switch (code) {
      case 0x29: // EMPTY_TUPLE
      case 0x5d: // EMPTY_LIST
      case 0x7d: // EMPTY_DICT
      case 0x8f: // EMPTY_SET
        return this.push(OTHER);
      case 0x74: // TUPLE
      case 0x6c: // LIST
      case 0x64: // DICT
      case 0x91: // FROZENSET
        return this.hold(this.popMark());
      case 0x85: // TUPLE1
        return this.hold([this.pop()]);
      case 0x86: // TUPLE2
        return this.hold([this.pop(), this.pop()]);
      case 0x87: // TUPLE3
        return this.hold([this.pop(), this.pop(), this.pop()]);
      case 0x61: // APPEND
        return this.grow([this.pop()]);
      case 0x73: // SETITEM
        return this.grow([this.pop(), this.pop()]);
      case 0x65: // APPENDS
      case 0x75: // SETITEMS
      case 0x90: // ADDITEMS
        return this.grow(this.popMark());
      default:
        return false;
    }
  }

  private hold(values: readonly Value[]): boolean {
    let weight = 1;
    for (const value of values) weight += value.weight;
    if (weight > EXPANSION) this.listener.problem('expansion');
    return this.push(weight > 1 ? { ...OTHER, weight } : OTHER);
  }

  /** The container below gets more. What the memo knows of it stays as light as it was. */
  private grow(values: readonly Value[]): boolean {
    const into = this.pop();
    return into.kind === 'other' ? this.hold([into, ...values]) : this.push(into);
  }

  /** Globals and calls. */
  private call(code: number): boolean {
    const { reader, listener } = this;
    switch (code) {
      case 0x63: // GLOBAL
        return this.global(nameText(reader.line()), nameText(reader.line()));
      case 0x93: // STACK_GLOBAL
        return this.stackGlobal(this.pop(), this.pop());
      case 0x69: {
        // INST
        const key = listener.global(nameText(reader.line()), nameText(reader.line()), reader.position);
        listener.called(key);
        this.popMark();
        return this.push({ kind: 'global', text: key, weight: 1 });
      }
      case 0x6f: // OBJ
        return this.callValue(this.popMark()[0]);
      case 0x52: // REDUCE
      case 0x81: // NEWOBJ
        this.pop();
        return this.callValue(this.pop());
      case 0x92: // NEWOBJ_EX
        this.pop();
        this.pop();
        return this.callValue(this.pop());
      case 0x62: // BUILD
        this.pop();
        if (this.top().kind === 'global') listener.called(this.top().text);
        return true;
      case 0x51: // BINPERSID
        this.pop();
        return this.push(OTHER);
      case 0x82: // EXT1
      case 0x83: // EXT2
      case 0x84: // EXT4
        throw new PickleStop('extension-registry');
      default:
        return false;
    }
  }

  private global(module: string, name: string): boolean {
    return this.push({ kind: 'global', text: this.listener.global(module, name, this.reader.position), weight: 1 });
  }

  private stackGlobal(name: Value, module: Value): boolean {
    const text = (value: Value): string => (value.kind === 'text' ? value.text : UNKNOWN_NAME);
    return this.global(text(module), text(name));
  }

  /** The result keeps the callable's key, so that a later BUILD is told under it. */
  private callValue(callable: Value | undefined): boolean {
    if (callable === undefined) throw new PickleStop('stack-underflow');
    if (callable.kind === 'global') this.listener.called(callable.text);
    else this.listener.problem('calls-a-value');
    return this.push(callable.kind === 'global' ? callable : OTHER);
  }
}
