/** One request as people write it down: words for the picture, and words against. */
export interface PromptBlock {
  readonly positive: string;
  readonly negative: string;
  /** 1-based line where the block begins. */
  readonly line: number;
}

/** Labels that people put in front, in the two languages; the WebUI's own `Negative prompt:` is one of them. */
const LABEL =
  /^\s{0,20}(positive(?: prompt)?|prompt|正向提示词|正面提示词|提示词|negative(?: prompt)?|反向提示词|负向提示词|负面提示词)\s{0,4}[:：]/iu;
const NEGATIVE = /^(?:negative|反|负)/i;
const BLOCK_LIMIT = 200;

/**
 * Splits notes with labelled prompts (`positive: …`, `negative: …`) into requests. A new positive label begins a new one;
 * lines that begin with `#` before a label are remarks. Null when no positive label stands there: the text is one prompt
 * or an infotext. Linear in the length of the text.
 */
export function promptBlocks(text: string): PromptBlock[] | null {
  const out: { positive: string[]; negative: string[]; line: number }[] = [];
  let into: string[] | null = null;
  for (const [at, line] of text.replace(/\r\n?/g, '\n').split('\n').entries()) {
    const label = LABEL.exec(line);
    if (label) {
      const negative = NEGATIVE.test(label[1] ?? '');
      const last = out.at(-1);
      if (!negative) {
        if (out.length >= BLOCK_LIMIT) break;
        const block = { positive: [], negative: [], line: at + 1 };
        out.push(block);
        into = block.positive;
      } else if (last) into = last.negative;
      else return null;
      into.push(line.slice(label[0].length).trim());
    } else if (into === null) {
      if (line.trim() !== '' && !line.trimStart().startsWith('#')) return null;
    } else if (line.trim() === '') into = null;
    else into.push(line.trim());
  }
  if (out.length === 0) return null;
  return out.map(({ positive, negative, line }) => ({ positive: positive.join('\n'), negative: negative.join('\n'), line }));
}
