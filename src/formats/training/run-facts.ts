import { type Fact, known, na } from '../../facts/value';
import type { ReadLog } from '../log/read';
import type { TrainingRun } from './run-log';
import { lossShape, paceOf, thinned } from './run-shape';

/** Columns of the curve that the report carries. */
const COLUMNS = 60;

/** Facts of a training run; null: the log holds none. */
function runFacts(run: TrainingRun | null): { readonly [id: string]: Fact } {
  const pace = run && paceOf(run);
  const losses = run?.points.map(({ loss }) => loss).filter((loss) => !Number.isNaN(loss)) ?? [];
  const [first, last] = [losses[0], losses.at(-1)];
  return {
    'log.trainStep': run ? known(run.lastStep) : na,
    'log.trainSteps': run ? known(run.steps) : na,
    'log.trainEnd': run ? known(run.end) : na,
    'log.trainEndText': run?.endText ? known(run.endText) : na,
    'log.stepSeconds': pace ? known(pace.secondsPerStep) : na,
    'log.stepSlowdown': pace ? known(pace.slowdown) : na,
    'log.lossShape': run ? known(lossShape(run)) : na,
    'log.lossFirst': first === undefined ? na : known(first),
    'log.lossLast': last === undefined ? na : known(last),
    'log.lossCurve': run ? known(thinned(run, COLUMNS).map(({ step, loss }) => `${step} ${loss}`)) : na,
    'log.uncaptioned': run ? known([...run.uncaptioned]) : na,
  };
}

/** The same reading with what its training run shows, beside the newest session; `run` is asked only of a trainer's log. */
export function withTrainingRun(read: ReadLog, run: () => TrainingRun | null): ReadLog {
  const facts = { ...read.facts };
  read.subjects.forEach(({ id }, i) => {
    const ui = facts[id]?.['log.ui'];
    const trainer = ui?.state === 'known' && ui.value === 'kohya';
    facts[id] = { ...facts[id], ...runFacts(i === 0 && trainer ? run() : null) };
  });
  return { ...read, facts };
}
