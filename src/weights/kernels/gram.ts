/** Products of float32 matrices, row-major, without gaps. Sums run in float32 over a few hundred values and then in float64. */

/** Columns that are summed in float32, 256 in each lane: rounding then stays below 1e-6 of |a|·|b|, and six rows stay in the first cache. */
const STRIPE: u32 = 1024;

function across(v: v128): f64 {
  const sum = f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 2, 3)));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

function addTo(out: usize, value: f64): void {
  store<f64>(out, load<f64>(out) + value);
}

/** M·Mᵀ of `rows` × `columns` into `rows` × `rows` float64. */
export function gram(from: usize, rows: u32, columns: u32, out: usize): void {
  memory.fill(out, 0, 8 * rows * rows);
  for (let start: u32 = 0; start < columns; start += STRIPE) {
    const width = min<u32>(STRIPE, columns - start);
    const whole = width & ~3;
    const stripe = from + 4 * start;
    let i: u32 = 0;
    for (; i + 4 <= rows; i += 4) {
      const a = stripe + 4 * i * columns;
      for (let j: u32 = 0; j < i; j += 2) rectangle(a, stripe + 4 * j * columns, columns, whole, out, rows, i, j);
      triangle(a, columns, whole, out, rows, i);
    }
    for (; i < rows; i++) {
      for (let j: u32 = 0; j <= i; j++) {
        addTo(out + 8 * (i * rows + j), across(dot(stripe + 4 * i * columns, stripe + 4 * j * columns, whole)));
      }
    }
    if (width > whole) left(stripe + 4 * whole, rows, columns, width - whole, out);
  }
  for (let i: u32 = 0; i < rows; i++) {
    for (let j: u32 = 0; j < i; j++) store<f64>(out + 8 * (j * rows + i), load<f64>(out + 8 * (i * rows + j)));
  }
}

function dot(a: usize, b: usize, count: u32): v128 {
  let sum = f32x4.splat(0);
  for (let k: u32 = 0; k < count; k += 4) sum = f32x4.add(sum, f32x4.mul(v128.load(a + 4 * k), v128.load(b + 4 * k)));
  return sum;
}

/** Rows i…i+3 with rows j, j+1: eight sums and six rows fit the sixteen registers of x86. */
function rectangle(a: usize, b: usize, columns: u32, count: u32, out: usize, rows: u32, i: u32, j: u32): void {
  const step = 4 * columns;
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s30 = f32x4.splat(0);
  let s31 = f32x4.splat(0);
  const a1 = a + step;
  const a2 = a1 + step;
  const a3 = a2 + step;
  const b1 = b + step;
  for (let at: usize = 0; at < 4 * count; at += 16) {
    const y0 = v128.load(b + at);
    const y1 = v128.load(b1 + at);
    const x0 = v128.load(a + at);
    s00 = f32x4.add(s00, f32x4.mul(x0, y0));
    s01 = f32x4.add(s01, f32x4.mul(x0, y1));
    const x1 = v128.load(a1 + at);
    s10 = f32x4.add(s10, f32x4.mul(x1, y0));
    s11 = f32x4.add(s11, f32x4.mul(x1, y1));
    const x2 = v128.load(a2 + at);
    s20 = f32x4.add(s20, f32x4.mul(x2, y0));
    s21 = f32x4.add(s21, f32x4.mul(x2, y1));
    const x3 = v128.load(a3 + at);
    s30 = f32x4.add(s30, f32x4.mul(x3, y0));
    s31 = f32x4.add(s31, f32x4.mul(x3, y1));
  }
  const line = 8 * rows;
  let corner = out + 8 * (i * rows + j);
  addTo(corner, across(s00));
  addTo(corner + 8, across(s01));
  corner += line;
  addTo(corner, across(s10));
  addTo(corner + 8, across(s11));
  corner += line;
  addTo(corner, across(s20));
  addTo(corner + 8, across(s21));
  corner += line;
  addTo(corner, across(s30));
  addTo(corner + 8, across(s31));
}

/** Rows i…i+3 with one another. */
function triangle(a: usize, columns: u32, count: u32, out: usize, rows: u32, i: u32): void {
  const step = 4 * columns;
  let s00 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s22 = f32x4.splat(0);
  let s30 = f32x4.splat(0);
  let s31 = f32x4.splat(0);
  let s32 = f32x4.splat(0);
  let s33 = f32x4.splat(0);
  const a1 = a + step;
  const a2 = a1 + step;
  const a3 = a2 + step;
  for (let at: usize = 0; at < 4 * count; at += 16) {
    const x0 = v128.load(a + at);
    const x1 = v128.load(a1 + at);
    const x2 = v128.load(a2 + at);
    const x3 = v128.load(a3 + at);
    s00 = f32x4.add(s00, f32x4.mul(x0, x0));
    s10 = f32x4.add(s10, f32x4.mul(x1, x0));
    s11 = f32x4.add(s11, f32x4.mul(x1, x1));
    s20 = f32x4.add(s20, f32x4.mul(x2, x0));
    s21 = f32x4.add(s21, f32x4.mul(x2, x1));
    s22 = f32x4.add(s22, f32x4.mul(x2, x2));
    s30 = f32x4.add(s30, f32x4.mul(x3, x0));
    s31 = f32x4.add(s31, f32x4.mul(x3, x1));
    s32 = f32x4.add(s32, f32x4.mul(x3, x2));
    s33 = f32x4.add(s33, f32x4.mul(x3, x3));
  }
  const line = 8 * rows;
  let corner = out + 8 * (i * rows + i);
  addTo(corner, across(s00));
  corner += line;
  addTo(corner, across(s10));
  addTo(corner + 8, across(s11));
  corner += line;
  addTo(corner, across(s20));
  addTo(corner + 8, across(s21));
  addTo(corner + 16, across(s22));
  corner += line;
  addTo(corner, across(s30));
  addTo(corner + 8, across(s31));
  addTo(corner + 16, across(s32));
  addTo(corner + 24, across(s33));
}

/** The last one to three columns of a stripe. */
function left(from: usize, rows: u32, columns: u32, count: u32, out: usize): void {
  for (let i: u32 = 0; i < rows; i++) {
    for (let j: u32 = 0; j <= i; j++) {
      let sum: f64 = 0;
      for (let k: u32 = 0; k < count; k++) {
        sum += f64(load<f32>(from + 4 * (i * columns + k))) * f64(load<f32>(from + 4 * (j * columns + k)));
      }
      addTo(out + 8 * (i * rows + j), sum);
    }
  }
}

/** Mᵀ of `rows` × `columns` into `columns` × `rows`. */
export function transpose(from: usize, rows: u32, columns: u32, to: usize): void {
  const high = rows & ~3;
  const wide = columns & ~3;
  const line = 4 * columns;
  const stride = 4 * rows;
  for (let i: u32 = 0; i < high; i += 4) {
    for (let j: u32 = 0; j < wide; j += 4) {
      const a = from + i * line + 4 * j;
      const r0 = v128.load(a);
      const r1 = v128.load(a + line);
      const r2 = v128.load(a + 2 * line);
      const r3 = v128.load(a + 3 * line);
      const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
      const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
      const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
      const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
      const b = to + j * stride + 4 * i;
      v128.store(b, i64x2.shuffle(low01, low23, 0, 2));
      v128.store(b + stride, i64x2.shuffle(low01, low23, 1, 3));
      v128.store(b + 2 * stride, i64x2.shuffle(high01, high23, 0, 2));
      v128.store(b + 3 * stride, i64x2.shuffle(high01, high23, 1, 3));
    }
    for (let j = wide; j < columns; j++) for (let k: u32 = i; k < i + 4; k++) move(from, to, k, j, rows, columns);
  }
  for (let i = high; i < rows; i++) for (let j: u32 = 0; j < columns; j++) move(from, to, i, j, rows, columns);
}

function move(from: usize, to: usize, i: u32, j: u32, rows: u32, columns: u32): void {
  store<f32>(to + 4 * (j * rows + i), load<f32>(from + 4 * (i * columns + j)));
}

/** Sum of all squares, in float64. */
export function squares(from: usize, count: u32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const whole = count & ~3;
  for (let i: u32 = 0; i < whole; i += 4) {
    const v = v128.load(from + 4 * i);
    const a = f64x2.promote_low_f32x4(v);
    const b = f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const both = f64x2.add(low, high);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (let i = whole; i < count; i++) sum += f64(load<f32>(from + 4 * i)) * f64(load<f32>(from + 4 * i));
  return sum;
}

/** z ← Mᵀ·M·x in one pass over M. x and z have `columns` float32 values. */
export function thereAndBack(from: usize, rows: u32, columns: u32, x: usize, z: usize): void {
  const whole = columns & ~3;
  memory.fill(z, 0, 4 * columns);
  for (let i: u32 = 0; i < rows; i++) {
    const line = from + 4 * i * columns;
    let sum = across(dot(line, x, whole));
    for (let k = whole; k < columns; k++) sum += f64(load<f32>(line + 4 * k)) * f64(load<f32>(x + 4 * k));
    const value = f32(sum);
    const factor = f32x4.splat(value);
    for (let k: u32 = 0; k < whole; k += 4) {
      v128.store(z + 4 * k, f32x4.add(v128.load(z + 4 * k), f32x4.mul(factor, v128.load(line + 4 * k))));
    }
    for (let k = whole; k < columns; k++) store<f32>(z + 4 * k, load<f32>(z + 4 * k) + value * load<f32>(line + 4 * k));
  }
}
