export const GIB = 1024 ** 3;
export const MIB = 1024 ** 2;

/** Bytes of `millions` of parameters at `bits` each. */
export const weightBytes = (millions: number, bits: number): number => (millions * 1e6 * bits) / 8;
