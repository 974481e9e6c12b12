import { type Fact, known, unknown } from '../../facts/value';
import type { Given, Setup } from './given';
import { SD_OPTIONS } from './options';

/** A number as a fact; what is none (a variable of the shell stood there) is open. */
export const numberFact = (value: number): Fact => (Number.isFinite(value) ? known(value) : unknown('not-stated'));

/** Options of one setup, with what is taken when one is left out. */
export class Options {
  readonly #given: ReadonlyMap<string, Given>;
  readonly #open: boolean;
  /** An option was asked for that is not given here. */
  #missed = false;

  /** `open`: more may be given than we can see (`Setup.open`), so that nothing follows from what is left out. */
  constructor({ options, open = false }: Pick<Setup, 'options' | 'open'>) {
    this.#given = options;
    this.#open = open;
  }

  #get(name: string): Given | undefined {
    const given = this.#given.get(name);
    this.#missed ||= given === undefined;
    return given;
  }
  has(name: string): boolean {
    return this.#get(name) !== undefined;
  }
  text(name: string): string | null {
    return this.#get(name)?.values[0] ?? null;
  }
  all(name: string): readonly string[] {
    return this.#get(name)?.values ?? [];
  }
  /** Null: not given, or no number (a variable of the shell). */
  number(name: string): number | null {
    const value = Number(this.text(name) ?? Number.NaN);
    return Number.isFinite(value) ? value : null;
  }
  or(name: string): string {
    return this.text(name) ?? SD_OPTIONS.find((option) => option.name === name)?.fallback ?? '';
  }
  numberOr(name: string): number {
    return this.number(name) ?? Number(this.or(name));
  }

  /** The answer, or null when it rests on an option that may be given where we cannot see it. */
  sure<T>(ask: () => T): T | null {
    this.#missed = false;
    const answer = ask();
    return this.#open && this.#missed ? null : answer;
  }
  /** The same of a fact. */
  told(ask: () => Fact): Fact {
    return this.sure(ask) ?? unknown('not-stated');
  }
  /** The number as a fact; a variable of the shell leaves it open. */
  fact(name: string): Fact {
    return this.told(() => numberFact(this.numberOr(name)));
  }
}
