import type { Family } from '../../facts/families';
import type { FactMap } from '../../facts/snapshot';
import { type Fact, known, na, unknown } from '../../facts/value';
import { type BaseModel, baseFamily } from './models';
import type { Placed } from './order';

const TEXT_LIMIT = 20_000;
const LIST_LIMIT = 200;

/** The value, or unknown because the source does not say. */
export function stated(value: string | number | null): Fact {
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return unknown('not-stated');
  return known(value);
}

/** Facts of one generation. `usedCount`: how many of its LoRAs the program finds; null when there is no list of files. */
export function promptFactsOf(asked: Placed, base: BaseModel | null, usedCount: number | null): FactMap {
  const { generation: g, reading } = asked;
  const active = asked.loras.filter((l) => l.active);
  const strengths = active.map((l) => Math.abs(l.unet ?? 0)).filter((s) => Number.isFinite(s));
  return {
    'prompt.source': known(asked.source),
    'prompt.path': known(asked.path),
    'prompt.ui': known(asked.ui),
    'prompt.index': known(asked.index),
    'prompt.recent': known(asked.recent),
    'prompt.finished': asked.source === 'workflow' || asked.source === 'config' ? na : known(asked.image !== null),
    'prompt.count': known(asked.count),
    'prompt.length': known(g.positive.length),
    'prompt.positive': known(g.positive.slice(0, TEXT_LIMIT)),
    'prompt.negative': known(g.negative.slice(0, TEXT_LIMIT)),
    'prompt.tags': known(reading.tags.slice(0, LIST_LIMIT).map((t) => t.text.slice(0, 200))),
    'prompt.tagProblems': known(reading.problems.slice(0, LIST_LIMIT).map(({ kind, text, at }) => ({ kind, text, at }))),
    'prompt.problemKinds': known([...new Set(reading.problems.map((p) => p.kind))]),
    'prompt.allOff': known(reading.allOff),
    'prompt.wiring': asked.graph ? known([...asked.graph.wiring]) : na,
    ...baseFacts(asked, base),
    'prompt.loader': asked.graph ? stated(asked.graph.loader) : na,
    'prompt.sampling': asked.graph ? stated(asked.graph.sampling) : na,
    'prompt.ownVae': known(g.vae !== null),
    'prompt.checkpointHash': stated(g.checkpointHash),
    'prompt.vae': stated(g.vae),
    'prompt.width': stated(g.width),
    'prompt.height': stated(g.height),
    'prompt.steps': stated(g.steps),
    'prompt.cfg': stated(g.cfg),
    'prompt.sampler': stated(g.sampler),
    'prompt.clipSkip': stated(g.clipSkip),
    'prompt.hires': known(g.hires),
    'prompt.batch': stated(g.batch),
    'prompt.version': stated(g.version),
    'prompt.loraHashes': g.loraHashes === null ? unknown('not-stated') : known([...g.loraHashes.keys()].slice(0, LIST_LIMIT)),
    'prompt.loraCount': known(active.length),
    'prompt.usedCount': usedCount === null ? unknown('not-collected') : known(usedCount),
    'prompt.strengthSum': known(round(strengths.reduce((sum, s) => sum + s, 0))),
    'prompt.maxStrength': known(round(Math.max(0, ...strengths))),
    'prompt.scriptClient': na,
    'prompt.scriptNeedsApi': na,
    'prompt.scriptProblems': na,
    'prompt.scriptProblemKinds': na,
    'prompt.scriptUnknown': na,
  };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function baseFacts(asked: Placed, base: BaseModel | null): FactMap {
  const name = asked.generation.checkpoint;
  return {
    'prompt.checkpoint': stated(name),
    'prompt.checkpointFound': name === null ? unknown('not-stated') : known(base !== null),
    'prompt.checkpointIsLora': base === null ? unknown('not-collected') : known(base.isLora),
    'prompt.checkpointFamily': familyFact(baseFamily(base, asked.ui)),
  };
}

export function familyFact(family: Family | null): Fact {
  return family === null ? unknown('not-collected') : known(family);
}
