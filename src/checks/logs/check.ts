import { UIS, type Ui } from '../../facts/families';
import { logFacts } from '../../facts/registry/log';
import type { FactMap, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import type { ByteSource } from '../../formats/bytes';
import { pieces } from '../../formats/bytes';
import { baseName, isInside } from '../../formats/file-name';
import { isLogName } from '../../formats/log/log-name';
import { type LogNote, type ReadLog, readLog } from '../../formats/log/read';
import type { CompiledSignatures } from '../../formats/log/signature';
import { unpackLog } from '../../formats/log/unpack';
import { withTrainingRun } from '../../formats/training/run-facts';
import { type TrainingRun, trainingRunIn } from '../../formats/training/run-log';
import { nodeGunzip } from '../../platform/inflate';
import { type Platform, ReadError } from '../../platform/platform';
import type { Check, CheckContext } from '../check';
import { KeptLogs } from './kept';

/** Read of each log, from its end. Older text says nothing of the last sessions. */
const TAIL = 64 * 1024 * 1024;
const CHUNK = 1024 * 1024;
const DAY = 24 * 3600 * 1000;
/** Names that ComfyUI-Manager, SD.Next and ComfyUI Desktop give to logs of earlier starts (webui-comfyui-and-others.md A2, B1). */
const ROTATED = /\.prev\d?\.log$|\.log\.\d{1,2}(?:\.gz)?$|\.log-\d{8}(?:\.gz)?$|\.log_\d{4}-/;
/** Logs read of one install, newest first. */
const LOGS_OF_INSTALL = 6;

/** Console logs that were named, and those of each install: what their last sessions said. */
export function createLogsCheck(signatures: CompiledSignatures): Check {
  const kept = new KeptLogs();
  return {
    id: 'logs',
    title: { en: 'Console logs', zh: '控制台日志' },
    needs: ['install'],
    provides: logFacts.map((spec) => spec.id),
    depth: 'quick',
    timeoutMs: 60_000,
    run: (context) => run(context, signatures, kept),
  };
}

function run(context: CheckContext, signatures: CompiledSignatures, kept: KeptLogs): Gathered {
  kept.begin();
  const subjects: Subject[] = [];
  const facts: { [id: string]: FactMap } = {};
  const notes: Note[] = [];
  const named = namedLogs(context);
  // Who names log files alone means those, not the others of the install that they lie in.
  const onlyNamed = named.length > 0 && named.length === context.targets.length;
  const seen = new Set<string>();
  for (const install of [...context.facts.subjects('install'), null]) {
    const own = named.filter((path) => ownerOf(context, path)?.id === install?.id);
    const listed = install && !onlyNamed ? (context.facts.value<string[]>(install.id, 'install.logFiles') ?? []) : [];
    const stated = install ? context.facts.value<string>(install.id, 'install.ui') : undefined;
    const ui = UIS.find((known) => known === stated);
    const others = newestFirst(context.platform, listed).filter((path) => !own.includes(path));
    if (others.length > LOGS_OF_INSTALL)
      notes.push({ check: 'logs', code: 'log-files-left-out', counts: { n: others.length - LOGS_OF_INSTALL } });
    let index = 0;
    let startedSince = false;
    const age = ageJudge(context, install?.id ?? null);
    for (const path of [...newestFirst(context.platform, own), ...others.slice(0, LOGS_OF_INSTALL)]) {
      if (context.signal.aborted) break;
      if (seen.has(path)) continue;
      seen.add(path);
      if (!own.includes(path) && age.isOver(path)) {
        notes.push({ check: 'logs', code: 'log-over', path });
        continue;
      }
      context.progress({ done: seen.size, what: path });
      const read = readOne(context, signatures, kept, {
        path,
        firstIndex: index,
        startedSince: startedSince && !own.includes(path),
        ...(install ? { install: install.id } : {}),
        ...(ui ? { ui } : {}),
      });
      subjects.push(...read.subjects);
      Object.assign(facts, read.facts);
      notes.push(...read.notes);
      if (read.settled) age.worked(path);
      startedSince ||= read.started;
      index += read.subjects.length;
    }
  }
  return { subjects, facts, notes };
}

/** Log files among the targets. A text of any name counts when it is named: `check error2.txt`. */
function namedLogs({ platform, targets }: CheckContext): string[] {
  return targets.filter((path) => {
    const name = baseName(path);
    return (isLogName(name) || /\.(?:txt|out|err)$/i.test(name)) && platform.stat(path)?.kind === 'file';
  });
}

/** The install that counts a file among its logs, else the innermost one that it lies in. */
function ownerOf({ facts }: CheckContext, path: string): Subject | null {
  const installs = facts.subjects('install');
  const listing = installs.find(({ id }) => facts.value<string[]>(id, 'install.logFiles')?.includes(path));
  const around = installs.filter(({ path: root }) => root !== undefined && isInside(root, path));
  return listing ?? around.sort((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0))[0] ?? null;
}

interface Wanted {
  readonly path: string;
  readonly install?: string;
  readonly firstIndex: number;
  readonly startedSince: boolean;
  readonly ui?: Ui;
}

function readOne(context: CheckContext, signatures: CompiledSignatures, kept: KeptLogs, wanted: Wanted): ReadLog {
  const { path } = wanted;
  const { platform, signal } = context;
  try {
    const info = platform.stat(path);
    const look = (): ReadLog =>
      platform.withFile(path, (file, opened) => {
        const { bytes, cut } = unpackLog(file, nodeGunzip);
        const from = Math.max(0, bytes.size - TAIL);
        const whole = (): ReadLog => {
          const linesBefore = countLines(bytes, from, signal);
          return readLog(until(signal, pieces(bytes, from)), { ...wanted, signatures, linesBefore });
        };
        const run = (): TrainingRun | null => kept.run(path, bytes.size, () => trainingRunIn(bytes));
        const notes: LogNote[] = [];
        if (from > 0) notes.push({ check: 'logs', code: 'log-tail-only', path, counts: { bytes: from } });
        if (cut) notes.push({ check: 'logs', code: 'log-packed-cut', path, counts: { bytes: bytes.size } });
        const plain = (from === 0 && bytes === file && kept.read(bytes, opened, { ...wanted, signatures })) || whole();
        const read = withTrainingRun(plain, run);
        return { ...read, notes: [...read.notes, ...notes] };
      });
    const fixed = info !== null && (info.size > TAIL || path.endsWith('.gz'));
    return fixed ? kept.unchanged(JSON.stringify([info, wanted]), path, look) : look();
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    const notes = [{ check: 'logs', code: `log-${error.code}`, path, detail: error.message }];
    return { subjects: [], facts: {}, notes, settled: false, started: false, isLog: false };
  }
}

interface AgeJudge {
  /** What this log tells is over: the program worked long after it, or it is the predecessor of a log without failure. */
  isOver(path: string): boolean;
  worked(path: string): void;
}

/** `params.txt` is rewritten with each generation, so its time tells when the program last ran (webui-a1111-family.md §1.5). */
function ageJudge({ platform, facts }: CheckContext, install: string | null): AgeJudge {
  const timeOf = (path: string): number => platform.stat(path)?.mtimeMs ?? 0;
  const params = install === null ? undefined : facts.value<string>(install, 'install.paramsFile');
  const lastRun = params === undefined ? 0 : timeOf(params);
  let good = 0;
  return {
    worked: (path) => {
      good = Math.max(good, timeOf(path));
    },
    isOver: (path) => timeOf(path) < lastRun - 7 * DAY || (good > 0 && (ROTATED.test(path) || timeOf(path) < good - DAY / 2)),
  };
}

function newestFirst(platform: Platform, paths: readonly string[]): string[] {
  return paths
    .map((path) => ({ path, at: platform.stat(path)?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at)
    .map(({ path }) => path);
}

function* until(signal: AbortSignal, chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const chunk of chunks) {
    if (signal.aborted) return;
    yield chunk;
  }
}

/** Line breaks before `end`, so that the lines of a tail carry their numbers in the whole file. */
function countLines(bytes: ByteSource, end: number, signal: AbortSignal): number {
  let lines = 0;
  for (let at = 0; at < end && !signal.aborted; ) {
    const piece = bytes.read(at, Math.min(CHUNK, end - at));
    if (piece.length === 0) break;
    for (let i = piece.indexOf(10); i >= 0; i = piece.indexOf(10, i + 1)) lines++;
    at += piece.length;
  }
  return lines;
}
