/** What this compiler needs of a log signature; `formats/log/signature-schema.ts` checks the rest. */
export interface SignatureWords {
  readonly signal: string;
  readonly pattern: string;
  readonly samples?: { readonly match: readonly { readonly captures?: { readonly [name: string]: string } | undefined }[] };
}

/**
 * Signals and the captures that each may have: the named groups of its patterns, what its samples show, and what can be
 * derived from any of them.
 */
export function signalVocabulary(
  signatures: readonly SignatureWords[],
  derived: readonly string[],
): Map<string, ReadonlySet<string>> {
  const signals = new Map<string, Set<string>>();
  for (const signature of signatures) {
    const captures = signals.get(signature.signal) ?? new Set(derived);
    signals.set(signature.signal, captures);
    for (const [, name] of signature.pattern.matchAll(/\(\?P?<([A-Za-z]\w*)>/g)) if (name) captures.add(name);
    for (const sample of signature.samples?.match ?? [])
      for (const name of Object.keys(sample.captures ?? {})) captures.add(name);
  }
  return signals;
}
