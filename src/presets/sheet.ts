import type { Language } from '../i18n/language';
import type { Role, Theme } from '../report/theme';
import { pad, textWidth, wrap } from '../report/width';
import { say } from './words';

/** What a text is written for: a terminal of so many columns. */
export interface Page {
  readonly theme: Theme;
  readonly width: number;
  readonly lang: Language;
}

/** Lines with hanging indents, and sources by number. */
export class Sheet {
  readonly page: Page;
  readonly #out: string[] = [];
  readonly #sources = new Map<string, number>();

  constructor(page: Page) {
    this.page = page;
  }

  title(text: string): void {
    if (this.#out.length > 0) this.#out.push('');
    for (const line of wrap(text, this.page.width)) this.#out.push(this.page.theme.paint('strong', line));
  }

  text(text: string, indent = 2): void {
    this.hanging(' '.repeat(indent), text);
  }

  /** `first` stands in the first line, further lines under the beginning of the text. `indent`: columns of `first` as it is seen. */
  hanging(first: string, text: string, indent = textWidth(first), role: Role = 'plain'): void {
    const [line = '', ...more] = wrap(text, Math.max(20, this.page.width - indent));
    const paint = (part: string): string => this.page.theme.paint(role, part);
    this.#out.push(`${first}${paint(line)}`.trimEnd(), ...more.map((part) => `${' '.repeat(indent)}${paint(part)}`));
  }

  /** A name in a column of `columns`, its text beside it. */
  field(name: string, text: string, columns: number): void {
    this.hanging(`  ${this.page.theme.paint('dim', pad(name, columns))}`, text, 2 + columns);
  }

  /** A command: one line that nobody breaks, so that it can be copied. */
  command(text: string): void {
    this.#out.push(`    ${this.page.theme.paint('accent', text)}`);
  }

  /** ` [1,3]`: the numbers of these sources. */
  marks(urls: readonly string[]): string {
    const numbers = new Set<number>();
    for (const url of urls) {
      const known = this.#sources.get(url) ?? this.#sources.size + 1;
      this.#sources.set(url, known);
      numbers.add(known);
    }
    return numbers.size === 0 ? '' : ` [${[...numbers].sort((a, b) => a - b).join(',')}]`;
  }

  /** The whole, with the sources that were named; `collected`: when they were read. */
  end(collected: string): string {
    const { lang, theme } = this.page;
    if (this.#sources.size > 0) this.title(say(lang, `Sources, read on ${collected}`, `来源，读取于 ${collected}`));
    for (const [url, number] of this.#sources) this.#out.push(`  ${theme.paint('dim', `[${number}] ${url}`)}`);
    return `${this.#out.join('\n')}\n`;
  }
}
