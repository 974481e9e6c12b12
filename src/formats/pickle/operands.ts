const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** A name as the loader reads it. Bytes that are no UTF-8 become U+FFFD: no importable name has one. */
export function nameText(bytes: Uint8Array): string {
  return UTF8.decode(bytes);
}

/** Operand of STRING: a Python literal in quotes, with its escapes. */
export function quotedText(bytes: Uint8Array): string {
  const text = nameText(bytes).trim();
  const inner = /^(['"])([\s\S]*)\1$/.exec(text)?.[2] ?? text;
  return inner.replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g, (_whole, code: string) => {
    if (code.startsWith('x') && code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return { n: '\n', t: '\t', r: '\r' }[code] ?? code;
  });
}

/** Operand of UNICODE: raw-unicode-code. */
export function rawUnicodeText(bytes: Uint8Array): string {
  return nameText(bytes).replace(
    /\\u([0-9a-fA-F]{4})|\\U0010([0-9a-fA-F]{4})|\\U000([0-9a-fA-F]{5})/g,
    (_whole, four?: string, high?: string, five?: string) =>
      String.fromCodePoint(high === undefined ? Number.parseInt(four ?? five ?? '0', 16) : 0x100000 + Number.parseInt(high, 16)),
  );
}
