import { type Assignment, type Command, SCRIPT_LINE_LIMIT, type Script } from './script';

interface Word {
  readonly text: string;
  readonly dynamic: boolean;
  /** Where the first unquoted `=` stands behind a plain name; 0 when the word is no assignment. */
  readonly equals: number;
}

/**
 * A POSIX shell script, read statically: assignments (`export`, `+=`), quoting, comments, continuation lines, here-documents
 * skipped. `$(…)`, backticks and unknown variables make a value dynamic (reliability.md CF-16).
 */
export function readShell(text: string): Script {
  const assignments: Assignment[] = [];
  const commands: Command[] = [];
  const variables = new Map<string, string>();
  let depth = 0;
  for (const { words, line, guarded } of statements(text, variables)) {
    const first = words[0]?.text ?? '';
    if (/^(?:if|for|while|until|case)$/.test(first)) depth++;
    if (/^(?:fi|done|esac)$/.test(first)) depth = Math.max(0, depth - 1);
    const conditional = depth > 0 || guarded;
    const body = /^(?:export|declare|local|readonly|then|do|else|exec|env)$/.test(first) ? words.slice(1) : words;
    let at = 0;
    for (const word of body) {
      if (word.equals === 0 || (at > 0 && first !== 'export' && !isAssignmentBefore(body, at))) break;
      const assignment = toAssignment(word, line, conditional, variables);
      assignments.push(assignment);
      variables.set(assignment.name, assignment.value);
      at++;
    }
    const rest = body.slice(at);
    if (rest.length > 0) {
      commands.push({ words: rest.map((w) => w.text), line, dynamic: rest.some((w) => w.dynamic), conditional });
    }
  }
  return { assignments, commands };
}

function isAssignmentBefore(words: readonly Word[], at: number): boolean {
  return (words[at - 1]?.equals ?? 0) > 0;
}

function toAssignment(word: Word, line: number, conditional: boolean, variables: ReadonlyMap<string, string>): Assignment {
  const adds = word.text[word.equals - 1] === '+';
  const name = word.text.slice(0, adds ? word.equals - 1 : word.equals);
  const value = word.text.slice(word.equals + 1);
  const before = adds ? (variables.get(name) ?? '') : '';
  return { name, value: before + value, line, dynamic: word.dynamic, conditional };
}

interface Statement {
  readonly words: readonly Word[];
  readonly line: number;
  /** Stands behind `||`, or behind `&&` and something that may fail on purpose. */
  readonly guarded: boolean;
}

/** What start scripts chain with `&&` and expect to succeed. */
const PREPARES = /^(?:cd|pushd|source|\.|export|set|eval|echo|conda|clear)$/;

/** Cuts a script into simple commands of words. Linear: one pass over the characters. */
function* statements(text: string, variables: ReadonlyMap<string, string>): Generator<Statement> {
  let guarded = false;
  let line = 1;
  let words: Word[] = [];
  let startLine = 1;
  let hereDocument: string | null = null;
  let i = 0;
  while (i < text.length && line <= SCRIPT_LINE_LIMIT) {
    const char = text.charAt(i);
    if (char === '\n' || char === ';' || char === '&' || char === '|' || char === '(' || char === ')') {
      if (words.length > 0) yield { words, line: startLine, guarded };
      if ((char === '&' || char === '|') && text[i + 1] === char)
        guarded ||= char === '|' || !PREPARES.test(words[0]?.text ?? '');
      else if (words.length > 0 && (char === '\n' || char === ';')) guarded = false;
      words = [];
      if (char === '\n') {
        line++;
        if (hereDocument !== null) {
          const skipped = skipHereDocument(text, i + 1, hereDocument);
          line += skipped.lines;
          i = skipped.end;
          hereDocument = null;
          continue;
        }
      }
      i++;
    } else if (char === ' ' || char === '\t' || char === '\r') i++;
    else if (char === '\\' && /^\r?\n/.test(text.slice(i + 1, i + 3))) {
      i += text[i + 1] === '\r' ? 3 : 2;
      line++;
    } else if (char === '#') {
      const end = text.indexOf('\n', i);
      i = end < 0 ? text.length : end;
    } else if (text.startsWith('<<', i) && !text.startsWith('<<<', i)) {
      const tag = /^<<-?\s*["']?(\w+)/.exec(text.slice(i, i + 100));
      hereDocument = tag?.[1] ?? null;
      i += tag?.[0].length ?? 2;
    } else {
      if (words.length === 0) startLine = line;
      const read = readWord(text, i, variables);
      words.push(read.word);
      line += read.lines;
      i = read.end;
    }
  }
  if (words.length > 0) yield { words, line: startLine, guarded };
}

function skipHereDocument(text: string, from: number, tag: string): { end: number; lines: number } {
  let at = from;
  let lines = 0;
  while (at < text.length) {
    const end = text.indexOf('\n', at);
    const stop = end < 0 ? text.length : end;
    lines++;
    if (text.slice(at, stop).trim() === tag) return { end: Math.min(stop + 1, text.length), lines };
    at = stop + 1;
  }
  return { end: text.length, lines };
}

function readWord(
  text: string,
  from: number,
  variables: ReadonlyMap<string, string>,
): { word: Word; end: number; lines: number } {
  let out = '';
  let dynamic = false;
  let equals = 0;
  let quote = '';
  let lines = 0;
  let i = from;
  for (; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\n') lines++;
    if (quote === "'") {
      if (char === "'") quote = '';
      else out += char;
    } else if (char === '\\') {
      const next = text.charAt(i + 1);
      if (next === '\n') lines++;
      else out += quote === '"' && !'$`"\\'.includes(next) ? `\\${next}` : next;
      i++;
    } else if (char === '$' || char === '`') {
      const hole = readExpansion(text, i, variables);
      out += hole.value;
      dynamic ||= hole.dynamic;
      i = hole.end - 1;
    } else if (quote === '"') {
      if (char === '"') quote = '';
      else out += char;
    } else if (char === '"' || char === "'") quote = char;
    else if (' \t\r\n;&|()'.includes(char)) {
      if (char === '\n') lines--;
      break;
    } else {
      if (char === '=' && equals === 0 && /^[A-Za-z_]\w*\+?$/.test(out)) equals = out.length;
      out += char;
    }
  }
  return { word: { text: out, dynamic: dynamic || quote !== '', equals }, end: i, lines };
}

function readExpansion(
  text: string,
  at: number,
  variables: ReadonlyMap<string, string>,
): { value: string; dynamic: boolean; end: number } {
  if (text[at] === '`') {
    const end = text.indexOf('`', at + 1);
    return { value: '', dynamic: true, end: end < 0 ? text.length : end + 1 };
  }
  if (text[at + 1] === '(') return { value: '', dynamic: true, end: closing(text, at + 1) };
  if (/["']\$|\$[@*]/.test(text.slice(Math.max(0, at - 1), at + 2)) && '@*'.includes(text.charAt(at + 1))) {
    return { value: '', dynamic: false, end: at + 2 };
  }
  const match = /^\$(?:\{([A-Za-z_]\w*)([^}\n]{0,200})\}|([A-Za-z_]\w*))/.exec(text.slice(at, at + 300));
  if (!match) return { value: '$', dynamic: false, end: at + 1 };
  const known = variables.get(match[1] ?? match[3] ?? '');
  const plain = (match[2] ?? '') === '';
  return { value: known ?? '', dynamic: known === undefined || !plain, end: at + match[0].length };
}

function closing(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return i + 1;
  }
  return text.length;
}
