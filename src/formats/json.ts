/** A JSON object. `__proto__` in a file is an own key of it, never its prototype. */
export type JsonRecord = { readonly [key: string]: unknown };

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Any JSON value, or undefined when the text is none. Python writes NaN, Infinity and -Infinity where JSON has no word:
 * they become null.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (!/NaN|Infinity/.test(text)) return undefined;
  }
  try {
    return JSON.parse(withoutPythonNumbers(text));
  } catch {
    return undefined;
  }
}

/** Replaces the three bare words outside of strings. One pass. */
function withoutPythonNumbers(text: string): string {
  let out = '';
  let from = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted && char === '\\') i++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === 'N' || char === 'I' || char === '-')) {
      const word = ['NaN', 'Infinity', '-Infinity'].find((candidate) => text.startsWith(candidate, i));
      if (word === undefined) continue;
      out += `${text.slice(from, i)}null`;
      i += word.length - 1;
      from = i + 1;
    }
  }
  return out + text.slice(from);
}
