/** Finds which of many literals occur in a text or in bytes, in one pass. */
export interface AnchorSet {
  /**
   * Ids of literals in `text[from, to)`, each once, in `into` (cleared first).
   * @returns how many were found
   */
  scan(text: string, from: number, to: number, into: number[]): number;
  /** First place in `bytes[from, to)` that is an escape character or the last byte of a literal; `to` when there is none. */
  next(bytes: Uint8Array, from: number, to: number): number;
}

const ALPHABET = 128;
const ESC = 0x1b;

/**
 * Aho–Corasick automaton over ASCII literals, with a dense table: one array look-up a character. A character outside of ASCII
 * leads back to the start, which is exact because no literal has one.
 */
export function compileAnchors(literals: readonly { readonly text: string; readonly id: number }[]): AnchorSet {
  const { table, outputs } = closeTrie(buildTrie(literals));
  const marks = new Uint8Array(outputs.length);
  outputs.forEach((ids, state) => {
    marks[state] = ids.length > 0 ? 1 : 0;
  });
  return {
    scan(text, from, to, into) {
      into.length = 0;
      let state = 0;
      for (let i = from; i < to; i++) {
        const code = text.charCodeAt(i);
        state = code < ALPHABET ? (table[(state << 7) | code] ?? 0) : 0;
        if (marks[state] === 1) for (const id of outputs[state] ?? []) if (!into.includes(id)) into.push(id);
      }
      return into.length;
    },
    next(bytes, from, to) {
      let state = 0;
      for (let i = from; i < to; i++) {
        const byte = bytes[i] ?? 0;
        state = byte < ALPHABET ? (table[(state << 7) | byte] ?? 0) : 0;
        if (marks[state] === 1 || byte === ESC) return i;
      }
      return to;
    },
  };
}

/** `table[state * ALPHABET + character]`: the next state, 0 for none. */
interface Trie {
  readonly table: Uint16Array | Int32Array;
  readonly outputs: number[][];
}

function buildTrie(literals: readonly { readonly text: string; readonly id: number }[]): Trie {
  const most = literals.reduce((sum, { text }) => sum + text.length, 1);
  // Half the memory, when the numbers of the states fit.
  const table = most <= 0x10000 ? new Uint16Array(most * ALPHABET) : new Int32Array(most * ALPHABET);
  const outputs: number[][] = [[]];
  for (const { text, id } of literals) {
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= ALPHABET) throw new Error(`anchor is not ASCII: ${text}`);
      const place = state * ALPHABET + code;
      state = table[place] ?? 0;
      if (state === 0) {
        state = outputs.push([]) - 1;
        table[place] = state;
      }
    }
    outputs[state]?.push(id);
  }
  return { table, outputs };
}

/** Breadth first: fills in where to go on a mismatch, and inherits the outputs of shorter suffixes. */
function closeTrie({ table, outputs }: Trie): Trie {
  const fallback = new Int32Array(outputs.length);
  const queue = [0];
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0;
    const from = state * ALPHABET;
    const back = (fallback[state] ?? 0) * ALPHABET;
    for (let code = 0; code < ALPHABET; code++) {
      const child = table[from + code] ?? 0;
      const otherwise = state === 0 ? 0 : (table[back + code] ?? 0);
      if (child === 0) table[from + code] = otherwise;
      else {
        fallback[child] = otherwise;
        outputs[child]?.push(...(outputs[otherwise] ?? []));
        queue.push(child);
      }
    }
  }
  return { table, outputs };
}
