import { type Fact, known, unknown } from '../../facts/value';
import type { Given } from './given';
import { ALL_OPTIONS } from './options';

/** A number as a fact; what is none (a variable of the shell stood there) is open. */
export const numberFact = (value: number): Fact => (Number.isFinite(value) ? known(value) : unknown('not-stated'));

/** Options of one setup, with what is taken when one is left out. */
export class Options {
  readonly #given: ReadonlyMap<string, Given>;
  constructor(given: ReadonlyMap<string, Given>) {
    this.#given = given;
  }
  has(name: string): boolean {
    return this.#given.has(name);
  }
  text(name: string): string | null {
    return this.#given.get(name)?.values[0] ?? null;
  }
  all(name: string): readonly string[] {
    return this.#given.get(name)?.values ?? [];
  }
  /** Null: not given, or no number (a variable of the shell). */
  number(name: string): number | null {
    const value = Number(this.text(name) ?? Number.NaN);
    return Number.isFinite(value) ? value : null;
  }
  or(name: string): string {
    return this.text(name) ?? ALL_OPTIONS.find((option) => option.name === name)?.fallback ?? '';
  }
  /** The number as a fact; a variable of the shell leaves it open. */
  fact(name: string): Fact {
    return numberFact(this.numberOr(name));
  }
  numberOr(name: string): number {
    return this.number(name) ?? Number(this.or(name));
  }
}
