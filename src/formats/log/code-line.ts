/**
 * An indented line of Python source, as tracebacks echo it: it holds message texts that were never printed. Also the argument
 * dump of A1111 (`*** Arguments: (…)`), which holds the prompt.
 */
export function isCode(body: string): boolean {
  if (body.startsWith('Arguments: (')) return true;
  const first = body.charCodeAt(0);
  if (first === 0x2502) return true; // inside a box of rich
  if (first !== 0x20 && first !== 9) return false;
  return CODE.test(body.length > 400 ? body.slice(0, 400) : body);
}

const CODE =
  /^\s{2,200}(?:(?:raise|assert|return|if|elif|for|with|except|await|print|self|logging|logger|log|warnings|errors)\b[ .(]|[A-Za-z_][\w.]{0,80} ?(?:=|\+=) \S|[A-Za-z_][\w.]{0,80}\()/;
