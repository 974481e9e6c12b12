/** Bytes of optimizer states for one trained parameter (kohya-training.md §4.1). Names in any case; the first that fits counts. */
const STATES: readonly (readonly [RegExp, number])[] = [
  [/adafactor/, 0.1],
  [/lion.*8 ?bit|8 ?bit.*lion/, 1],
  [/8[-_ ]?bit|\b8b\b|paged/, 2.1],
  [/prodigy|dadapt/, 16],
  [/came\b/, 4],
  [/lion|sgd|muon/, 4],
  [/bf16|stochastic/, 4],
  [/adam|schedulefree|radam/, 8],
];

/** `AdamW8bit`, `8bit or Adafactor`, `prodigy` → bytes; null for a name that is not known. */
export function optimizerBytes(name: string): number | null {
  const lower = name.toLowerCase();
  // Of two that are named the dearer one must fit too.
  const either = lower.split(/\bor\b|\//);
  const all = either.flatMap((part) => STATES.find(([pattern]) => pattern.test(part))?.[1] ?? []);
  return all.length === 0 ? null : Math.max(...all);
}
