/** SwarmUI's `.fds` text: indented `key: value` lines (webui-comfyui-and-others.md Part E). Keys of inner sections are joined with `.`. */
export function readFds(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const path: { indent: number; key: string }[] = [];
  for (const raw of text.split(/\r?\n/, 20_000)) {
    const body = raw.trimStart();
    if (body === '' || body.startsWith('#')) continue;
    const indent = raw.length - body.length;
    const colon = body.indexOf(':');
    if (colon < 1) continue;
    while ((path.at(-1)?.indent ?? -1) >= indent) path.pop();
    const key = body.slice(0, colon).trim();
    const value = body.slice(colon + 1).trim();
    const full = [...path.map((p) => p.key), key].join('.');
    if (value === '') path.push({ indent, key });
    else values.set(full, unescapeFds(value));
  }
  return values;
}

/** `\x` is an empty value, `\s` a blank, `\d` a dot, `\c` a colon, `\e` an equals sign, `\n` a line break, `\\` a backslash. */
function unescapeFds(value: string): string {
  const named: { readonly [code: string]: string } = {
    x: '',
    s: ' ',
    d: '.',
    c: ':',
    e: '=',
    n: '\n',
    t: '\t',
    r: '\r',
    '\\': '\\',
  };
  return value.replace(/\\(.)/g, (whole, code: string) => named[code] ?? whole);
}
