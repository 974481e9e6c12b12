import type { FactMap } from '../../facts/snapshot';
import { known } from '../../facts/value';
import { pieces } from '../../formats/bytes';
import { decodeText } from '../../formats/launch/decode';
import { type Echo, readEcho } from '../../formats/training/echo';
import { MOVED_MODELS } from '../../formats/training/hub-models';
import { type Platform, ReadError } from '../../platform/platform';
import { doingFacts } from './doing';
import type { Piped } from './inputs';
import { nothingElse, writingFacts } from './writing';

/** Bytes at the end of a log that are read for it: the launcher gives up last. */
const TAIL = 2 ** 20;
const LF = 10;

/** The command that stands at the end of a log; null: none, or the log cannot be read (that is told where it is read as one). */
export function readLogEcho(platform: Platform, path: string, piped: Piped | null): Echo | null {
  if (piped) return echoIn(piped.bytes.subarray(-TAIL), () => linesIn(piped.bytes.subarray(0, -TAIL)));
  try {
    return platform.withFile(path, (file) => {
      const from = Math.max(0, file.size - TAIL);
      const before = (): number => {
        let lines = 0;
        let left = from;
        for (const piece of pieces(file)) {
          lines += linesIn(piece.subarray(0, left));
          left -= piece.length;
          if (left <= 0) break;
        }
        return lines;
      };
      return echoIn(file.read(from, file.size - from), before);
    });
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return null;
  }
}

/** `before`: counts the lines in front of the bytes. */
function echoIn(bytes: Uint8Array, before: () => number): Echo | null {
  const echo = readEcho(decodeText(bytes).text);
  if (!echo) return null;
  const lines = before();
  const moved = <T extends { readonly line: number }>(place: T): T => ({ ...place, line: place.line + lines });
  const { setup } = echo;
  const options = new Map([...setup.options].map(([name, given]) => [name, moved(given)]));
  const problems = setup.problems.map((problem) => moved({ ...problem, text: `${problem.column}: ${problem.text}` }));
  return { ...echo, setup: { ...setup, options, problems }, line: echo.line + lines };
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines++;
  return lines;
}

/** Facts by which a run can stop while its arguments are read, and before its first step. Whatever else is in the command did not stop it. */
const BY_STOP: { readonly [stopped in Echo['stopped']]: readonly string[] } = {
  arguments: ['unknownOptions', 'badValues', 'strayWords', 'dashes'],
  start: [
    ...[
      'tildePaths',
      'missing',
      'conflicts',
      'optimizerFaults',
      'precisionFaults',
      'moduleFits',
      'bucketStepFits',
      'bucketLimitsFit',
    ],
    ...['optimizer', 'scheduler', 'bucketStep'],
  ],
};
const ALWAYS = ['trainer', 'script', 'scriptFamily', 'module', 'piped'];

export function echoFacts(path: string, { setup, stopped, notFound }: Echo): FactMap {
  const all: FactMap = { ...writingFacts(path, setup), ...doingFacts(setup) };
  // A module that we do not know may be newer than we are, unless Python does not know it either.
  const noModule = notFound !== null && setup.options.get('network_module')?.values[0]?.startsWith(notFound) === true;
  const names = [...ALWAYS, ...BY_STOP[stopped], ...(noModule ? ['moduleKnown', 'moduleNearest'] : [])];
  const told = new Set(names.map((name) => `training.${name}`));
  const base = setup.options.get('pretrained_model_name_or_path')?.values[0] ?? '';
  return nothingElse({
    ...Object.fromEntries(Object.entries(all).filter(([id]) => told.has(id))),
    ...(stopped === 'start' && MOVED_MODELS.has(base)
      ? { 'training.baseModel': known('hub-removed'), 'training.baseModelPath': known(base) }
      : {}),
  });
}
