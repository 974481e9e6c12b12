import { type Assignment, type Command, SCRIPT_LINE_LIMIT, type Script } from './script';

interface Piece {
  readonly text: string;
  readonly conditional: boolean;
}

/**
 * A Windows batch file: `set` in all its spellings, `^` continuation and escape, `%VAR%` and `%~dp0`, `rem`, `::`, labels,
 * `&`-chains. A variable nobody set in this file may exist in the user's environment: its value is left out and the result
 * marked dynamic. webui-a1111-family.md §2.3; reliability.md CF-12…CF-15.
 *
 * @param folder the folder of the script, for `%~dp0` (given with a trailing separator by cmd).
 */
export function readBatch(text: string, folder = ''): Script {
  const assignments: Assignment[] = [];
  const commands: Command[] = [];
  const variables = new Map<string, string>();
  let depth = 0;
  for (const { raw, line } of logicalLines(text)) {
    const bare = raw.replace(/^[\s@]+/, '');
    if (isComment(bare)) continue;
    for (const piece of split(bare)) {
      const conditional = piece.conditional || depth > 0;
      const { value, dynamic } = expand(piece.text, variables, folder);
      const set = readSet(value);
      if (set) {
        const assignment = { ...set, line, dynamic: dynamic || set.dynamic, conditional };
        assignments.push(assignment);
        variables.set(set.name.toLowerCase(), set.value);
      } else {
        const words = splitWindows(unescapeCarets(value));
        if (words.length > 0) commands.push({ words, line, dynamic, conditional });
      }
    }
    depth = Math.max(0, depth + blockChange(bare));
  }
  return { assignments, commands };
}

function isComment(bare: string): boolean {
  return bare === '' || bare.startsWith(':') || /^rem(?:[\s.;,=(]|$)/i.test(bare);
}

/** Physical lines joined where the last character is an unescaped caret. A Ctrl-Z ends the file. */
function* logicalLines(text: string): Generator<{ raw: string; line: number }> {
  const eof = text.indexOf('\u001a');
  const lines = (eof < 0 ? text : text.slice(0, eof)).split(/\r?\n/, SCRIPT_LINE_LIMIT);
  for (let i = 0; i < lines.length; i++) {
    const line = i + 1;
    let raw = lines[i] ?? '';
    while (endsInCaret(raw) && i + 1 < lines.length) {
      i++;
      raw = raw.slice(0, -1) + (lines[i] ?? '');
    }
    yield { raw, line };
  }
}

function endsInCaret(raw: string): boolean {
  let carets = 0;
  for (let i = raw.length - 1; i >= 0 && raw[i] === '^'; i--) carets++;
  return carets % 2 === 1;
}

/** Commands of one line: cut at unquoted `&` and `|`; what stands behind `if` or `for … do` or after `&&`/`||` is conditional. */
function split(line: string): Piece[] {
  const pieces: Piece[] = [];
  let quoted = false;
  let start = 0;
  let conditional = false;
  const push = (end: number) => {
    const text = line
      .slice(start, end)
      .replace(/^[\s@()]+/, '')
      .trimStart();
    const behindIf = /^(?:if|for|else)\b/i.test(text);
    if (behindIf) conditional = true;
    const inner = behindIf ? guarded(text) : text;
    if (inner.trim() !== '') pieces.push({ text: inner, conditional });
  };
  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    if (char === '"') quoted = !quoted;
    else if (char === '^' && !quoted) i++;
    else if (!quoted && (char === '&' || char === '|')) {
      push(i);
      const doubled = line[i + 1] === char;
      if (doubled) {
        conditional = true;
        i++;
      }
      start = i + 1;
    }
  }
  push(line.length);
  return pieces;
}

/** The command behind an `if`/`for`: from the first word that sets, calls or runs something. Empty when there is none. */
function guarded(text: string): string {
  const at = text.search(/(?:^|[\s(])(?:set|call|start|python\S*|\S*python(?:w)?\.exe)\s/i);
  return at < 0 ? '' : text.slice(at).replace(/^[\s(]+/, '');
}

function blockChange(line: string): number {
  let change = 0;
  let quoted = false;
  for (const char of line) {
    if (char === '"') quoted = !quoted;
    else if (!quoted && char === '(') change++;
    else if (!quoted && char === ')') change--;
  }
  return change;
}

function readSet(text: string): { name: string; value: string; dynamic: boolean } | null {
  const match = /^set\s+(.*)$/i.exec(text);
  const rest = match?.[1]?.trimStart();
  if (rest === undefined) return null;
  if (/^\/[ap]\b/i.test(rest)) {
    const name = /^\/[ap]\s+"?([^=\s"]+)/i.exec(rest)?.[1];
    return name ? { name, value: '', dynamic: true } : null;
  }
  const body = rest.startsWith('"')
    ? rest.slice(1, Math.max(1, rest.lastIndexOf('"') > 0 ? rest.lastIndexOf('"') : rest.length))
    : unescapeCarets(rest);
  const equals = body.indexOf('=');
  if (equals < 1) return null;
  return { name: body.slice(0, equals).trim(), value: body.slice(equals + 1), dynamic: false };
}

/** `^x` → `x` outside of double quotes. */
function unescapeCarets(text: string): string {
  if (!text.includes('^')) return text;
  let out = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '"') quoted = !quoted;
    if (char === '^' && !quoted) {
      i++;
      out += text.charAt(i);
    } else out += char;
  }
  return out;
}

function expand(text: string, variables: ReadonlyMap<string, string>, folder: string): { value: string; dynamic: boolean } {
  let dynamic = /![A-Za-z_][\w]*!/.test(text);
  const value = text.replace(/%%|%~?[a-z]*0|%\*|%[1-9]|%([^%\s]+)%/gi, (whole: string, name: string | undefined) => {
    if (whole === '%%') return '%';
    if (/^%~[a-z]*0$/i.test(whole)) return folder;
    if (name === undefined) return '';
    const plain = name.split(':')[0] ?? name;
    const known = variables.get(plain.toLowerCase());
    if (plain.toLowerCase() === 'cd' && folder !== '') return folder;
    if (known === undefined || plain !== name) dynamic = true;
    return known ?? '';
  });
  return { value, dynamic };
}

/** The C runtime's rules: quotes group, a backslash is literal unless it stands before a quote. */
export function splitWindows(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\') {
      let count = 1;
      while (text[i + count] === '\\') count++;
      const beforeQuote = text[i + count] === '"';
      word = (word ?? '') + '\\'.repeat(beforeQuote ? count >> 1 : count);
      i += count - 1;
      if (beforeQuote && count % 2 === 1) {
        word += '"';
        i++;
      }
    } else if (char === '"') {
      quoted = !quoted;
      word ??= '';
    } else if (!quoted && (char === ' ' || char === '\t')) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + char;
  }
  if (word !== null) words.push(word);
  return words;
}
