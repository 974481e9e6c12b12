import { excerpt, type ProblemKind, type TagProblem } from './tag';

/** `lora` or `lyco` as a word of its own, in any case and width, followed by a colon of any width. */
const MENTION = /(?<![\p{L}\p{N}_])(?:lora|lyco|locon|ｌｏｒａ)\s{0,3}[:：﹕∶]/giu;
const OPENERS: ReadonlyMap<string, ProblemKind> = new Map([
  ['(', 'wrong-brackets'],
  ['[', 'wrong-brackets'],
  ['{', 'wrong-brackets'],
  ['（', 'wrong-brackets'],
  ['【', 'wrong-brackets'],
  ['《', 'wrong-brackets'],
  ['〈', 'wrong-brackets'],
  ['＜', 'wrong-brackets'],
  ['‹', 'wrong-brackets'],
  ['«', 'wrong-brackets'],
]);
const PROBLEM_LIMIT = 200;

/**
 * Looks for text that was meant as a LoRA tag but is none: other brackets, full-width signs, a missing `>`, HTML
 * escapes, stray blanks (webui-a1111-family.md §3.1). `text` is a prompt; real tags in it are skipped by `isTag`.
 */
export function lookalikes(text: string, isTag: (at: number) => boolean): TagProblem[] {
  const out: TagProblem[] = [];
  for (const match of text.matchAll(MENTION)) {
    if (out.length >= PROBLEM_LIMIT) break;
    const problem = classify(text, match.index, match[0], isTag);
    if (problem) out.push(problem);
  }
  return out;
}

function classify(text: string, word: number, mention: string, isTag: (at: number) => boolean): TagProblem | null {
  let before = word - 1;
  while (before >= 0 && word - before <= 4 && /\s/.test(text.charAt(before))) before--;
  const opener = text.charAt(before);
  const colonEnd = word + mention.length;
  if (opener === '<') {
    if (isTag(before)) return null;
    return { kind: behindAngle(text, before, word, mention), text: piece(text, before), at: before };
  }
  if (text.slice(Math.max(0, word - 4), word).toLowerCase() === '&lt;') {
    return { kind: 'html-escaped', text: piece(text, word - 4), at: word - 4 };
  }
  // A name must follow; `lora: a style` in prose has a blank there.
  if (!/^[\p{L}\p{N}_]/u.test(text.slice(colonEnd, colonEnd + 2))) return null;
  // `(lora:1.2)` only stresses the word.
  if (/^[\d.]+\s*[)\]}）】]/.test(text.slice(colonEnd, colonEnd + 40))) return null;
  const bracket = OPENERS.get(opener);
  if (bracket) return { kind: bracket, text: piece(text, before), at: before };
  const weighted = /^[^\s:：,<>]{1,200}[:：]\s?[+-]?[\d.]/u.test(text.slice(colonEnd, colonEnd + 220));
  return weighted ? { kind: 'wrong-brackets', text: piece(text, word), at: word } : null;
}

/** `<` stands in front, but the program saw no tag there. */
function behindAngle(text: string, open: number, word: number, mention: string): ProblemKind {
  if (!mention.endsWith(':')) return 'full-width-colon';
  if (word > open + 1 || /\s/.test(mention)) return 'space-in-tag';
  const close = text.slice(open + 1, open + 300).search(/[<>]/);
  if (close < 0 || text.charAt(open + 1 + close) === '<') return 'missing-close';
  return 'missing-name';
}

/** From the opener to its end: a closing sign, a comma after the weight, or a line end. */
function piece(text: string, at: number): string {
  const rest = text.slice(at, at + 200);
  const end = rest.slice(1).search(/[>)\]}）】》〉＞›»\n]|&gt;/);
  if (end >= 0) return excerpt(rest.slice(0, end + (rest.startsWith('&gt;', end + 1) ? 5 : 2)));
  const blank = rest.slice(1).search(/[\s,，]/);
  return excerpt(blank < 0 ? rest : rest.slice(0, blank + 1));
}
