import { RE2JS } from 're2js';
import type { Ui } from '../../facts/families';
import { type AnchorSet, compileAnchors } from './anchors';
import type { Signature, SignatureFile } from './signature-schema';

/** One compiled wording. */
export interface CompiledSignature {
  readonly id: string;
  readonly signal: string;
  readonly ui?: readonly Ui[];
  readonly flood: boolean;
  readonly failure: boolean;
  /** The captures when the pattern is found in the line, else null. Values are cut at 300 characters. */
  match(line: string): Record<string, string> | null;
}

/** All wordings, ready to be looked for. Ids in `anchors` are indexes of `list`, or one of the `MARK` ids. */
export interface CompiledSignatures {
  readonly list: readonly CompiledSignature[];
  readonly anchors: AnchorSet;
}

/** Literals that the reader itself needs to know of; ids below zero, so that they never meet a signature's. */
export const MARK = { traceback: -1, frame: -2, rich: -3 } as const;

/** Longest part of a line that a pattern is tried on; the literals are looked for in the whole line. */
const PATTERN_WINDOW = 8192;
const CAPTURE_LIMIT = 300;

/**
 * Makes validated signature files ready. Patterns are compiled when their literal is first seen, because compiling all takes
 * longer than reading most logs; `eager` (build, tests) compiles them at once.
 * Throws `Error` with the signature's id for an id used twice and, when eager, for a bad pattern.
 */
export function compileSignatures(files: readonly SignatureFile[], eager = false): CompiledSignatures {
  const signatures = files.flatMap((file) => file.signatures);
  const literals: { text: string; id: number }[] = [
    { text: 'Traceback (most recent call last)', id: MARK.traceback },
    { text: 'File "', id: MARK.frame },
    { text: '.py:', id: MARK.rich },
  ];
  const ids = new Set<string>();
  const list = signatures.map((signature, index) => {
    if (ids.has(signature.id)) throw new Error(`signature ${signature.id} is declared twice`);
    ids.add(signature.id);
    for (const text of signature.anchors ?? [signature.anchor ?? '']) literals.push({ text, id: index });
    if (eager) compilePattern(signature);
    return compileOne(signature);
  });
  return { list, anchors: eager ? compileAnchors(literals) : whenScanned(literals) };
}

/** The automaton is built for the first log: many installs have none. */
function whenScanned(literals: Parameters<typeof compileAnchors>[0]): AnchorSet {
  let built: AnchorSet | undefined;
  return {
    scan(text, from, to, into) {
      built ??= compileAnchors(literals);
      return built.scan(text, from, to, into);
    },
  };
}

function compileOne(signature: Signature): CompiledSignature {
  let pattern: RE2JS | undefined;
  let names: readonly string[] = [];
  const quiet = signature.kind === 'info' || /^(?:session|noise)-/.test(signature.signal);
  return {
    id: signature.id,
    signal: signature.signal,
    ...(signature.ui ? { ui: signature.ui } : {}),
    flood: signature.flood === true,
    failure: !quiet,
    match(line) {
      if (!pattern) {
        pattern = compilePattern(signature);
        names = Object.keys(pattern.namedGroups());
      }
      const matcher = pattern.matcher(line.length > PATTERN_WINDOW ? line.slice(0, PATTERN_WINDOW) : line);
      if (!matcher.find()) return null;
      const captures: Record<string, string> = {};
      for (const name of names) {
        const value: string | null | undefined = matcher.group(name);
        if (value) captures[name] = value.length > CAPTURE_LIMIT ? value.slice(0, CAPTURE_LIMIT) : value;
      }
      return captures;
    },
  };
}

function compilePattern(signature: Signature): RE2JS {
  try {
    return RE2JS.compile(signature.pattern);
  } catch (error) {
    throw new Error(`signature ${signature.id}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
