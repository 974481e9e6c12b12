import { type PictureProblem, type PictureText, TEXT_COUNT_LIMIT } from './types';

/** Problems of one kind that are kept. */
const SAME_PROBLEM = 5;

/** Gathers text pieces and problems of one file within the limits. */
export class Collector {
  readonly texts: PictureText[] = [];
  readonly problems: PictureProblem[] = [];
  textCount = 0;
  orientation = 1;
  broken = false;
  readonly #seen = new Set<string>();
  readonly #counts = new Map<PictureProblem['code'], number>();

  text(text: PictureText): void {
    this.textCount++;
    if (this.texts.length >= TEXT_COUNT_LIMIT) {
      if (this.textCount === TEXT_COUNT_LIMIT + 1) this.problem('too-many-texts', text.offset);
      return;
    }
    if (this.#seen.has(text.keyword)) this.problem('duplicate-keyword', text.offset, text.keyword.slice(0, 80));
    this.#seen.add(text.keyword);
    if (text.truncated) this.problem('text-truncated', text.offset, text.keyword.slice(0, 80));
    this.texts.push(text);
  }

  problem(code: PictureProblem['code'], offset: number, detail?: string): void {
    // A thousand of one kind must not hide the one of another that ended the reading.
    const same = this.#counts.get(code) ?? 0;
    this.#counts.set(code, same + 1);
    if (same < SAME_PROBLEM) this.problems.push(detail === undefined ? { code, offset } : { code, offset, detail });
  }

  /** The picture itself is damaged at this place. */
  breaks(offset: number, detail: string): void {
    if (!this.broken) this.problem('broken', offset, detail);
    this.broken = true;
  }
}
