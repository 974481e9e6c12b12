/** Something stands behind the name of a frame, or behind the head of a traceback: line breaks were lost. */
const FLAT = /File "[^"]{1,300}", line \d{1,9}, in \S{1,200} {1,400}\S|Traceback \(most recent call last\): {0,9}\S/;
const HEAD = / {0,400}(Traceback \(most recent call last\):) {0,400}/g;
const FRAME = / {0,400}(File "[^"]{1,300}", line \d{1,9}(?:, in [^\s"]{1,200})?) {0,400}/g;
const EXCEPTION = / {1,400}((?:[a-z_]\w{0,60}\.){0,8}(?:[A-Z]\w{0,80})?(?:Error|Exception|Interrupt): )/g;
/** Longer lines are no tracebacks that a form or a messenger put into one line. */
const LONGEST = 32_768;

/** The lines of a traceback that was pasted as one line; null for any other line. */
export function unflattened(line: string): string[] | null {
  if (line.length > LONGEST || !FLAT.test(line)) return null;
  return line
    .replace(HEAD, '\n$1\n')
    .replace(FRAME, '\n  $1\n    ')
    .replace(EXCEPTION, '\n$1')
    .split('\n')
    .filter((part) => part.trim() !== '');
}
