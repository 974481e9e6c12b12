import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Json } from '../../facts/value';
import { suggest } from './suggest';

/** What is wrong in a rule file, where, and what to write instead. */
export interface RuleError {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Longest rule file we read, in bytes: a rule is a page, not a book. */
export const MAX_RULE_BYTES = 64 * 1024;

/**
 * A YAML document that remembers where everything stands. Taking something that is not there, or of another type, records
 * an error with line and column and goes on, so that one run shows all errors of a file.
 */
export class YamlFile {
  readonly file: string;
  readonly errors: RuleError[] = [];
  readonly root: Node | null;
  readonly #lines = new LineCounter();

  constructor(file: string, source: string) {
    this.file = file;
    if (source.length > MAX_RULE_BYTES) {
      this.root = null;
      this.errors.push({ file, line: 1, column: 1, message: `longer than ${MAX_RULE_BYTES} bytes` });
      return;
    }
    const document = parseDocument(source, {
      lineCounter: this.#lines,
      version: '1.2',
      schema: 'core',
      uniqueKeys: true,
      prettyErrors: false,
    });
    for (const e of document.errors) this.#push(e.pos[0], e.message);
    visit(document, (_key, node) => {
      if (isAlias(node) || (node && typeof node === 'object' && 'anchor' in node && node.anchor))
        this.at(node as Node, 'anchors and aliases are not allowed');
    });
    this.root = document.contents;
  }

  at(node: Node | null | undefined, message: string): void {
    this.#push(node?.range?.[0] ?? 0, message);
  }

  #push(offset: number, message: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.errors.push({ file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), message });
  }

  /** A mapping as key → node. Keys outside of `allowed` are errors with a suggestion; `required` ones must be there. */
  map(
    node: Node | null | undefined,
    what: string,
    allowed: readonly string[] | null,
    required: readonly string[] = [],
  ): Map<string, Node> {
    const result = new Map<string, Node>();
    if (!isMap(node)) {
      this.at(node, `${what} must be a mapping`);
      return result;
    }
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      if (allowed && !allowed.includes(key)) {
        const near = suggest(key, allowed);
        this.at(
          pair.key as Node,
          `${what} has no field "${key}"${near ? `; did you mean "${near}"?` : `; it has ${allowed.join(', ')}`}`,
        );
      } else result.set(key, pair.value as Node);
    }
    for (const key of required) if (!result.has(key)) this.at(node, `${what} lacks "${key}"`);
    return result;
  }

  /** Position of a key within a mapping, for errors about the key itself. */
  keyNode(node: Node | null | undefined, key: string): Node | undefined {
    if (!isMap(node)) return undefined;
    return node.items.find((p) => isScalar(p.key) && String(p.key.value) === key)?.key as Node | undefined;
  }

  list(node: Node | null | undefined, what: string): Node[] {
    if (!isSeq(node)) {
      this.at(node, `${what} must be a list`);
      return [];
    }
    return node.items as Node[];
  }

  text(node: Node | null | undefined, what: string): string {
    if (isScalar(node) && typeof node.value === 'string') return node.value;
    const hint = isScalar(node) && (typeof node.value === 'number' || typeof node.value === 'boolean') ? '; quote it' : '';
    this.at(node, `${what} must be a text${hint}`);
    return '';
  }

  word<T extends string>(node: Node | null | undefined, what: string, words: readonly T[]): T {
    const word = this.text(node, what);
    if ((words as readonly string[]).includes(word)) return word as T;
    const near = suggest(word, words);
    if (word !== '')
      this.at(node, `${what} "${word}" is not known${near ? `; did you mean "${near}"?` : `; known: ${words.join(', ')}`}`);
    return words[0] as T;
  }

  /** Text in both languages. A missing one is an error. */
  bilingual(node: Node | null | undefined, what: string): { en: string; zh: string } {
    const map = this.map(node, what, ['en', 'zh'], ['en', 'zh']);
    return {
      en: map.has('en') ? this.text(map.get('en'), `${what}.en`) : '',
      zh: map.has('zh') ? this.text(map.get('zh'), `${what}.zh`) : '',
    };
  }

  json(node: Node | null | undefined): Json {
    if (isScalar(node)) return (node.value ?? null) as Json;
    if (isSeq(node)) return (node.items as Node[]).map((n) => this.json(n));
    if (isMap(node))
      return Object.fromEntries(node.items.map((p) => [isScalar(p.key) ? String(p.key.value) : '', this.json(p.value as Node)]));
    return null;
  }

  isMap(node: Node | null | undefined): boolean {
    return isMap(node);
  }

  isList(node: Node | null | undefined): boolean {
    return isSeq(node);
  }

  /** The only key of a mapping with exactly one. */
  onlyKey(node: Node | null | undefined): { key: string; keyNode: Node; value: Node } | undefined {
    if (!isMap(node) || node.items.length !== 1) return undefined;
    const pair = node.items[0];
    if (!pair || !isScalar(pair.key)) return undefined;
    return { key: String(pair.key.value), keyNode: pair.key as Node, value: pair.value as Node };
  }
}
