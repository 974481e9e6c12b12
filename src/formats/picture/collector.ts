import { type PictureProblem, type PictureText, TEXT_COUNT_LIMIT } from './types';

/** Gathers text pieces and problems of one file within the limits. */
export class Collector {
  readonly texts: PictureText[] = [];
  readonly problems: PictureProblem[] = [];
  textCount = 0;
  orientation = 1;
  broken = false;
  readonly #seen = new Set<string>();

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
    if (this.problems.length < 50) this.problems.push(detail === undefined ? { code, offset } : { code, offset, detail });
  }

  /** The picture itself is damaged at this place. */
  breaks(offset: number, detail: string): void {
    if (!this.broken) this.problem('broken', offset, detail);
    this.broken = true;
  }
}
