import { basename, dirname, join } from 'node:path';
import type { Ui } from '../../facts/families';
import { type Fact, known, na } from '../../facts/value';
import { decodeUtf8 } from '../../formats/launch/decode';
import { readStyles, type Styles } from '../../formats/prompt/styles';
import type { Flags } from './flags';
import { type InstallOs, type Look, resolveFor } from './look';

const A1_FAMILY: ReadonlySet<Ui> = new Set<Ui>(['a1111', 'forge', 'reforge', 'forge-classic', 'forge-neo']);
const MAX_FILES = 20;
const MAX_STYLES = 500;
const MAX_TEXT = 2_000;

/**
 * The styles of the A1111 family: `styles.csv` of the data folder, or the files and patterns of `--styles-file`. Only styles
 * that hold a tag are told: they load LoRAs that the user does not type (CF-22).
 */
export function styleFacts(
  look: Look,
  ui: Ui,
  root: string,
  data: string,
  os: InstallOs,
  flags: Flags,
): { [fact: string]: Fact } {
  if (!A1_FAMILY.has(ui)) return { 'install.styleCount': na, 'install.styleTags': na, 'install.styleProblems': na };
  const given = flags.all('--styles-file');
  const paths = given.length === 0 ? [join(data, 'styles.csv')] : given.map((value) => resolveFor(os, root, value));
  const files = paths.flatMap((path) => filesOf(look, path)).slice(0, MAX_FILES);
  const styles = new Map<string, Styles['styles'][number]>();
  const problems: { path: string; kind: string; line: number }[] = [];
  for (const path of files) {
    const bytes = look.bytes(path);
    if (bytes === null) return unread(path);
    const read = readStyles(decodeUtf8(bytes)?.replace(/^\ufeff/, '') ?? null);
    for (const style of read.styles) styles.set(style.name, style);
    problems.push(...read.problems.map(({ kind, line }) => ({ path, kind, line })));
  }
  const tags = [...styles.values()].filter(({ prompt, negative }) => (prompt + negative).includes('<'));
  const source = files[0] === undefined ? {} : { path: files[0] };
  return {
    'install.styleCount': known(styles.size, source),
    'install.styleTags': known(tags.slice(0, MAX_STYLES).map(cut), source),
    'install.styleProblems': known(problems.slice(0, 100), source),
  };
}

/** The reason is a note of the install already. */
function unread(path: string): { [fact: string]: Fact } {
  const why: Fact = { state: 'unknown', reason: 'unreadable', source: { path } };
  return { 'install.styleCount': why, 'install.styleTags': why, 'install.styleProblems': why };
}

/** A pattern (`styles/*.csv`) stands for the files it fits; a file that is not there gives nothing. */
function filesOf(look: Look, path: string): string[] {
  const pattern = basename(path).replace(/\*+/g, '*');
  if (!/[*?]/.test(pattern)) return look.isFile(path) ? [path] : [];
  if (pattern.split('*').length > 5) return [];
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  const fits = new RegExp(`^${source}$`);
  const folder = dirname(path);
  return [...look.names(folder)].filter((name) => fits.test(name)).map((name) => join(folder, name));
}

function cut({ name, prompt, negative }: Styles['styles'][number]): { name: string; prompt: string; negative: string } {
  return { name: name.slice(0, 200), prompt: prompt.slice(0, MAX_TEXT), negative: negative.slice(0, MAX_TEXT) };
}
