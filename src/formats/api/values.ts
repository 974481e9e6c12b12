import type { DictEntry, Expr } from './python-tree';

/** What the names of a script stand for, as far as the text tells. */
export class Values {
  readonly #types = new Map<string, Type>();
  readonly #values = new Map<string, Expr>();

  /** `webuiapi`: the module. `class`: `WebUIApi`. `client`, `result`: what calls gave. */
  setType(name: string, type: Type | null): void {
    if (type === null) this.#types.delete(name);
    else this.#types.set(name, type);
  }

  setValue(name: string, value: Expr): void {
    this.#values.set(name, value);
  }

  /** `name["key"] = value`. */
  addEntry(name: string, entry: DictEntry): void {
    const before = this.#values.get(name);
    if (before?.kind === 'dict') this.#values.set(name, { ...before, entries: [...before.entries, entry] });
  }

  typeOf(expr: Expr): Type | null {
    switch (expr.kind) {
      case 'name':
        return this.#types.get(expr.name) ?? null;
      case 'attribute': {
        const of = this.typeOf(expr.of);
        if (of === 'module' && expr.name === 'webuiapi') return 'module';
        return of === 'module' && expr.name === 'WebUIApi' ? 'class' : (this.#types.get(dottedName(expr) ?? '') ?? null);
      }
      case 'call':
        return this.#resultOf(expr);
      default:
        return null;
    }
  }

  #resultOf(expr: Extract<Expr, { kind: 'call' }>): Type | null {
    const callee = this.typeOf(expr.callee);
    if (callee === 'class') return 'client';
    if (expr.callee.kind !== 'attribute' || this.typeOf(expr.callee.of) !== 'client') return null;
    const later = expr.args.some((a) => a.name === 'use_async');
    return !later && GIVES_RESULT.has(expr.callee.name) ? 'result' : null;
  }

  /** The expression behind a name, followed a few steps. */
  resolve(expr: Expr, steps = 5): Expr {
    const value = expr.kind === 'name' && steps > 0 ? this.#values.get(expr.name) : undefined;
    return value ? this.resolve(value, steps - 1) : expr;
  }

  /** The texts that a list holds and that are written out. */
  texts(expr: Expr | undefined): string[] {
    const value = expr === undefined ? expr : this.resolve(expr);
    const parts = value?.kind === 'other' ? value.parts.slice(0, 50).map((part) => this.resolve(part)) : [];
    return parts.flatMap((part) => (part.kind === 'string' && !part.computed ? [part.text] : []));
  }

  /** Text of an expression as far as it is written out; null when it is no text at all. */
  text(expr: Expr): { readonly text: string; readonly computed: boolean } | null {
    const value = this.resolve(expr);
    if (value.kind === 'string') return { text: value.text, computed: value.computed };
    if (value.kind !== 'other') return null;
    const parts = value.parts.slice(0, 50).map((p) => {
      const resolved = this.resolve(p);
      return resolved.kind === 'string' ? { text: resolved.text, computed: resolved.computed } : null;
    });
    if (!parts.some((p) => p !== null)) return null;
    return { text: parts.map((p) => p?.text ?? '').join(''), computed: parts.some((p) => p === null || p.computed) };
  }
}

/** `self.api` as one name: attributes of objects are remembered like variables. */
export function dottedName(expr: Expr): string | null {
  if (expr.kind === 'name') return expr.name;
  if (expr.kind !== 'attribute') return null;
  const of = dottedName(expr.of);
  return of === null ? null : `${of}.${expr.name}`;
}

export type Type = 'module' | 'class' | 'client' | 'result';

const GIVES_RESULT = new Set(['txt2img', 'img2img', 'extra_single_image', 'extra_batch_images', 'png_info', 'interrogate']);
