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
  const trie = buildTrie(literals);
  const { table, outputs } = closeTrie(trie);
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

interface Trie {
  readonly next: Map<number, number>[];
  readonly ids: number[][];
}

function buildTrie(literals: readonly { readonly text: string; readonly id: number }[]): Trie {
  const next: Map<number, number>[] = [new Map()];
  const ids: number[][] = [[]];
  for (const { text, id } of literals) {
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= ALPHABET) throw new Error(`anchor is not ASCII: ${text}`);
      let to = next[state]?.get(code);
      if (to === undefined) {
        to = next.length;
        next.push(new Map());
        ids.push([]);
        next[state]?.set(code, to);
      }
      state = to;
    }
    ids[state]?.push(id);
  }
  return { next, ids };
}

/** Breadth first: fills in where to go on a mismatch, and inherits the outputs of shorter suffixes. */
function closeTrie(trie: Trie): { readonly table: Uint16Array | Int32Array; readonly outputs: number[][] } {
  const states = trie.next.length;
  // Half the memory, when the numbers of the states fit.
  const table = states <= 0x10000 ? new Uint16Array(states * ALPHABET) : new Int32Array(states * ALPHABET);
  const fallback = new Int32Array(states);
  const outputs = trie.ids.map((ids) => [...ids]);
  const queue = [0];
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0;
    const back = fallback[state] ?? 0;
    for (let code = 0; code < ALPHABET; code++) {
      const child = trie.next[state]?.get(code);
      const otherwise = state === 0 ? 0 : (table[back * ALPHABET + code] ?? 0);
      if (child === undefined) table[state * ALPHABET + code] = otherwise;
      else {
        table[state * ALPHABET + code] = child;
        fallback[child] = otherwise;
        outputs[child]?.push(...(outputs[otherwise] ?? []));
        queue.push(child);
      }
    }
  }
  return { table, outputs };
}
