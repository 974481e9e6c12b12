import { pythonTokens, type Token } from './python-tokens';

/** As much of an expression as is needed to see who calls what with which arguments. */
export type Expr =
  | { readonly kind: 'name'; readonly name: string; readonly line: number }
  | { readonly kind: 'string'; readonly text: string; readonly computed: boolean; readonly line: number }
  | { readonly kind: 'literal'; readonly text: string; readonly line: number }
  | { readonly kind: 'dict'; readonly entries: readonly DictEntry[]; readonly line: number }
  | { readonly kind: 'attribute'; readonly of: Expr; readonly name: string; readonly line: number }
  | { readonly kind: 'item'; readonly of: Expr; readonly index: Expr; readonly line: number }
  | { readonly kind: 'call'; readonly callee: Expr; readonly args: readonly Argument[]; readonly line: number }
  | { readonly kind: 'other'; readonly parts: readonly Expr[]; readonly line: number };

export interface DictEntry {
  /** Null for a key that is no plain text, and for `**other`. */
  readonly key: string | null;
  readonly value: Expr;
  readonly line: number;
}

export interface Argument {
  /** Null for a positional one. */
  readonly name: string | null;
  readonly value: Expr;
  readonly line: number;
}

export type Statement =
  | { readonly kind: 'import'; readonly module: string; readonly name: string | null; readonly as: string; readonly line: number }
  | { readonly kind: 'assign'; readonly target: Expr; readonly value: Expr; readonly line: number }
  | { readonly kind: 'expression'; readonly value: Expr; readonly line: number };

const DEPTH_LIMIT = 60;
const CONSTANTS = new Set(['True', 'False', 'None']);
/** Words that only surround expressions. `await` yields what the call gives later. */
const KEYWORDS = new Set(
  'return await async for in if elif else while with as not and or is lambda yield del assert raise try except finally def class global nonlocal pass break continue print'.split(
    ' ',
  ),
);
KEYWORDS.delete('print');

/** Statements of a Python script, in the order of the text. Blocks are flattened: what stands in a function counts as well. */
export function pythonStatements(source: string): Statement[] {
  const reader = new Reader(pythonTokens(source));
  const out: Statement[] = [];
  while (!reader.atEnd()) out.push(...reader.statement());
  return out;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #is(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token !== undefined && token.kind !== 'string' && token.text === text && token.kind !== 'newline';
  }

  statement(): Statement[] {
    const first = this.#peek();
    if (!first || first.kind === 'newline' || this.#is(';') || this.#is(':')) {
      this.#at++;
      return [];
    }
    if (first.kind === 'name' && first.text === 'import') return this.#import();
    if (first.kind === 'name' && first.text === 'from') return this.#from();
    const before = this.#at;
    const target = this.#expression(0);
    if (this.#is('=')) {
      this.#at++;
      const value = this.#expression(0);
      return [{ kind: 'assign', target, value, line: first.line }];
    }
    // Something that ends no expression (a stray bracket): step over it.
    if (this.#at === before || this.#is(',') || this.#is(')') || this.#is(']') || this.#is('}')) this.#at++;
    return [{ kind: 'expression', value: target, line: first.line }];
  }

  #import(): Statement[] {
    this.#at++;
    const out: Statement[] = [];
    for (;;) {
      const { name, line } = this.#dotted();
      if (name === '') return out;
      const as = this.#alias() ?? name.split('.')[0] ?? name;
      out.push({ kind: 'import', module: name, name: null, as, line });
      if (!this.#is(',')) return out;
      this.#at++;
    }
  }

  #from(): Statement[] {
    this.#at++;
    const { name: module } = this.#dotted();
    if (!this.#is('import')) return [];
    this.#at++;
    const out: Statement[] = [];
    if (this.#is('(')) this.#at++;
    for (;;) {
      const token = this.#peek();
      if (!token || (token.kind !== 'name' && token.text !== '*')) break;
      this.#at++;
      out.push({ kind: 'import', module, name: token.text, as: this.#alias() ?? token.text, line: token.line });
      if (!this.#is(',')) break;
      this.#at++;
    }
    if (this.#is(')')) this.#at++;
    return out;
  }

  #alias(): string | null {
    if (!this.#is('as')) return null;
    const token = this.#peek(1);
    if (token?.kind !== 'name') return null;
    this.#at += 2;
    return token.text;
  }

  #dotted(): { name: string; line: number } {
    let name = '';
    const line = this.#peek()?.line ?? 0;
    while (this.#peek()?.kind === 'name' && !this.#is('import')) {
      name += this.#peek()?.text ?? '';
      this.#at++;
      if (!this.#is('.')) break;
      name += '.';
      this.#at++;
    }
    return { name, line };
  }

  /** Up to a comma, a closing bracket, `=`, a colon or the end of the statement. Operators are passed over. */
  #expression(depth: number): Expr {
    const line = this.#peek()?.line ?? 0;
    const parts: Expr[] = [];
    for (;;) {
      const token = this.#peek();
      if (!token || token.kind === 'newline') break;
      if (token.kind === 'op' && [',', ')', ']', '}', '=', ':', ';'].includes(token.text)) break;
      if (token.kind === 'op' && !'([{'.includes(token.text)) this.#at++;
      else if (token.kind === 'name' && KEYWORDS.has(token.text)) {
        this.#at++;
        // Not a value of the call's own type: nothing is claimed of it.
        if (token.text === 'await') parts.push({ kind: 'other', parts: [], line: token.line });
      } else parts.push(this.#chain(depth));
    }
    const [only] = parts;
    return parts.length === 1 && only ? only : { kind: 'other', parts, line };
  }

  #chain(depth: number): Expr {
    let expr = this.#primary(depth);
    for (;;) {
      const line = this.#peek()?.line ?? 0;
      const name = this.#peek(1);
      if (this.#is('.') && name?.kind === 'name') {
        this.#at += 2;
        expr = { kind: 'attribute', of: expr, name: name.text, line: name.line };
      } else if (this.#is('(')) expr = { kind: 'call', callee: expr, args: this.#arguments(depth + 1, ')'), line };
      else if (this.#is('[')) {
        const [index] = this.#arguments(depth + 1, ']');
        expr = { kind: 'item', of: expr, index: index?.value ?? { kind: 'other', parts: [], line }, line };
      } else return expr;
    }
  }

  #primary(depth: number): Expr {
    const token = this.#peek();
    if (!token) return { kind: 'other', parts: [], line: 0 };
    const { line } = token;
    if (token.kind === 'string') {
      this.#at++;
      return { kind: 'string', text: token.text, computed: token.computed, line };
    }
    if (token.kind === 'name' || token.kind === 'number') {
      this.#at++;
      const literal = token.kind === 'number' || CONSTANTS.has(token.text);
      return literal ? { kind: 'literal', text: token.text, line } : { kind: 'name', name: token.text, line };
    }
    if (token.text === '{') return { kind: 'dict', entries: this.#dict(depth + 1), line };
    const close = token.text === '(' ? ')' : ']';
    return { kind: 'other', parts: this.#arguments(depth + 1, close).map((a) => a.value), line };
  }

  #arguments(depth: number, close: string): Argument[] {
    this.#at++;
    const out: Argument[] = [];
    while (!this.atEnd() && !this.#is(close)) {
      const before = this.#at;
      const token = this.#peek();
      const named = token?.kind === 'name' && this.#is('=', 1);
      if (named) this.#at += 2;
      if (depth > DEPTH_LIMIT) this.#at++;
      else out.push({ name: named ? token.text : null, value: this.#expression(depth), line: token?.line ?? 0 });
      if (this.#is(',') || this.#is(':') || this.#is('=')) this.#at++;
      else if (this.#at === before || (!this.#is(close) && this.#closes())) this.#at++;
    }
    this.#at++;
    return out;
  }

  #closes(): boolean {
    return this.#is(')') || this.#is(']') || this.#is('}');
  }

  #dict(depth: number): DictEntry[] {
    this.#at++;
    const out: DictEntry[] = [];
    while (!this.atEnd() && !this.#is('}')) {
      const before = this.#at;
      if (depth > DEPTH_LIMIT) {
        this.#at++;
        continue;
      }
      const line = this.#peek()?.line ?? 0;
      const key = this.#expression(depth);
      if (this.#is(':')) {
        this.#at++;
        out.push({ key: key.kind === 'string' && !key.computed ? key.text : null, value: this.#expression(depth), line });
      } else out.push({ key: null, value: key, line });
      if (this.#is(',')) this.#at++;
      else if (this.#at === before || (!this.#is('}') && this.#closes()) || this.#is('=')) this.#at++;
    }
    this.#at++;
    return out;
  }
}
