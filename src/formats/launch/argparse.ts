/** How many values an option takes: none, one, an optional one, any number. */
export type Arity = 'none' | 'one' | 'maybe' | 'many';

/** The options of one program by long (or short) name. */
export type OptionTable = ReadonlyMap<string, Arity>;

export interface ArgumentProblem {
  readonly kind: 'unknown' | 'ambiguous' | 'value-missing';
  readonly word: string;
  /** For `ambiguous`: what it may stand for. */
  readonly candidates: readonly string[];
}

/** An argument list as the program understands it. */
export interface ParsedArguments {
  /** Canonical option → its values; an option given without value has an empty list; given twice: values of the last. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Canonical option → the values of each time it was given. */
  readonly repeated: ReadonlyMap<string, readonly (readonly string[])[]>;
  readonly problems: readonly ArgumentProblem[];
}

/**
 * Python's argparse: `--flag=value` or two words, abbreviations of a long option when only one fits, a word beginning with
 * `-` is never a value (unless it is a negative number). webui-a1111-family.md §2.3; reliability.md CF-18.
 */
export function parseArguments(words: readonly string[], table: OptionTable): ParsedArguments {
  const repeated = new Map<string, (readonly string[])[]>();
  const problems: ArgumentProblem[] = [];
  let i = 0;
  while (i < words.length) {
    const word = words[i] ?? '';
    i++;
    if (!looksLikeOption(word)) {
      if (word !== '') problems.push({ kind: 'unknown', word, candidates: [] });
      continue;
    }
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = equals < 0 ? word : word.slice(0, equals);
    const fitting = candidates(name, table);
    const option = fitting[0];
    if (option === undefined || fitting.length > 1) {
      problems.push({ kind: option === undefined ? 'unknown' : 'ambiguous', word: name, candidates: fitting });
      while (option === undefined && equals < 0 && i < words.length && !looksLikeOption(words[i] ?? '')) i++;
      continue;
    }
    const arity = table.get(option) ?? 'none';
    const values: string[] = equals < 0 ? [] : [word.slice(equals + 1)];
    const most = arity === 'none' || equals >= 0 ? 0 : arity === 'many' ? Number.POSITIVE_INFINITY : 1;
    while (values.length < most && i < words.length && !looksLikeOption(words[i] ?? '')) {
      values.push(words[i] ?? '');
      i++;
    }
    if (arity === 'one' && values.length === 0) problems.push({ kind: 'value-missing', word: option, candidates: [] });
    const list = repeated.get(option);
    if (list) list.push(values);
    else repeated.set(option, [values]);
  }
  const values = new Map([...repeated].map(([option, list]) => [option, list.at(-1) ?? []]));
  return { values, repeated, problems };
}

function looksLikeOption(word: string): boolean {
  return word.length > 1 && word.startsWith('-') && !/^-\d+(?:\.\d+)?$/.test(word) && !word.includes(' ');
}

function candidates(name: string, table: OptionTable): string[] {
  if (table.has(name)) return [name];
  if (!name.startsWith('--') || name.length < 3) return [];
  return [...table.keys()].filter((option) => option.startsWith(name));
}
