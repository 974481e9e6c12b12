import { bool, defineFacts, num, oneOf, records, signalHits, text, texts } from '../../src/facts/define';
import { buildRegistry } from '../../src/facts/registry/index';
import { Store } from '../../src/facts/store';
import type { Subject } from '../../src/facts/subject';
import { type Fact, known } from '../../src/facts/value';

/** A small world of facts for tests of the diagnosis itself: none of the real registry's words. */
export const registry = buildRegistry([
  defineFacts('lora', 'files', {
    family: [oneOf(['sd15', 'sdxl']), { en: 'Family', zh: '系列' }],
    size: [num('bytes'), { en: 'Size', zh: '大小' }],
    broken: [bool(), { en: 'Broken', zh: '损坏' }],
    name: [text(), { en: 'Name', zh: '名称', sensitivity: 'personal' }],
    words: [texts(), { en: 'Words', zh: '词' }],
  }),
  defineFacts('checkpoint', 'files', { family: [oneOf(['sd15', 'sdxl']), { en: 'Base family', zh: '底模系列' }] }),
  defineFacts('install', 'install', { ui: [oneOf(['a1111', 'comfyui']), { en: 'Program', zh: '程序' }] }),
  defineFacts('machine', 'said', { symptoms: [texts(), { en: 'What you see', zh: '现象' }] }),
  defineFacts('log', 'logs', {
    index: [num(), { en: 'Age', zh: '新旧' }],
    signals: [signalHits({ signal: 'text' }), { en: 'Log', zh: '日志' }],
  }),
  defineFacts('prompt', 'prompts', { problems: [records({ kind: 'text' }), { en: 'Problems', zh: '问题' }] }),
]);

export const signals: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['oom', new Set(['size'])],
  ['nan', new Set<string>()],
]);

export function hit(signal: string, captures: Record<string, string> = {}, line = 7) {
  return {
    signal,
    signature: signal,
    count: 1,
    total: 1,
    firstLine: line,
    lastLine: line,
    text: `the line of ${signal}`,
    captures,
  };
}

/** A store with these subjects; facts given as plain values or as facts. */
export function storeOf(list: readonly (Subject & { facts: Record<string, unknown> })[]): Store {
  const store = new Store(registry);
  for (const check of ['files', 'install', 'said', 'logs', 'prompts']) store.ended({ id: check, status: 'ok', ms: 1 });
  store.add('test', new Set(registry.keys()), {
    subjects: list.map(({ facts: _facts, ...subject }) => subject),
    facts: Object.fromEntries(
      list.map((s) => [s.id, Object.fromEntries(Object.entries(s.facts).map(([id, v]) => [id, asFact(v)]))]),
    ),
    notes: [],
  });
  return store;
}

function asFact(value: unknown): Fact {
  const isFact = value !== null && typeof value === 'object' && 'state' in value;
  return isFact ? (value as Fact) : known(value as never);
}

export const words = `
schema: 1
causes:
  oom-vram: { area: machine, title: { en: Out of VRAM, zh: 显存不足 }, about: { en: About, zh: 说明 } }
  cross-version-mismatch: { area: fits, title: { en: Another architecture, zh: 架构不匹配 }, about: { en: About, zh: 说明 } }
symptoms:
  black-image: { en: Black picture, zh: 出图全黑 }
`;
