import { decodeText } from './launch/decode';

/** What a program of the system printed, without colours, NULs and carriage returns; 256 KiB at most. */
export function toolText(bytes: Uint8Array): string {
  const { text } = decodeText(bytes.subarray(0, 256 * 1024));
  return text
    .replaceAll('\u0000', '')
    .replace(/\u001b\[[0-9;]*m/g, '')
    .replaceAll('\r', '');
}
