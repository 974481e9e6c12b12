import type { Ui } from '../../facts/families';
import { chosenFacts as chosenFactList } from '../../facts/registry/install';
import { promptFacts } from '../../facts/registry/prompt';
import { scriptFacts } from '../../facts/registry/script';
import { useFacts } from '../../facts/registry/use';
import type { FactMap, FactStore, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { readGraph } from '../../formats/comfy-graph/read';
import { baseName } from '../../formats/file-name';
import { readInfotext } from '../../formats/infotext/a1111';
import type { Inventory } from '../../formats/prompt/inventory';
import { isUsed } from '../../formats/prompt/resolve';
import type { Check, CheckContext } from '../check';
import { type Asked, askedFrom } from './asked';
import { chosenFacts } from './chosen';
import { collect, fromPictures } from './collect';
import { effectKey, effects } from './effect';
import { baseFamily, findBase, inventoryOf } from './models';
import { type Placed, place as placeInOrder } from './order';
import { outcomeOf } from './outcome';
import { promptFactsOf } from './prompt-facts';
import { type Os, Resolver } from './resolve-all';
import { factsOfUse } from './use-facts';

/** Reads what was asked for, in pictures, params.txt, workflows and settings, and finds the file that each LoRA name stands for. */
export const promptsCheck: Check = {
  id: 'prompts',
  title: { en: 'Prompts and workflows', zh: '提示词与工作流' },
  needs: ['install', 'lora', 'images'],
  provides: [...promptFacts, ...scriptFacts, ...useFacts, ...chosenFactList].map((f) => f.id),
  depth: 'quick',
  timeoutMs: 30_000,
  run: (context) => {
    const out: Mutable = { subjects: [], facts: {}, notes: [] };
    for (const install of context.facts.subjects('install')) gatherInstall(context, install, out);
    gatherInstall(context, null, out);
    return out;
  },
};

interface Mutable extends Gathered {
  readonly subjects: Subject[];
  readonly facts: Record<string, FactMap>;
  readonly notes: Note[];
}

/** One install, or (null) the pictures and workflows that belong to none. */
function gatherInstall(context: CheckContext, install: Subject | null, out: Mutable): void {
  const { facts } = context;
  const ui = install ? (facts.value<Ui>(install.id, 'install.ui') ?? null) : null;
  // Built when the first prompt asks for it: most folders hold LoRAs, not every one prompts.
  let built: Inventory | undefined;
  const inventory = (): Inventory => {
    built ??= inventoryOf(facts, install);
    return built;
  };
  const knows = (name: string): boolean => inventory().byStem.has(name) || inventory().aliases.has(name);
  const all = collect({ context, notes: out.notes, install, ui, knows });
  const placed = placeInOrder(all);
  context.progress({ done: placed.length, total: placed.length, what: install?.path ?? '' });
  if (all.length > 0) {
    const resolver = new Resolver(inventory(), osOf(facts, install));
    if (install?.path) resolver.searchMissing(context, install.path, all);
    addPrompts({ facts, install, resolver }, all, placed, out);
    linkPictures(all, placed, out, context);
  }
  if (install) out.facts[install.id] = chosenFacts(facts, install, placed);
}

function osOf(facts: FactStore, install: Subject | null): Os {
  return (install && facts.value<Os>(install.id, 'install.os')) ?? 'unknown';
}

interface Household {
  readonly facts: FactStore;
  readonly install: Subject | null;
  readonly resolver: Resolver;
}

function addPrompts(house: Household, all: readonly Asked[], placed: readonly Placed[], out: Mutable): void {
  const { facts, install } = house;
  const pictures = effects(all);
  const writesHashes = all.some((a) => a.generation.loraHashes !== null);
  const unreachable = install !== null && (facts.value<readonly string[]>(install.id, 'install.missingFolders') ?? []).length > 0;
  for (const asked of placed) addPrompt({ ...house, asked, writesHashes, unreachable, effects: pictures }, out);
}

/**
 * What a prompt typed by the user would load: an infotext, a ComfyUI graph, or plain prompt text, on this install or
 * (null) on a program of this kind whose files are not known. One `prompt` subject with the id `prompt:<key>`. A text
 * that names no checkpoint is judged with the one chosen in the settings of the install.
 */
export function gatherText(facts: FactStore, install: Subject | null, ui: Ui, text: string, key = 'text'): Gathered {
  const out: Mutable = { subjects: [], facts: {}, notes: [] };
  const inventory = inventoryOf(facts, install);
  const knows = (name: string): boolean => inventory.byStem.has(name) || inventory.aliases.has(name);
  const graph = text.trimStart().startsWith('{') ? readGraph(text) : null;
  const told = graph ?? readInfotext(text);
  const chosen = install ? (facts.value<string>(install.id, 'install.checkpointSetting') ?? null) : null;
  const generation = { ...told, checkpoint: told.checkpoint ?? chosen };
  const asked = askedFrom({
    path: key,
    source: 'text',
    ui: graph ? 'comfyui' : ui,
    mtimeMs: 0,
    generation,
    graph,
    typed: true,
    knows,
  });
  addPrompts({ facts, install, resolver: new Resolver(inventory, osOf(facts, install)) }, [asked], placeInOrder([asked]), out);
  return out;
}

/** What the pictures among the facts asked for, and nothing else of the install. All count as made just now: the user named them. */
export function gatherPicturePrompts(context: CheckContext, install: Subject | null, ui: Ui | null): Gathered {
  const out: Mutable = { subjects: [], facts: {}, notes: [] };
  const { facts } = context;
  const inventory = inventoryOf(facts, install);
  const knows = (name: string): boolean => inventory.byStem.has(name) || inventory.aliases.has(name);
  const program = ui ?? (install ? (facts.value<Ui>(install.id, 'install.ui') ?? null) : null);
  const all = fromPictures({ context, notes: out.notes, install, ui: program, knows });
  const resolver = new Resolver(inventory, osOf(facts, install));
  if (install?.path) resolver.searchMissing(context, install.path, all);
  const placed = placeInOrder(all).map((asked) => ({ ...asked, recent: true }));
  addPrompts({ facts, install, resolver }, all, placed, out);
  linkPictures(all, placed, out, context);
  return out;
}

interface PromptInput extends Household {
  readonly asked: Placed;
  readonly writesHashes: boolean;
  readonly unreachable: boolean;
  readonly effects: ReturnType<typeof effects>;
}

function addPrompt(input: PromptInput, out: Mutable): void {
  const { facts, install, resolver, asked } = input;
  const checkpoint = asked.generation.checkpoint;
  const base = checkpoint === null ? null : findBase(facts, install, checkpoint);
  const links = {
    ...(install ? { install: install.id } : {}),
    ...(asked.image ? { image: asked.image } : {}),
  };
  const baseLink = base && !base.isLora ? { checkpoint: base.subject.id } : {};
  const resolutions = asked.loras.map((lora) => (install ? resolver.resolve(asked, lora) : null));
  const used = resolutions.filter((r) => r !== null && isUsed(r.kind)).length;
  const someMissing = resolutions.some((r) => r !== null && !isUsed(r.kind));
  for (const [position, lora] of asked.loras.entries()) {
    const resolution = resolutions[position] ?? null;
    const own = lora.base === null || lora.base === checkpoint ? base : findBase(facts, install, lora.base);
    const id = `use:${asked.id}#${position}`;
    const file = resolution?.entry?.id;
    out.subjects.push({
      kind: 'use',
      id,
      label: lora.name.slice(0, 200),
      links: {
        ...links,
        prompt: asked.id,
        ...(file ? { lora: file } : {}),
        ...(own && !own.isLora ? { checkpoint: own.subject.id } : {}),
      },
    });
    const effect = (asked.image && input.effects.get(effectKey(asked.image, lora.name))) || 'unknown';
    const { writesHashes, unreachable } = input;
    const checkpointFamily = baseFamily(own, asked.ui);
    const outcome = outcomeOf(asked, lora, resolution, someMissing);
    const use = { asked, lora, position, resolution, outcome, checkpointFamily, effect, writesHashes, unreachable };
    out.facts[id] = factsOfUse(use, facts);
  }
  const label = baseName(asked.path);
  out.subjects.push({ kind: 'prompt', id: asked.id, path: asked.path, label, links: { ...links, ...baseLink } });
  out.facts[asked.id] = promptFactsOf(asked, base, install ? used : null);
}

/** Each picture gets a link to the request it came from, also those that were told together. */
function linkPictures(all: readonly Asked[], placed: readonly Placed[], out: Mutable, context: CheckContext): void {
  const known = new Set(placed.map((p) => p.id));
  const byImage = new Map(placed.map((p) => [p.image, p.id]));
  for (const asked of all) {
    const image = asked.image === null ? undefined : context.facts.subject(asked.image);
    const prompt = known.has(asked.id) ? asked.id : byImage.get(asked.image);
    if (image && prompt !== undefined) out.subjects.push({ ...image, links: { ...image.links, prompt } });
  }
}
