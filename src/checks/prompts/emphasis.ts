/** A stretch of prompt text and the attention weight it ends up with. */
interface Stretch {
  readonly text: string;
  readonly weight: number;
}

const STEP = 1.1;
const DEPTH = 20;
const NUMBER = /^\s*\+?(\d{0,3}(?:\.\d{0,4})?)\s*$/;

/**
 * Reads `(text)`, `(text:1.4)` and `[text]` as the A1111 family does; ComfyUI knows the first two
 * (webui-a1111-family.md §3.1, webui-comfyui-and-others.md A4). A backslash takes the meaning away.
 */
function stretches(prompt: string): Stretch[] {
  const out: { text: string; weight: number }[] = [];
  const open: { readonly sign: string; readonly first: number }[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') out.push({ text, weight: 1 });
    text = '';
  };
  const close = (first: number, factor: number): void => {
    for (const stretch of out.slice(first)) stretch.weight *= factor;
  };
  for (let at = 0; at < prompt.length; at++) {
    const sign = prompt.charAt(at);
    if (sign === '\\') text += prompt.charAt(++at);
    else if ((sign === '(' || sign === '[') && open.length < DEPTH) {
      flush();
      open.push({ sign, first: out.length });
    } else if (sign === ')' || sign === ']') {
      const colon = text.lastIndexOf(':');
      const given = sign === ')' && colon >= 0 ? NUMBER.exec(text.slice(colon + 1))?.[1] : undefined;
      if (given) text = text.slice(0, colon);
      flush();
      const mate = open.pop();
      if (mate) close(mate.first, mate.sign === '[' ? 1 / STEP : given ? Number(given) : STEP);
    } else text += sign;
  }
  flush();
  return out;
}

const PART =
  /\b(?:ears?|tails?|wings?|horns?|antlers?|arms?|hands?|fingers?|legs?|feet|paws?|claws?|eyes?|heads?|faces?|breasts?|fangs?|tentacles?)\b|[耳尾翅翼角手臂指腿脚爪眼头頭胸]/u;
const ENOUGH = 1.15;

/** Body parts among `words` that the prompt weights up or names more than once, with the sum of their weights. */
export function emphasisedParts(words: Iterable<string>, prompt: string): Map<string, number> {
  const parts = new Set([...words].map(plain).filter((word) => word.length <= 100 && PART.test(word)));
  const sums = new Map<string, number>();
  if (parts.size === 0) return sums;
  for (const { text, weight } of stretches(prompt)) {
    for (const piece of text.split(/[,，、\n]/)) {
      const word = plain(piece);
      if (parts.has(word)) sums.set(word, (sums.get(word) ?? 0) + weight);
    }
  }
  for (const [word, sum] of sums) if (sum < ENOUGH) sums.delete(word);
  return sums;
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[_\s]+/g, ' ')
    .trim();
}
