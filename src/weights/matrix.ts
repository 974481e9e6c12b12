/** A matrix, row-major. Axes after the second are taken as part of the columns. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** A square matrix in float64, row-major. */
export interface Square {
  readonly size: number;
  readonly values: Float64Array;
  /** Rounding of its values, relative to the rows that were multiplied: float64's, or that of sums in float32. */
  readonly noise: number;
  /** A value on the diagonal up to this may be what underflow left of it. */
  readonly floor: number;
}

/** A factor of a module with its shape: Tucker factors need all axes. */
export interface Factor extends Matrix {
  readonly shape: readonly number[];
}

/** Sum of the products, in float64. */
export function dot(a: Float32Array, b: Float32Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const end = a.length - (a.length % 4);
  for (let i = 0; i < end; i += 4) {
    s0 += (a[i] as number) * (b[i] as number);
    s1 += (a[i + 1] as number) * (b[i + 1] as number);
    s2 += (a[i + 2] as number) * (b[i + 2] as number);
    s3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (let i = end; i < a.length; i++) s0 += (a[i] as number) * (b[i] as number);
  return s0 + s1 + s2 + s3;
}

export function transposed({ rows, columns, values }: Matrix): Matrix {
  const out = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j] as number;
  return { rows: columns, columns: rows, values: out };
}

/** a·b for plain matrices of matching sizes. */
export function product(a: Matrix, b: Matrix): Matrix {
  const out = new Float32Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    const row = out.subarray(i * b.columns, (i + 1) * b.columns);
    for (let k = 0; k < a.columns; k++) {
      const factor = a.values[i * a.columns + k] as number;
      if (factor === 0) continue;
      const line = b.values.subarray(k * b.columns, (k + 1) * b.columns);
      for (let j = 0; j < line.length; j++) row[j] = (row[j] as number) + factor * (line[j] as number);
    }
  }
  return { rows: a.rows, columns: b.columns, values: out };
}
