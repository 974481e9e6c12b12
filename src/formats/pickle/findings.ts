import { rankOf } from './lists';
import type { Listener } from './machine';

export type PickleVerdict = 'safe' | 'suspicious' | 'dangerous' | 'unscannable';

/** A name that loading the file would import. Raw text: `show()` before a person sees it. */
export interface PickleGlobal {
  readonly module: string;
  readonly name: string;
  /** Called, or given state: code of it runs at loading. */
  readonly called: boolean;
  /** Byte offset of its first opcode's end, in the stream it was found in. */
  readonly offset: number;
  readonly rank: 'safe' | 'unknown' | 'dangerous';
}

export interface PickleScan {
  readonly verdict: PickleVerdict;
  /** The first 1,000 different ones, dangerous ones before the rest. */
  readonly globals: readonly PickleGlobal[];
  readonly globalCount: number;
  /** Codes; a `:` is followed by the zip member it was seen in. */
  readonly problems: readonly string[];
}

const MAX_GLOBALS = 1000;
const MAX_KEYS = 500_000;
const MAX_PROBLEMS = 100;

/** Worth a word, but no reason to doubt that everything was seen. */
const HARMLESS = new Set(['trailing-zeros', 'data-after-zip']);
/** After these something may have stayed unseen. */
const BLINDING = new Set(
  (
    'truncated negative-length line-too-long unknown-opcode too-many-opcodes too-deep stack-underflow mark-missing bad-number memo-key memo-budget ' +
    'memo-unknown extension-registry empty not-a-pickle zip-end-missing zip-broken ambiguous-end too-many-entries directory-broken overlap encrypted ' +
    'unknown-method packed ratio inflate-failed local-header-missing cut-off no-data-pickle too-many-globals foreign tar-broken nested-zip'
  ).split(' '),
);

/** Collects what the machine tells over all streams of a file. */
export class Findings {
  private readonly seen = new Map<
    string,
    { module: string; name: string; called: boolean; offset: number; rank: PickleGlobal['rank'] }
  >();
  private readonly problems = new Set<string>();
  private blind = false;
  private odd = false;
  private count = 0;

  /** @param where zip member or part, for problems. */
  listener(where: string, nested: (bytes: Uint8Array) => void): Listener {
    return {
      global: (module, name, offset) => this.global(module, name, offset),
      called: (key) => {
        const known = this.seen.get(key);
        if (known !== undefined) known.called = true;
      },
      nested,
      problem: (code) => this.problem(code, where),
    };
  }

  problem(code: string, where = ''): void {
    if (BLINDING.has(code)) this.blind = true;
    else if (!HARMLESS.has(code)) this.odd = true;
    if (this.problems.size < MAX_PROBLEMS) this.problems.add(where === '' ? code : `${code}: ${where}`);
  }

  private global(module: string, name: string, offset: number): string {
    const key = `${module}\n${name}`;
    if (this.seen.has(key)) return key;
    this.count++;
    if (this.seen.size >= MAX_KEYS) {
      this.problem('too-many-globals');
      return key;
    }
    const rank = module === '?' || name === '?' ? 'dangerous' : rankOf(module, name);
    this.seen.set(key, { module, name, called: false, offset, rank });
    return key;
  }

  /** Whether a dangerous name was found so far. */
  get dangerous(): boolean {
    for (const { rank } of this.seen.values()) if (rank === 'dangerous') return true;
    return false;
  }

  result(): PickleScan {
    const order = { dangerous: 0, unknown: 1, safe: 2 };
    const globals = [...this.seen.values()].sort((a, b) => order[a.rank] - order[b.rank]);
    const worst = globals[0]?.rank ?? 'safe';
    const verdict =
      worst === 'dangerous' ? 'dangerous' : this.blind ? 'unscannable' : worst === 'unknown' || this.odd ? 'suspicious' : 'safe';
    return { verdict, globals: globals.slice(0, MAX_GLOBALS), globalCount: this.count, problems: [...this.problems] };
  }
}
