import type { FactMap } from '../../facts/snapshot';
import { type Fact, type Json, known, na, type UnknownReason, unknown } from '../../facts/value';
import type { Inspected } from '../../formats/model/inspect';
import { hiddenReason, isCorruptedRename, isLeftover, type Listing } from './names';
import { CAPTION_WORDS, type SeenFile, type SeenHeader } from './seen';

type Facts = { [factId: string]: Fact };

/** Facts of a file that counts as a LoRA here: it stands in a LoRA folder, or is a LoRA elsewhere. */
export function loraFactsOf(seen: SeenFile, listing: Listing): FactMap {
  const put = writer('lora');
  fileFacts(put, seen);
  put('extension', seen.name.extension);
  put('folder', seen.folder.kind);
  put('folderPath', seen.folder.path);
  put('corruptedRename', isCorruptedRename(seen.name));
  put('leftover', isLeftover(seen.name));
  const inFolder = seen.folder.kind === 'lora';
  const reason = inFolder
    ? seen.info.size === 0
      ? 'empty-file'
      : hiddenReason(seen.name, seen.path, seen.relative, listing)
    : 'not-lora-folder';
  // A file without a program around it is neither listed nor hidden.
  if (seen.folder.install === null) put.na('visible', 'hiddenReason');
  else {
    put('visible', reason === null || reason === 'empty-file');
    if (reason === null) put.na('hiddenReason');
    else put('hiddenReason', reason);
  }
  pickleFacts(put, seen);
  const { looked } = seen;
  if (looked?.inspected?.identity) identityFacts(put, looked.inspected);
  else
    put.unknown(
      looked ? 'unreadable' : (seen.failure ?? 'unreadable'),
      'kind',
      'family',
      'adapter',
      'rank',
      'modules',
      'alias',
      'triggerWords',
    );
  return put.facts;
}

function identityFacts(put: Writer, { identity, metadata, contradictions, quick }: SeenHeader): void {
  if (!identity || !metadata) return;
  put('kind', identity.kind);
  familyFacts(put, identity);
  put('familyCandidates', [...identity.family.candidates]);
  put('dtype', identity.dtype);
  put.stated('outputName', metadata.outputName);
  put.stated('alias', metadata.alias);
  put.stated('baseModel', metadata.baseModel);
  put.stated('trainer', metadata.trainer);
  put.stated('steps', metadata.steps);
  if (identity.prediction) put('vpred', identity.prediction.type === 'v');
  if (identity.kind !== 'lora' || identity.adapter === null) {
    put.na(
      'adapter',
      'features',
      'keyStyle',
      'rank',
      'rankMin',
      'rankMax',
      'alpha',
      'modules',
      'unetModules',
      'textEncoderModules',
    );
    return;
  }
  put('adapter', identity.adapter);
  put('features', [...identity.features]);
  put.stated('keyStyle', identity.keyStyle);
  put('modules', identity.moduleCount);
  put('unetModules', identity.denoiserModules);
  put('textEncoderModules', identity.textEncoderModules);
  put('halfPairs', identity.halfPairs);
  if (identity.rank) {
    put('rank', identity.rank.typical);
    put('rankMin', identity.rank.min);
    put('rankMax', identity.rank.max);
  } else put.na('rank', 'rankMin', 'rankMax');
  // A whole LoKr may store an infinite alpha that means nothing; JSON could not carry it.
  if (quick) put.unknown('not-collected', 'alpha');
  else if (identity.alpha && Number.isFinite(identity.alpha.typical)) put('alpha', identity.alpha.typical);
  else put.na('alpha');
  put('triggerWords', [...metadata.triggers.likely]);
  if (quick) put.unknown('not-collected', 'triggers');
  else
    put(
      'triggers',
      metadata.triggers.all.slice(0, CAPTION_WORDS).map((trigger) => ({ ...trigger })),
    );
  put(
    'contradictions',
    contradictions.map(({ text }) => text.en),
  );
  put(
    'contradictionKinds',
    contradictions.map(({ code }) => code),
  );
}

/** Facts of a file in a checkpoint folder. */
export function checkpointFactsOf(seen: SeenFile): FactMap {
  const put = writer('checkpoint');
  fileFacts(put, seen);
  pickleFacts(put, seen);
  put('folder', seen.folder.kind === 'checkpoint' ? 'checkpoint' : 'other');
  put('leftover', isLeftover(seen.name));
  put('corruptedRename', isCorruptedRename(seen.name));
  const identity = seen.looked?.inspected?.identity;
  if (!identity) {
    put.unknown(seen.looked ? 'unreadable' : (seen.failure ?? 'unreadable'), 'kind', 'family', 'hasVae', 'textEncoders', 'vpred');
    return put.facts;
  }
  put('kind', identity.kind);
  familyFacts(put, identity);
  put('hasVae', identity.parts?.vae ?? false);
  put('textEncoders', [...(identity.parts?.textEncoders ?? [])]);
  put('dtype', identity.dtype);
  if (identity.prediction) put('vpred', identity.prediction.type === 'v');
  return put.facts;
}

/** Facts of a file in a VAE or text-encoder folder. */
export function partFactsOf(seen: SeenFile, kind: 'vae' | 'encoder'): FactMap {
  const put = writer(kind);
  fileFacts(put, seen);
  const identity = seen.looked?.inspected?.identity;
  if (!identity) {
    put.unknown(seen.looked ? 'unreadable' : (seen.failure ?? 'unreadable'), 'kind', 'family', 'variant');
    return put.facts;
  }
  put('kind', identity.kind);
  put('family', identity.family.id);
  put.stated('variant', identity.family.variant);
  put('dtype', identity.dtype);
  return put.facts;
}

function familyFacts(put: Writer, identity: NonNullable<Inspected['identity']>): void {
  const { family } = identity;
  put('family', family.id);
  put('familyConfidence', family.confidence);
  put.stated('familyVariant', family.variant);
  put.stated('lineage', family.lineage?.id ?? null);
}

function fileFacts(put: Writer, seen: SeenFile): void {
  const dot = seen.relative.lastIndexOf(seen.name.file);
  put('name', seen.relative.slice(0, Math.max(dot, 0)) + seen.name.stem);
  put('stem', seen.name.stem);
  put('file', seen.name.file);
  put('size', seen.info.size);
  put('mtime', new Date(seen.info.mtimeMs).toISOString());
  const container = seen.looked?.container;
  if (!container) {
    put.unknown(seen.failure ?? 'unreadable', 'container', 'containerOk');
    return;
  }
  put('container', container.kind);
  put('containerOk', container.ok);
  if (container.error) {
    put('containerError', container.error.code);
    const { have, need } = container.error;
    const cut = container.kind.startsWith('truncated-') && have !== null && need !== null && need > have;
    if (cut) put('missingBytes', need - have);
    else put.na('missingBytes');
  } else put.na('containerError', 'missingBytes');
}

function pickleFacts(put: Writer, seen: SeenFile): void {
  const pickle = seen.looked?.pickle;
  if (pickle) {
    put('pickleVerdict', pickle.verdict);
    put('pickleGlobals', pickle.globals.slice(0, 50));
  } else if (seen.looked) put.na('pickleVerdict', 'pickleGlobals');
}

interface Writer {
  (name: string, value: Json): void;
  /** Known, or left out because the file does not say: a fact that a check did not hand in is `not-stated`. */
  stated(name: string, value: Json): void;
  na(...names: string[]): void;
  unknown(reason: UnknownReason, ...names: string[]): void;
  readonly facts: Facts;
}

/** Ids of facts by name: built once, not for each of thousands of files. */
const IDS = new Map<string, Map<string, string>>();

function idsOf(kind: string): (name: string) => string {
  const known = IDS.get(kind) ?? new Map<string, string>();
  IDS.set(kind, known);
  return (name) => {
    let id = known.get(name);
    if (id === undefined) {
      id = `${kind}.${name}`;
      known.set(name, id);
    }
    return id;
  };
}

function writer(kind: string): Writer {
  const facts: Facts = {};
  const id = idsOf(kind);
  const put = (name: string, value: Json): void => {
    facts[id(name)] = known(value);
  };
  return Object.assign(put, {
    facts,
    stated: (name: string, value: Json): void => {
      if (value !== null) facts[id(name)] = known(value);
    },
    na: (...names: string[]): void => {
      for (const name of names) facts[id(name)] = na;
    },
    unknown: (reason: UnknownReason, ...names: string[]): void => {
      for (const name of names) facts[id(name)] = unknown(reason);
    },
  });
}
