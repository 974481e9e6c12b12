import { logFacts } from '../../facts/registry/log';
import type { FactMap, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { pieces } from '../../formats/bytes';
import { type ReadLog, readLog } from '../../formats/log/read';
import type { CompiledSignatures } from '../../formats/log/signature';
import { withTrainingRun } from '../../formats/training/run-facts';
import { readTrainingRun, type TrainingRun, trainingRunIn } from '../../formats/training/run-log';
import { type Platform, ReadError } from '../../platform/platform';
import type { Check } from '../check';
import { findInputs, type Piped } from './inputs';

/** Training logs among the targets: every line of them, as the trainer's. */
export function createTrainingLogsCheck(signatures: CompiledSignatures, piped: Piped | null): Check {
  return {
    id: 'logs',
    title: { en: 'Training logs', zh: '训练日志' },
    needs: [],
    provides: logFacts.map((spec) => spec.id),
    depth: 'quick',
    timeoutMs: 60_000,
    run: ({ platform, targets }) => {
      const subjects: Subject[] = [];
      const facts: { [id: string]: FactMap } = {};
      const notes: Note[] = [];
      for (const path of findInputs(platform, targets, piped).logs) {
        const read = readOne(platform, signatures, path, piped, subjects.length);
        if (read === null) continue;
        subjects.push(...read.subjects);
        Object.assign(facts, read.facts);
        notes.push(...read.notes);
      }
      return { subjects, facts, notes };
    },
  };
}

/** Null: no log, whatever its name says. */
function readOne(
  platform: Platform,
  signatures: CompiledSignatures,
  path: string,
  piped: Piped | null,
  firstIndex: number,
): Gathered | null {
  const options = { path, ui: 'kohya', signatures, firstIndex } as const;
  const chunks = piped ? [piped.bytes] : [];
  const whole = (read: ReadLog, run: () => TrainingRun | null): Gathered | null =>
    read.isLog ? withTrainingRun(read, run) : null;
  if (path === '-') return whole(readLog(chunks, options), () => readTrainingRun(chunks));
  try {
    return platform.withFile(path, (bytes) => whole(readLog(pieces(bytes), options), () => trainingRunIn(bytes)));
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return { subjects: [], facts: {}, notes: [{ check: 'logs', code: `log-${error.code}`, path, detail: error.message }] };
  }
}
