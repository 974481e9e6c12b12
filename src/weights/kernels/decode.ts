/**
 * Number formats → float32 (lora-files.md §5.5), and what to tell of the bits: every function returns the largest value of the bits
 * without the sign, as an unsigned number. 0: all values are zero. At or above the format's infinity: some value is not finite, and
 * then what was written for it means nothing. `to` 0: write nothing, look only. Addresses need no alignment.
 */

/**
 * Halves, sign-extended to 32 bits, as float32. Moving the exponent gives a normal t = 2^(e-15)·(1 + m/1024) even for a subnormal, whose
 * value is 2·t - 2^-14: the smaller of the two for subnormals and zero, the larger for all others.
 */
function halves(bits: v128): v128 {
  const shifted = i32x4.shl(bits, 13);
  const t = i32x4.add(v128.and(shifted, i32x4.splat(0x0fffe000)), i32x4.splat(0x38000000));
  const value = f32x4.pmin(t, f32x4.add(t, f32x4.sub(t, f32x4.splat(6.103515625e-5))));
  return v128.or(value, v128.and(shifted, i32x4.splat(0x80000000)));
}

/** The same for e4m3fn bytes: exponent bias 7, smallest normal 2^-6. */
function quarters(bits: v128): v128 {
  const shifted = i32x4.shl(bits, 20);
  const t = i32x4.add(v128.and(shifted, i32x4.splat(0x07f00000)), i32x4.splat(0x3c000000));
  const value = f32x4.pmin(t, f32x4.add(t, f32x4.sub(t, f32x4.splat(0.015625))));
  return v128.or(value, v128.and(shifted, i32x4.splat(0x80000000)));
}

function largest16(most: v128): u32 {
  const four = i32x4.max_u(i32x4.extend_low_i16x8_u(most), i32x4.extend_high_i16x8_u(most));
  return largest32(four);
}

function largest8(most: v128): u32 {
  return largest16(i16x8.max_u(i16x8.extend_low_i8x16_u(most), i16x8.extend_high_i8x16_u(most)));
}

function largest32(most: v128): u32 {
  const a = max<u32>(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1));
  return max<u32>(a, max<u32>(i32x4.extract_lane(most, 2), i32x4.extract_lane(most, 3)));
}

/** The last values, fewer than a vector, are read and written through this corner; JavaScript leaves the first 64 bytes alone. */
const SPARE_IN: usize = 0;
const SPARE_OUT: usize = 64;

export function f16(from: usize, count: u32, to: usize): u32 {
  let most = i16x8.splat(0);
  const whole = count & ~7;
  for (let i: u32 = 0; i < whole; i += 8) {
    const bits = v128.load(from + 2 * i);
    most = i16x8.max_u(most, v128.and(bits, i16x8.splat(0x7fff)));
    if (to) put16(bits, to + 4 * i);
  }
  if (count > whole) {
    const bits = rest(from + 2 * whole, 2 * (count - whole));
    most = i16x8.max_u(most, v128.and(bits, i16x8.splat(0x7fff)));
    if (to) {
      put16(bits, SPARE_OUT);
      memory.copy(to + 4 * whole, SPARE_OUT, 4 * (count - whole));
    }
  }
  return largest16(most);
}

function put16(bits: v128, to: usize): void {
  v128.store(to, halves(i32x4.extend_low_i16x8_s(bits)));
  v128.store(to, halves(i32x4.extend_high_i16x8_s(bits)), 16);
}

export function bf16(from: usize, count: u32, to: usize): u32 {
  let most = i16x8.splat(0);
  const whole = count & ~7;
  for (let i: u32 = 0; i < whole; i += 8) {
    const bits = v128.load(from + 2 * i);
    most = i16x8.max_u(most, v128.and(bits, i16x8.splat(0x7fff)));
    if (to) putBrain(bits, to + 4 * i);
  }
  if (count > whole) {
    const bits = rest(from + 2 * whole, 2 * (count - whole));
    most = i16x8.max_u(most, v128.and(bits, i16x8.splat(0x7fff)));
    if (to) {
      putBrain(bits, SPARE_OUT);
      memory.copy(to + 4 * whole, SPARE_OUT, 4 * (count - whole));
    }
  }
  return largest16(most);
}

function putBrain(bits: v128, to: usize): void {
  v128.store(to, i32x4.shl(i32x4.extend_low_i16x8_u(bits), 16));
  v128.store(to, i32x4.shl(i32x4.extend_high_i16x8_u(bits), 16), 16);
}

export function f32bits(from: usize, count: u32, to: usize): u32 {
  let most = i32x4.splat(0);
  const whole = count & ~3;
  for (let i: u32 = 0; i < whole; i += 4) {
    const bits = v128.load(from + 4 * i);
    most = i32x4.max_u(most, v128.and(bits, i32x4.splat(0x7fffffff)));
    if (to) v128.store(to + 4 * i, bits);
  }
  if (count > whole) {
    const bits = rest(from + 4 * whole, 4 * (count - whole));
    most = i32x4.max_u(most, v128.and(bits, i32x4.splat(0x7fffffff)));
    if (to) memory.copy(to + 4 * whole, from + 4 * whole, 4 * (count - whole));
  }
  return largest32(most);
}

export function e4m3(from: usize, count: u32, to: usize): u32 {
  return bytes(from, count, to, false);
}

/** The upper half of a float16. */
export function e5m2(from: usize, count: u32, to: usize): u32 {
  return bytes(from, count, to, true);
}

function bytes(from: usize, count: u32, to: usize, e5: bool): u32 {
  let most = i8x16.splat(0);
  const whole = count & ~15;
  for (let i: u32 = 0; i < whole; i += 16) {
    const bits = v128.load(from + i);
    most = i8x16.max_u(most, v128.and(bits, i8x16.splat(0x7f)));
    if (to) put8(bits, to + 4 * i, e5);
  }
  if (count > whole) {
    const bits = rest(from + whole, count - whole);
    most = i8x16.max_u(most, v128.and(bits, i8x16.splat(0x7f)));
    if (to) {
      put8(bits, SPARE_OUT, e5);
      memory.copy(to + 4 * whole, SPARE_OUT, 4 * (count - whole));
    }
  }
  return largest8(most);
}

function put8(bits: v128, to: usize, e5: bool): void {
  const low = i16x8.extend_low_i8x16_s(bits);
  const high = i16x8.extend_high_i8x16_s(bits);
  if (e5) {
    put16(i16x8.shl(low, 8), to);
    put16(i16x8.shl(high, 8), to + 32);
    return;
  }
  v128.store(to, quarters(i32x4.extend_low_i16x8_s(low)));
  v128.store(to, quarters(i32x4.extend_high_i16x8_s(low)), 16);
  v128.store(to, quarters(i32x4.extend_low_i16x8_s(high)), 32);
  v128.store(to, quarters(i32x4.extend_high_i16x8_s(high)), 48);
}

/** Fewer than 16 bytes, the missing ones zero. */
function rest(from: usize, size: usize): v128 {
  v128.store(SPARE_IN, i64x2.splat(0));
  memory.copy(SPARE_IN, from, size);
  return v128.load(SPARE_IN);
}

/** How many values of `width` bytes have more than `limit` in their bits without the sign. */
export function above(from: usize, count: u32, width: u32, limit: u32): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (width === 1) found += u32((load<u8>(from + i) & 0x7f) > limit);
    else if (width === 2) found += u32((load<u16>(from + 2 * i) & 0x7fff) > limit);
    else found += u32((load<u32>(from + 4 * i) & 0x7fffffff) > limit);
  }
  return found;
}
