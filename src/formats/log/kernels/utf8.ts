/**
 * Strict UTF-8 of 16 bytes at a time, after J. Keiser and D. Lemire, "Validating UTF-8 in less than one instruction per byte" (2021):
 * what may be wrong with two neighbouring bytes is a bit in each of three tables (high half and low half of the first byte, high half
 * of the second); a bit that all three have is an error, but for a third or fourth byte of a sequence, which is looked for apart.
 */

const SHORT: u8 = 1; // a sequence that ends too early
const LONG: u8 = 2; // a tail behind ASCII
const OVER3: u8 = 4; // three bytes for what fits in two
const LARGE: u8 = 8; // above U+10FFFF
const SURROGATE: u8 = 16;
const OVER2: u8 = 32; // two bytes for ASCII
const OVER4: u8 = 64; // four bytes for what fits in three, or far above U+10FFFF
const TAILS: u8 = 128; // a tail behind a tail
const ANY: u8 = SHORT | LONG | TAILS;
const TAIL8: u8 = LONG | OVER2 | TAILS | OVER3 | OVER4;
const TAIL9: u8 = LONG | OVER2 | TAILS | OVER3 | LARGE;
const TAILA: u8 = LONG | OVER2 | TAILS | SURROGATE | LARGE;
const HIGH: u8 = ANY | LARGE | OVER4;

/** What is wrong with `bytes` behind `before`: a bit of some byte is set. */
function errors(bytes: v128, before: v128): v128 {
  const first = i8x16.shuffle(before, bytes, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
  const second = i8x16.shuffle(before, bytes, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
  const third = i8x16.shuffle(before, bytes, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
  const firstHigh = i8x16(
    LONG,
    LONG,
    LONG,
    LONG,
    LONG,
    LONG,
    LONG,
    LONG,
    TAILS,
    TAILS,
    TAILS,
    TAILS,
    SHORT | OVER2,
    SHORT,
    SHORT | OVER3 | SURROGATE,
    SHORT | LARGE | OVER4,
  );
  const firstLow = i8x16(
    ANY | OVER3 | OVER2 | OVER4,
    ANY | OVER2,
    ANY,
    ANY,
    ANY | LARGE,
    HIGH,
    HIGH,
    HIGH,
    HIGH,
    HIGH,
    HIGH,
    HIGH,
    HIGH,
    HIGH | SURROGATE,
    HIGH,
    HIGH,
  );
  const secondHigh = i8x16(
    SHORT,
    SHORT,
    SHORT,
    SHORT,
    SHORT,
    SHORT,
    SHORT,
    SHORT,
    TAIL8,
    TAIL9,
    TAILA,
    TAILA,
    SHORT,
    SHORT,
    SHORT,
    SHORT,
  );
  const pairs = v128.and(
    v128.and(i8x16.swizzle(firstHigh, i8x16.shr_u(first, 4)), i8x16.swizzle(firstLow, v128.and(first, i8x16.splat(15)))),
    i8x16.swizzle(secondHigh, i8x16.shr_u(bytes, 4)),
  );
  // The top bit says that a byte two or three places before wants a tail here: TAILS is right then, and its absence wrong.
  const wanted = v128.or(i8x16.sub_sat_u(second, i8x16.splat(0x60)), i8x16.sub_sat_u(third, i8x16.splat(0x70)));
  return v128.xor(v128.and(wanted, i8x16.splat(<i8>0x80)), pairs);
}

/** 0: only ASCII in `[from, to)`; 1: strict UTF-8; 2: neither. The 16 bytes at address 64 are scratch. */
export function encoding(from: usize, to: usize): u32 {
  let wrong = i8x16.splat(0);
  let before = i8x16.splat(0);
  let high: u32 = 0;
  let wasHigh: u32 = 0;
  let at = from;
  for (; at + 16 <= to; at += 16) {
    const bytes = v128.load(at);
    const isHigh = i8x16.bitmask(bytes);
    if ((isHigh | wasHigh) !== 0) wrong = v128.or(wrong, errors(bytes, before));
    high |= isHigh;
    wasHigh = isHigh;
    before = bytes;
  }
  // What is left, with zeros behind it: a sequence that the end cuts off is too short.
  v128.store(64, i8x16.splat(0));
  memory.copy(64, at, to - at);
  const rest = v128.load(64);
  high |= i8x16.bitmask(rest);
  wrong = v128.or(wrong, errors(rest, before));
  if (v128.any_true(wrong)) return 2;
  return high === 0 ? 0 : 1;
}
