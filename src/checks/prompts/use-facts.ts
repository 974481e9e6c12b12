import type { Family } from '../../facts/families';
import type { FactMap, FactStore } from '../../facts/snapshot';
import { type Fact, known, na, unknown } from '../../facts/value';
import type { Outcome } from '../../formats/prompt/outcome';
import { hasExtension, isUsed, type Resolution } from '../../formats/prompt/resolve';
import type { AskedLora } from './asked';
import type { Effect } from './effect';
import { emphasisedParts } from './emphasis';
import { familiesFit } from './fit';
import type { Placed } from './order';
import { familyFact, stated } from './prompt-facts';
import { triggerPresent } from './trigger';

export interface UseInput {
  readonly asked: Placed;
  readonly lora: AskedLora;
  readonly position: number;
  readonly resolution: Resolution | null;
  readonly outcome: Outcome;
  readonly checkpointFamily: Family | null;
  readonly effect: Effect;
  /** Some generation of this install has `Lora hashes`: so they are written, and a missing field says something. */
  readonly writesHashes: boolean;
  /** A folder that the configuration names is not there. */
  readonly unreachable: boolean;
}

/** Facts of one LoRA asked for. */
export function factsOfUse(input: UseInput, facts: FactStore): FactMap {
  const { asked, lora, resolution } = input;
  const file = resolution?.entry?.id ?? null;
  const loraFamily = file === null ? null : (facts.value<Family>(file, 'lora.family') ?? null);
  const same = asked.loras.filter((l) => l.name === lora.name && l.active === lora.active);
  return {
    'use.name': known(lora.name.slice(0, 500)),
    'use.ui': known(asked.ui),
    'use.strength': stated(lora.unet),
    'use.strengthTe': lora.te === null && lora.unet !== null ? na : stated(lora.te),
    'use.source': known(asked.source),
    'use.recent': known(asked.recent),
    'use.promptIndex': known(asked.index),
    'use.finished': asked.source === 'workflow' || asked.source === 'config' ? na : known(asked.image !== null),
    'use.active': known(lora.active),
    'use.outcome': known(input.outcome),
    'use.position': known(input.position),
    'use.count': known(same.length),
    'use.wiring': lora.wiring === null ? na : known([...lora.wiring]),
    'use.nodeType': lora.nodeType === null ? na : known(lora.nodeType.slice(0, 200)),
    ...resolutionFacts(lora, resolution, input.unreachable && asked.source === 'graph'),
    'use.inHashes': known(inHashes(input)),
    'use.hash': stated(asked.generation.loraHashes?.get(hashName(lora.name)) ?? null),
    'use.effect': known(input.effect),
    ...triggerFacts(input, facts, file),
    ...emphasisFacts(input, facts, file),
    'use.loraFamily': familyFact(loraFamily),
    'use.checkpointFamily': familyFact(input.checkpointFamily),
    'use.familyMatches': fitFact(loraFamily, input.checkpointFamily),
  };
}

function resolutionFacts(lora: AskedLora, given: Resolution | null, perhapsElsewhere: boolean): FactMap {
  // ComfyUI made the picture, so the file was there: in a folder that cannot be reached from here, as it seems.
  const away = perhapsElsewhere && given?.kind === 'missing' && given.entry === null && lora.style === 'file';
  const resolution = away ? null : given;
  const none = unknown(
    'not-collected',
    away ? 'a configured folder cannot be reached' : 'the folders of the program are not known',
  );
  return {
    'use.resolution': resolution ? known(resolution.kind) : none,
    'use.found': resolution ? known(isUsed(resolution.kind)) : none,
    'use.nearest': resolution?.nearest ? known(resolution.nearest) : unknown('not-stated'),
    'use.foundPath': resolution?.entry ? known(resolution.entry.path) : unknown('not-stated'),
    'use.extensionGiven': known(hasExtension(lora.name.trim())),
  };
}

/** `Lora hashes` leaves `:` and `,` out of names (webui-a1111-family.md §7.2). */
function hashName(name: string): string {
  return name.replace(/[:,]/g, '').trim();
}

function inHashes({ asked, lora, resolution, writesHashes }: UseInput): 'yes' | 'no' | 'unknown' {
  const { loraHashes, hashesDamaged, checkpointHash } = asked.generation;
  if (asked.graph || lora.style !== 'tag' || asked.ui === 'sdnext' || hashesDamaged) return 'unknown';
  if (loraHashes) return loraHashes.has(hashName(lora.name)) ? 'yes' : 'no';
  // Without hashing the checkpoint's hash is missing too.
  if (checkpointHash === null) return 'unknown';
  return writesHashes || (resolution !== null && !isUsed(resolution.kind)) ? 'no' : 'unknown';
}

function triggerFacts({ asked, resolution }: UseInput, facts: FactStore, file: string | null): FactMap {
  const trained = file === null ? undefined : facts.value<readonly string[]>(file, 'lora.triggerWords');
  const beside = file === null ? undefined : facts.value<readonly string[]>(file, 'lora.sidecarWords');
  if (trained === undefined && !beside?.length)
    return { 'use.triggerWords': unknown('not-collected'), 'use.triggerPresent': unknown('not-collected') };
  const words = [...new Set([...(trained ?? []), ...(beside ?? [])])];
  // A LoRA that is not loaded needs no trigger word.
  const idle = words.length === 0 || asked.source === 'config' || (resolution !== null && !isUsed(resolution.kind));
  const present: Fact = idle ? na : known(triggerPresent(words, asked.reading.plain));
  return { 'use.triggerWords': known(words.slice(0, 50)), 'use.triggerPresent': present };
}

/** How hard the prompt and the LoRA together push a body part: strength times the summed weights of its words. */
function emphasisFacts({ asked, lora }: UseInput, facts: FactStore, file: string | null): FactMap {
  const list = (id: string): readonly string[] => (file === null ? [] : (facts.value<readonly string[]>(file, id) ?? []));
  const tags = file === null ? [] : (facts.value<readonly { readonly word?: string }[]>(file, 'lora.triggers') ?? []);
  const words = [...list('lora.triggerWords'), ...list('lora.sidecarWords'), ...tags.map((t) => t.word ?? '')];
  const parts = emphasisedParts(
    words.flatMap((w) => w.split(/[,，、]/)),
    asked.reading.plain,
  );
  const push = Math.max(0, ...parts.values()) * (lora.unet ?? 0);
  return {
    'use.emphasisedParts': known([...parts.keys()].slice(0, 20)),
    'use.partPush': Number.isFinite(push) ? known(Math.round(push * 100) / 100) : unknown('not-stated'),
  };
}

function fitFact(lora: Family | null, checkpoint: Family | null): Fact {
  const fits = familiesFit(lora, checkpoint);
  if (fits !== null) return known(fits);
  return unknown(lora === null || checkpoint === null ? 'not-collected' : 'ambiguous');
}
