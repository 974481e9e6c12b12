import { textWidth } from '../../src/report/width';

const SEQUENCE = /^\u001b\[([?<>]?)([0-9;]*)([A-Za-z])/;
const segmenter = new Intl.Segmenter();

/**
 * As much of a terminal as Ink needs: text, line feeds, cursor up and to a column, erasing, showing the cursor. An escape
 * sequence that it does not know is an error, so that nothing is missed.
 */
export class Terminal {
  #columns: number;
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;
  cursorVisible = true;
  /** How often the whole screen was wiped: a frame that is too tall makes Ink do so. */
  wipes = 0;
  /** The tallest picture that was ever drawn. */
  tallest = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  resize(columns: number): void {
    this.#columns = columns;
  }

  screen(): string[] {
    const rows = this.#lines.map((line) =>
      Array.from(line, (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    );
    while (rows.at(-1) === '') rows.pop();
    return rows;
  }

  write(text: string): void {
    let rest = text;
    while (rest !== '') rest = rest.slice(this.#step(rest));
    this.tallest = Math.max(this.tallest, this.screen().length);
  }

  #step(text: string): number {
    if (text.startsWith('\u001b')) return this.#escape(text);
    if (text.startsWith('\n')) {
      this.#row++;
      this.#column = 0;
      this.#line();
      return 1;
    }
    if (text.startsWith('\r')) {
      this.#column = 0;
      return 1;
    }
    const end = text.search(/[\u001b\n\r]/);
    const plain = end < 0 ? text : text.slice(0, end);
    for (const { segment } of segmenter.segment(plain)) this.#put(segment);
    return plain.length;
  }

  #put(cluster: string): void {
    const width = textWidth(cluster);
    if (this.#column + width > this.#columns)
      throw new Error(`A line is wider than ${this.#columns} columns at "${cluster}": ${this.#line().join('')}`);
    const line = this.#line();
    line[this.#column] = cluster;
    for (let i = 1; i < width; i++) line[this.#column + i] = '';
    this.#column += width;
  }

  #line(): string[] {
    while (this.#lines.length <= this.#row) this.#lines.push([]);
    return this.#lines[this.#row] ?? [];
  }

  #escape(text: string): number {
    const match = SEQUENCE.exec(text);
    if (!match) throw new Error(`Unknown escape sequence ${JSON.stringify(text.slice(0, 12))}`);
    const [whole, mode, parameters, final] = match;
    const n = Number(parameters || 1);
    if (mode === '?') {
      if (parameters === '25') this.cursorVisible = final === 'h';
    } else if (final === 'A') this.#row = Math.max(0, this.#row - n);
    else if (final === 'B') this.#row += n;
    else if (final === 'G') this.#column = n - 1;
    else if (final === 'K') this.#lines[this.#row] = [];
    else if (final === 'J') this.#wipe(parameters ?? '');
    else if (final === 'H') this.#row = this.#column = 0;
    else if (final !== 'm') throw new Error(`Unknown escape sequence ${JSON.stringify(whole)}`);
    return whole.length;
  }

  #wipe(how: string): void {
    if (how === '2') {
      this.wipes++;
      this.#lines = [[]];
    } else this.#lines = this.#lines.slice(0, this.#row + 1);
  }
}
