/** Names in `{…}` of a text: facts (`lora.family`) or parts of the log line that opened the gate (`hit.line`, `hit.<capture>`). */
export function placeholders(template: string): string[] {
  return [...template.matchAll(/\{([a-z][a-zA-Z0-9.]*)\}/g)].map((m) => m[1] ?? '');
}

export function fill(template: string, value: (name: string) => string): string {
  return template.replace(/\{([a-z][a-zA-Z0-9.]*)\}/g, (_all, name: string) => value(name));
}

/** Parts of a hit that every signal has. */
export const HIT_PARTS = ['line', 'text', 'count', 'total', 'path'] as const;
