import type { Language } from '../../i18n/language';
import { type Comparison, compare, type Side } from '../../inspect/compare';
import { printJson } from '../../report/json';
import type { Laid } from './against';
import { type InspectResult, restOf } from './files';
import type { InspectedFile } from './types';

/** What `inspect` found, with the checkpoint that the files were laid on. */
export interface Answer extends InspectResult {
  readonly checkpoint: string | null;
}

const sideOf = ({ examined, brief }: InspectedFile): Side => ({
  state: brief.state,
  identity: examined?.inspected.identity ?? null,
  metadata: examined?.inspected.metadata ?? null,
  weights: examined?.weights ?? null,
});

/** Two LoRAs, named one by one, are compared. */
export function comparisonOf({ files }: InspectResult): Comparison | null {
  const [a, b] = files;
  const looked = files.length === 2 && files.every(({ examined }) => examined?.inspected.identity?.kind === 'lora');
  return a && b && looked ? compare(sideOf(a), sideOf(b)) : null;
}

/** The document in UTF-8, in long pieces: entries are taken as they were printed once. */
export function documentPieces(answer: Answer, laid: Laid, lang: Language): Uint8Array[] {
  const language = lang === 'zh-CN' ? 'zh' : 'en';
  const encoder = new TextEncoder();
  const files = answer.files.map((file) => {
    const found = laid.get(file.brief.path);
    return found ? file.with({ against: { path: answer.checkpoint, ...found } }) : file;
  });
  const rest = printJson({ ...restOf(answer, language), ...comparisonJson(answer, language) });
  return inLongPieces([
    encoder.encode('{"schema":"lora-doctor/inspect@1","files":['),
    ...withCommas(files.map(({ bytes }) => bytes)),
    encoder.encode(`],${rest.slice(1)}\n`),
  ]);
}

const COMMA = Uint8Array.of(44);
/** Shorter pieces are put together. */
const PIECE = 256 * 1024;

/** Puts commas between. Those that lie in memory with a comma between already, as remembered ones do, stay in one piece. */
function withCommas(entries: readonly Uint8Array[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (const entry of entries) {
    const last = out.at(-1);
    const end = last && last.byteOffset + last.byteLength;
    if (
      last &&
      last.buffer === entry.buffer &&
      entry.byteOffset === (end ?? 0) + 1 &&
      new Uint8Array(last.buffer)[end ?? 0] === 44
    )
      out[out.length - 1] = new Uint8Array(last.buffer, last.byteOffset, last.byteLength + 1 + entry.byteLength);
    else if (last) out.push(COMMA, entry);
    else out.push(entry);
  }
  return out;
}

/** Writing each of thousands of short pieces by itself would take as long as finding out what they say. */
function inLongPieces(pieces: readonly Uint8Array[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  let short: Uint8Array[] = [];
  let used = 0;
  for (const piece of [...pieces, null]) {
    if (used + (piece?.length ?? PIECE) >= PIECE) {
      out.push(Buffer.concat(short, used));
      short = [];
      used = 0;
    }
    if (piece && piece.length >= PIECE) out.push(piece);
    else if (piece) {
      short.push(piece);
      used += piece.length;
    }
  }
  return out.filter(({ length }) => length > 0);
}

function comparisonJson(answer: Answer, language: 'en' | 'zh'): object {
  const found = comparisonOf(answer);
  if (!found) return {};
  const [a, b] = answer.files.map(({ brief }) => brief.path);
  const differences = found.differences.map((one) => ({ what: one.what, a: one.a, b: one.b }));
  const first = found.first && {
    path: found.first.which === 'a' ? a : b,
    estimate: true,
    why: found.first.why.map((why) => why[language]),
  };
  return { comparison: { a, b, sameRun: found.sameRun, modules: found.modules, differences, tryFirst: first } };
}
