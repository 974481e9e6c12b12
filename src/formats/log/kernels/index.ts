/**
 * AssemblyScript: one pass over the bytes of a log (../kernel.ts lays out the memory and has the same in plain loops).
 * A literal is found by four of its bytes: `next` looks at every second position, hashes the four bytes there and asks one bit of
 * a table. Two neighbouring fours of each literal are in the table, so one of them stands at a position that is looked at.
 */

export { encoding } from './utf8';

/** 65,536 bits: are four bytes with this hash in some literal? */
const BITS: usize = 1024;
/** 4,096 chains by the hash of three bytes (the fourth may lie behind a literal): u16, number of the first entry + 1. */
const HEADS: usize = BITS + 8192;
/** Entries of 16 bytes: three bytes as u32, address of the literal u32, its length u16, place of the three in it u16, next entry + 1 u16. */
const ENTRIES: usize = HEADS + 8192;

function bit(at: usize): u32 {
  const h = (load<u32>(at) * 0x9e3779b1) >>> 16;
  return <u32>load<u8>(BITS + (h >>> 3)) >>> (h & 7);
}

/** Does a literal stand around the three bytes at `at`, inside of `from`…`to`? */
function isLiteral(at: usize, from: usize, to: usize): bool {
  const triple = load<u32>(at) << 8;
  let entry = <usize>load<u16>(HEADS + (((triple * 0x9e3779b1) >>> 20) << 1));
  while (entry !== 0) {
    const e = ENTRIES + (entry - 1) * 16;
    entry = <usize>load<u16>(e, 12);
    if (load<u32>(e) !== triple) continue;
    const start = at - <usize>load<u16>(e, 10);
    const length = <usize>load<u16>(e, 8);
    // A start below zero has wrapped round.
    if (start < from || start > at || start + length > to) continue;
    const text = <usize>load<u32>(e, 4);
    let i: usize = 0;
    while (i < length && load<u8>(start + i) === load<u8>(text + i)) i++;
    if (i === length) return true;
  }
  return false;
}

/** First place in `[from, to)` that is an escape character or lies in a literal; `to` when there is none. Four bytes behind `to` are readable. */
export function next(from: usize, to: usize): usize {
  const esc = i8x16.splat(27);
  let at = from;
  for (; at + 16 <= to; at += 16) {
    const escapes = i8x16.eq(v128.load(at), esc);
    const hit = bit(at) | bit(at + 2) | bit(at + 4) | bit(at + 6) | bit(at + 8) | bit(at + 10) | bit(at + 12) | bit(at + 14);
    if (((hit & 1) | <u32>v128.any_true(escapes)) !== 0) {
      const found = look(at, at + 16, from, to);
      if (found !== 0) return found - 1;
    }
  }
  const found = look(at, to, from, to);
  return found !== 0 ? found - 1 : to;
}

/** The same byte by byte; the place + 1, or 0. */
function look(at: usize, end: usize, from: usize, to: usize): usize {
  for (let even: bool = true; at < end; at++, even = !even) {
    if (load<u8>(at) === 27) return at + 1;
    if (even && (bit(at) & 1) !== 0 && isLiteral(at, from, to)) return at + 1;
  }
  return 0;
}

/** Has the line, without its colours (`ESC [ … m`, left out in the copy at `scratch`), a literal or another escape sequence? */
export function speaks(from: usize, to: usize, scratch: usize): bool {
  let out = scratch;
  let at = from;
  while (at < to) {
    const byte = load<u8>(at++);
    if (byte !== 27) {
      store<u8>(out++, byte);
      continue;
    }
    if (at >= to || load<u8>(at) !== 0x5b) return true;
    at++;
    while (at < to && load<u8>(at) >= 0x20 && load<u8>(at) <= 0x3f) at++;
    if (at >= to || load<u8>(at) !== 0x6d) return true;
    at++;
  }
  return next(scratch, out) < out;
}

/** How often `\n` stands in `[from, to)`. */
export function newlines(from: usize, to: usize): u32 {
  const lf = i8x16.splat(10);
  let count: u32 = 0;
  let at = from;
  for (; at + 16 <= to; at += 16) count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(at), lf)));
  for (; at < to; at++) if (load<u8>(at) === 10) count++;
  return count;
}

/** Takes NUL bytes out of `[from, to)`; where the rest ends now. */
export function squeeze(from: usize, to: usize): usize {
  const zero = i8x16.splat(0);
  let at = from;
  let out = from;
  for (; at + 16 <= to; at += 16) {
    const bytes = v128.load(at);
    const zeros = i8x16.bitmask(i8x16.eq(bytes, zero));
    if (zeros === 0) {
      // Never runs ahead of what is read.
      if (out !== at) v128.store(out, bytes);
      out += 16;
    } else if (zeros !== 0xffff) {
      for (let i: usize = 0; i < 16; i++) {
        const byte = load<u8>(at + i);
        if (byte !== 0) store<u8>(out++, byte);
      }
    }
  }
  for (; at < to; at++) {
    const byte = load<u8>(at);
    if (byte !== 0) store<u8>(out++, byte);
  }
  return out;
}
