import { readConfigToml } from './config-files';
import type { Change, Corrected } from './correct';
import { neededRemedies, type Remedy } from './remedies';
import { readToml } from './toml';

/**
 * The same for a `--config_file`: backslashes in single quotes, then options that stop the run. A file does not tell its script,
 * so nothing is advised. Null: no option of a trainer.
 */
export function correctToml(original: string): Corrected | null {
  const changes: Change[] = [];
  const lines = original.split('\n');
  for (const fault of readToml(original).faults) {
    if (fault.kind !== 'reserved-escape') continue;
    const line = lines[fault.line - 1] ?? '';
    const mended = line.replace(/"([^"']*)"/, "'$1'");
    if (mended === line) continue;
    lines[fault.line - 1] = mended;
    changes.push({
      line: fault.line,
      why: { en: 'single quotes: backslashes stay as they are', zh: '改用单引号：反斜杠保持原样' },
    });
  }
  const written = lines.join('\n');
  if (readConfigToml(readToml(written)).options.size === 0) return null;
  const needed = applyNeeded(written);
  return { text: needed.text, changes: [...changes, ...needed.changes], advised: needed.text, advice: [] };
}

function applyNeeded(start: string): { text: string; changes: Change[] } {
  let text = start;
  const changes: Change[] = [];
  for (const remedy of neededRemedies(readConfigToml(readToml(start)))) {
    const lines = text.replace(/\n$/, '').split('\n');
    const entry = readToml(text).entries.find((each) => each.key === remedy.name);
    const line = valueLine(remedy);
    if (entry && line === null) lines.splice(entry.line - 1, 1);
    else if (entry && line !== null) lines[entry.line - 1] = line;
    // At the end it may stand in a table: tables are flattened.
    else if (line !== null) lines.push(line);
    text = `${lines.join('\n')}\n`;
    changes.push({ line: entry?.line ?? lines.length, why: remedy.why });
  }
  return { text, changes };
}

function valueLine({ name, to }: Remedy): string | null {
  if (to === null) return null;
  if (to === '') return `${name} = true`;
  const list = to.includes('\0') || name.endsWith('_args');
  if (list)
    return `${name} = [${to
      .split('\0')
      .map((word) => JSON.stringify(word))
      .join(', ')}]`;
  return `${name} = ${/^\d+(?:\.\d+)?(?:e-?\d+)?$/.test(to) ? to : JSON.stringify(to)}`;
}
