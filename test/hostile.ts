import { readFileSync } from 'node:fs';

interface Hostile {
  readonly text?: string;
  readonly before?: string;
  readonly repeat?: string;
  readonly times?: number;
  readonly after?: string;
}

/** Texts that have broken terminals, editors and parsers before. */
export function hostileStrings(): readonly string[] {
  const file = new URL('./fixtures/e2e/hostile-strings.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')).strings as Hostile[]).map(
    (entry) => entry.text ?? `${entry.before ?? ''}${(entry.repeat ?? '').repeat(entry.times ?? 0)}${entry.after ?? ''}`,
  );
}

/**
 * What is left in `text` that could act on a terminal or hide something: control characters but LF, bidi controls,
 * zero-width, tag and separator characters, lone surrogates (which arrive as U+FFFD). Empty when harmless.
 */
export function liveCharacters(text: string): string[] {
  const live =
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;
  return [...text.matchAll(live)].map(
    (match) => `U+${match[0].codePointAt(0)?.toString(16)} in ${JSON.stringify(near(text, match.index))}`,
  );
}

function near(text: string, at: number): string {
  return text.slice(Math.max(0, at - 30), at + 30);
}
