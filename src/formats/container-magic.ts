/** Kinds that first bytes alone decide. `foreign`: a packed file that no model loader opens. */
const MAGIC: readonly (readonly [kind: string, offset: number, bytes: readonly number[]])[] = [
  ['gguf', 0, [0x47, 0x47, 0x55, 0x46]],
  ['png', 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['jpeg', 0, [0xff, 0xd8, 0xff]],
  ['gif', 0, [0x47, 0x49, 0x46, 0x38, 0x39, 0x61]],
  ['gif', 0, [0x47, 0x49, 0x46, 0x38, 0x37, 0x61]],
  ['foreign:gzip', 0, [0x1f, 0x8b, 0x08]],
  ['foreign:7z', 0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['foreign:xz', 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['foreign:rar', 0, [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
  ['foreign:zstd', 0, [0x28, 0xb5, 0x2f, 0xfd]],
  ['foreign:bzip2', 0, [0x42, 0x5a, 0x68]],
  ['foreign:pdf', 0, [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['foreign:hdf5', 0, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['foreign:program', 0, [0x7f, 0x45, 0x4c, 0x46]],
  ['tar', 257, [0x75, 0x73, 0x74, 0x61, 0x72]],
];

/** The kind that the first bytes (≥ 512 where the file has them) prove, or null. */
export function magicKind(head: Uint8Array): string | null {
  for (const [kind, offset, bytes] of MAGIC) if (bytes.every((byte, i) => head[offset + i] === byte)) return kind;
  const riff = ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP';
  if (riff) return 'webp';
  // A Windows program: two letters alone could be a pickle's, so the place they point to must agree.
  const at = ascii(head, 0, 2) === 'MZ' ? (head[0x3c] ?? 0) + 256 * (head[0x3d] ?? 0) : 0;
  return at > 0 && ascii(head, at, at + 4) === 'PE\0\0' ? 'foreign:program' : null;
}

export function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** The beginning as text, when it is text: UTF-8, or UTF-16 with its mark, without control characters. */
export function headText(head: Uint8Array): string | null {
  const wide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const text = new TextDecoder(wide ? (head[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8').decode(head);
  const cut = text.replace(/\ufffd{1,3}$/, ''); // The last character may have been cut through.
  return cut === '' || /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/.test(cut) ? null : cut;
}

/** What a text is: a web page, JSON, a git-lfs pointer, or any other text. */
export function textKind(text: string): 'html' | 'json' | 'lfs-pointer' | 'text' {
  const start = text.trimStart();
  if (/^version https?:\/\/\S+\/spec\/v\d/.test(start) && /^oid sha256:[0-9a-f]{64}\s*$/m.test(start)) return 'lfs-pointer';
  if (/^<(?:!doctype html|html|head|body|script|\?xml|!--)/i.test(start)) return 'html';
  return /^[{[]\s*(?:["{[\]}\d-]|true|false|null)/.test(start) ? 'json' : 'text';
}
