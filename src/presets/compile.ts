import { LineCounter, parseDocument } from 'yaml';
import { type Book, presetFile } from './schema';

export interface PresetError {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** YAML files of `rules/presets/` → the book of presets, or every error with its place. Ids must be unique. */
export function compilePresets(files: readonly { readonly file: string; readonly text: string }[]): {
  book: Book;
  errors: PresetError[];
} {
  const book: Book = { presets: [], limits: [], speeds: [], recipe: [], programs: [] };
  const errors: PresetError[] = [];
  for (const { file, text } of files) {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    const place = (offset: number) => {
      const { line, col } = lines.linePos(offset);
      return { file, line, column: col };
    };
    for (const error of document.errors) errors.push({ ...place(error.pos[0]), message: error.message });
    if (document.errors.length > 0) continue;
    const parsed = presetFile.safeParse(document.toJS({ maxAliasCount: 2000 }));
    if (parsed.success) {
      book.presets.push(...parsed.data.presets);
      book.limits.push(...parsed.data.limits);
      book.speeds.push(...parsed.data.speeds);
      book.recipe.push(...parsed.data.recipe);
      book.programs.push(...parsed.data.programs);
      continue;
    }
    for (const issue of parsed.error.issues) {
      const where = issue.path.map(String).join('.');
      errors.push({ ...place(offsetOf(document, issue.path)), message: `${where}: ${issue.message}` });
    }
  }
  const seen = new Set<string>();
  for (const { id } of [...book.presets, ...book.limits]) {
    if (seen.has(id)) errors.push({ file: 'presets', line: 1, column: 1, message: `the id ${id} exists twice` });
    seen.add(id);
  }
  return { book, errors };
}

/** Where the deepest existing part of a path stands. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return Number(node.range[0]);
  }
  return 0;
}
