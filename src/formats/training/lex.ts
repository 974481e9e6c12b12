import { placeAt } from '../text-place';
import type { Command, LexicalFault, Place, Script, Shell, Word } from './types';

/** Longest text that is read as a script, in UTF-16 units. */
export const SCRIPT_LIMIT = 256 * 1024;
const WORD_LIMIT = 5000;

const CONTINUES: Readonly<Record<Shell, string>> = { bash: '\\', cmd: '^', powershell: '`' };

/** What a terminal prints in front of a command; it is copied along with it. */
const PROMPTS =
  /^(?:\([\w.+-]{1,40}\) ?){0,2}(?:(?<ps>PS [A-Za-z]:[^>\n]{0,200}> ?)|(?<cmd>[A-Za-z]:\\(?:[^>"\n]{0,200}[^\s>"])?> ?)|[\w.+-]{1,40}@[\w.-]{1,60}[: ][^$#\n]{0,200}[$#] |\[[^\]\n]{1,80}\][$#] |[$%] )/m;

/** The shell by file name, by a prompt that was copied along, else by which sign ends most lines. */
export function shellOf(name: string, text: string): Shell {
  if (/\.(?:bat|cmd)$/i.test(name)) return 'cmd';
  if (/\.ps1$/i.test(name)) return 'powershell';
  if (/\.(?:sh|bash|zsh)$/i.test(name)) return 'bash';
  const prompt = PROMPTS.exec(text);
  if (prompt?.groups?.ps !== undefined) return 'powershell';
  if (prompt?.groups?.cmd !== undefined) return 'cmd';
  const ends = (sign: string): number => text.split('\n').filter((line) => line.trimEnd().endsWith(sign)).length;
  const [bash, cmd, powershell] = [ends('\\'), ends('^'), ends('`')];
  if (cmd > bash && cmd >= powershell) return 'cmd';
  return powershell > bash ? 'powershell' : 'bash';
}

/**
 * Cuts a script into commands and words, with the place of each word. Where a line was meant to go on and does not (a comment
 * or a blank behind the sign), that is noted and the command is read as it was meant, so that the rest of it is judged too
 * (kohya-training.md §7 row 1, traps 23). Variables that the script itself sets to a plain text
 * are filled in; others stay as written. One pass, linear.
 */
export function readScript(text: string, shell: Shell): Script {
  const { clean, faults } = withoutPrompts(text.slice(0, SCRIPT_LIMIT));
  const lexer = new Lexer(clean, shell);
  lexer.run();
  return { shell, commands: lexer.commands, faults: [...faults, ...lexer.faults] };
}

/** Blanks instead of prompts, so that every place stays where it is; `>` and `>>` only where a prompt came before. */
export function withoutPrompts(text: string): { clean: string; faults: LexicalFault[] } {
  const faults: LexicalFault[] = [];
  if (!PROMPTS.test(text)) return { clean: text, faults };
  const lines = text.split('\n').map((line, i) => {
    const found = PROMPTS.exec(line)?.[0] ?? (faults.length > 0 ? /^>{1,2} /.exec(line)?.[0] : undefined);
    if (found === undefined || found === '' || !line.startsWith(found)) return line;
    if (faults.length < 20) faults.push({ kind: 'prompt-sign', line: i + 1, column: 1, text: line.trim().slice(0, 80) });
    return ' '.repeat(found.length) + line.slice(found.length);
  });
  return { clean: lines.join('\n'), faults };
}

class Lexer {
  readonly commands: Command[] = [];
  readonly faults: LexicalFault[] = [];
  readonly #text: string;
  readonly #shell: Shell;
  readonly #variables = new Map<string, string>();
  #at = 0;
  #line = 1;
  #lineStart = 0;
  #words: Word[] = [];
  #word = '';
  #quoted = false;
  #begun: Place | null = null;
  #count = 0;
  /** Column of the first command. */
  #margin: number | null = null;

  constructor(text: string, shell: Shell) {
    this.#text = text;
    this.#shell = shell;
  }

  run(): void {
    while (this.#at < this.#text.length && this.#count < WORD_LIMIT) this.#step();
    this.#endCommand();
    this.#endsEarly();
  }

  /** The text ends where a line should have gone on. */
  #endsEarly(): void {
    const end = this.#text.trimEnd();
    if (end === '' || !end.endsWith(CONTINUES[this.#shell])) return;
    const last = end.slice(end.lastIndexOf('\n') + 1);
    this.faults.push({ kind: 'ends-early', ...placeAt(end, end.length - 1), text: last.trim().slice(0, 80) });
  }

  #step(): void {
    const char = this.#text[this.#at] ?? '';
    if (char === '\n') this.#newline();
    else if (char === '\r' || char === ' ' || char === '\t') {
      this.#endWord();
      this.#at++;
    } else if (char === '\u3000' || char === '\u00a0') {
      this.#fault('wide-blank');
      this.#add(char);
    } else if (char === CONTINUES[this.#shell]) this.#escape(char);
    else if (this.#startsComment(char)) this.#skipLine();
    else if (char === '"' || (char === "'" && this.#shell !== 'cmd')) this.#quote(char);
    else if (char === ';' || char === '|' || char === '&') this.#separator(char);
    else this.#plain(char);
  }

  #plain(char: string): void {
    if (/[\u201c\u201d\u2018\u2019]/.test(char)) {
      this.#fault('curly-quote');
      if (this.#curly(char)) return;
    }
    if (char === '\\' && this.#restOfLine(this.#at + 1).trim() === '') this.#fault('foreign-continuation');
    this.#begin();
    this.#word += this.#variable() ?? char;
    this.#at++;
  }

  /** A text between curly quotes is read as it was meant, when the quotes close in the same line. */
  #curly(char: string): boolean {
    const double = char === '\u201c' || char === '\u201d';
    const close = /[\u201c\u201d]/.test(char) ? /[\u201c\u201d"]/ : /[\u2018\u2019']/;
    const before = this.#text[this.#at - 1] ?? ' ';
    const length = this.#restOfLine(this.#at + 1).search(close);
    if (length < 0 || !/[\s=]/.test(before) || (!double && length === 0)) return false;
    this.#begin();
    this.#quoted = true;
    this.#word += this.#text.slice(this.#at + 1, this.#at + 1 + length);
    this.#at += length + 2;
    return true;
  }

  #startsComment(char: string): boolean {
    if (this.#begun) return false;
    if (char === '#') return this.#shell !== 'cmd';
    if (this.#words.length > 0 || this.#shell !== 'cmd') return false;
    return /^(?:rem\b|::|@?rem\b)/i.test(this.#text.slice(this.#at, this.#at + 5));
  }

  /** The sign that takes the line end, or the next character, its meaning. */
  #escape(char: string): void {
    const rest = this.#restOfLine(this.#at + 1);
    if (rest === '' || rest === '\r') {
      this.#continue(rest);
      return;
    }
    const blank = rest.trim();
    if (blank === '' || /^\s+(?:#|\/\/|rem\b|::)/i.test(rest)) {
      this.#fault(blank === '' ? 'blank-after-continuation' : 'comment-after-continuation');
      this.#continue(rest);
      return;
    }
    this.#at++;
    this.#add(this.#text[this.#at] ?? char);
  }

  #continue(rest: string): void {
    if (rest === '\r' && this.#shell === 'bash') this.#fault('carriage-return');
    this.#endWord();
    this.#at += 1 + rest.length + 1;
    this.#line++;
    this.#lineStart = this.#at;
  }

  #quote(mark: string): void {
    this.#begin();
    this.#quoted = true;
    const opened = this.#place();
    this.#at++;
    // PowerShell and cmd write a quote inside quotes twice.
    const doubled = (): boolean => this.#shell !== 'bash' && this.#text.startsWith(mark + mark, this.#at);
    while (this.#at < this.#text.length && (this.#text[this.#at] !== mark || doubled())) {
      if (doubled()) this.#at++;
      const char = this.#text[this.#at] ?? '';
      const escapes = mark === '"' && char === CONTINUES[this.#shell] && this.#shell !== 'cmd';
      if (escapes && /["\\$`]/.test(this.#text[this.#at + 1] ?? '')) {
        this.#at++;
        this.#word += this.#text[this.#at] ?? '';
      } else {
        if (char === '\n' && (this.#shell === 'cmd' || this.#line - opened.line > 40)) break;
        if (char === '\n') this.#countLine();
        this.#word += mark === '"' ? (this.#variable() ?? char) : char;
      }
      this.#at++;
    }
    if (this.#text[this.#at] === mark) this.#at++;
    else this.#note('unclosed-quote', opened);
  }

  /** `$NAME`, `${NAME}`, `$env:NAME` or `%NAME%` that the script set; moves to its last character. Null: none, or not known. */
  #variable(): string | null {
    const pattern = this.#shell === 'cmd' ? /^%(\w{1,60})%/ : /^\$(?:\{(\w{1,60})\}|(\w{1,60}))/;
    const match = pattern.exec(this.#text.slice(this.#at, this.#at + 64));
    const value = match && this.#variables.get((match[1] ?? match[2] ?? '').toLowerCase());
    // `$NAME = value` sets it anew.
    const set =
      this.#shell === 'powershell' &&
      this.#words.length === 0 &&
      /^[ \t]*=[^=]/.test(this.#text.slice(this.#at + (match?.[0].length ?? 0), this.#at + 80));
    if (!match || set || value === undefined || value === null) return null;
    this.#at += match[0].length - 1;
    return value;
  }

  #separator(char: string): void {
    if (this.#shell === 'cmd' && char === ';') {
      this.#plain(char);
      return;
    }
    this.#endCommand();
    this.#at++;
  }

  #add(char: string): void {
    this.#begin();
    this.#word += char;
    this.#at++;
  }

  #begin(): void {
    this.#begun ??= this.#place();
  }

  #place(): Place {
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  #restOfLine(from: number): string {
    const end = this.#text.indexOf('\n', from);
    return this.#text.slice(from, Math.min(end < 0 ? this.#text.length : end, from + 2000));
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#endWord();
    this.#at = end < 0 ? this.#text.length : end;
  }

  #newline(): void {
    this.#endCommand();
    this.#countLine();
    this.#at++;
  }

  #countLine(): void {
    this.#line++;
    this.#lineStart = this.#at + 1;
  }

  #endWord(): void {
    if (!this.#begun) return;
    this.#words.push({ text: this.#word, quoted: this.#quoted, ...this.#begun, end: this.#place() });
    this.#count++;
    this.#word = '';
    this.#quoted = false;
    this.#begun = null;
  }

  #endCommand(): void {
    this.#endWord();
    if (this.#words.length > 0) {
      this.#remember(this.#words);
      this.commands.push({ words: this.#words });
    }
    this.#words = [];
  }

  /**
   * `NAME=value`, `set NAME=value`, `$NAME = "value"`: later words may use it. What stands further in than the first line is
   * done on a condition: the value before it counts.
   */
  #remember(words: readonly Word[]): void {
    const column = words[0]?.column ?? 1;
    this.#margin ??= column;
    if (column > this.#margin) return;
    const all = words.map((word) => word.text).join(' ');
    const match = /^(?:export |set |\$(?:env:)?)?(\w{1,60}) ?= ?(.{0,1000})$/i.exec(all);
    // A list or an expression is no plain text.
    if (match?.[1] !== undefined && !/^[[({@]/.test(match[2] ?? '')) this.#variables.set(match[1].toLowerCase(), match[2] ?? '');
  }

  #fault(kind: LexicalFault['kind']): void {
    this.#note(kind, this.#place());
  }

  #note(kind: LexicalFault['kind'], place: Place): void {
    if (this.faults.length >= 200) return;
    const line = this.#text.slice(this.#lineStart, this.#lineStart + 2000).split('\n')[0] ?? '';
    this.faults.push({ kind, ...place, text: line.trim().slice(0, 80) });
  }
}
