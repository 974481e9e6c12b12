/** Whether two arrays hold the same bytes: the system's own comparison. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
