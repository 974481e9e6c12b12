import type { Ui } from '../../facts/families';
import { liveFacts } from '../../facts/registry/live';
import type { FactMap, FactStore, Gathered, Note } from '../../facts/snapshot';
import type { Subject } from '../../facts/subject';
import { type Fact, known, unknown } from '../../facts/value';
import { baseName } from '../../formats/file-name';
import type { Check, CheckContext } from '../check';
import { Asker } from './ask';
import { type Told, tellsOfItself } from './programs';

const ID = 'live';
const PORTS: { readonly [ui in Ui]?: number } = { comfyui: 8188, swarmui: 7801, invokeai: 9090, fooocus: 7865 };
const FAMILY_PORT = 7860;
const MAX_PROGRAMS = 4;

/** Asks running programs what they list and how they are set. Only made for `--live`. `url` null: where the installs found would answer. */
export function createLiveCheck(url: string | null): Check {
  return {
    id: ID,
    title: { en: 'The running program', zh: '正在运行的程序' },
    needs: ['install', 'lora'],
    provides: [...liveFacts.map((f) => f.id), 'install.ui'],
    depth: 'quick',
    timeoutMs: 60_000,
    run: (context) => gather(context, url),
  };
}

interface Program {
  readonly base: URL;
  readonly install: Subject | null;
  readonly ui: Ui | null;
}

async function gather(context: CheckContext, url: string | null): Promise<Gathered> {
  const subjects: Subject[] = [];
  const facts: Record<string, FactMap> = {};
  const notes: Note[] = [];
  const programs = url === null ? programsOf(context.facts) : [named(context.facts, url)].filter((p) => p !== null);
  if (url !== null && programs.length === 0) notes.push({ check: ID, code: 'live-not-a-url' });
  for (const [done, program] of programs.slice(0, MAX_PROGRAMS).entries()) {
    if (context.signal.aborted) break;
    const shown = shownUrl(program.base);
    context.progress({ done, total: programs.length, what: shown });
    const told = await tellsOfItself(new Asker(context.platform, program.base, context.signal), program.ui);
    if (told.state !== 'running') notes.push({ check: ID, code: `live-${told.state}`, path: shown });
    // A guess at an address where nothing answers says nothing of anybody.
    if (program.install === null && told.ui === null) continue;
    const subject = program.install ?? strangerAt(shown, told);
    if (program.install === null) subjects.push(subject);
    facts[subject.id] = {
      ...liveFactsOf(context.facts, program.install, shown, told),
      ...(program.install || told.ui === null ? {} : { 'install.ui': known(told.ui) }),
    };
  }
  return { subjects, facts, notes };
}

/** Where the installs found would answer; without any, the two usual ports. */
function programsOf(facts: FactStore): Program[] {
  const installs = facts.subjects('install').map((install): Program => {
    const ui = facts.value<Ui>(install.id, 'install.ui') ?? null;
    const port = facts.value<number>(install.id, 'install.port') ?? (ui ? PORTS[ui] : undefined) ?? FAMILY_PORT;
    return { base: new URL(`http://127.0.0.1:${port}${subpathOf(facts, install)}`), install, ui };
  });
  if (installs.length > 0) return installs;
  return [FAMILY_PORT, 8188].map((port) => ({
    base: new URL(`http://127.0.0.1:${port}/`),
    install: null,
    ui: port === 8188 ? 'comfyui' : null,
  }));
}

/** `--subpath x` is put before all routes (webui-a1111-family.md §8.1). */
function subpathOf(facts: FactStore, install: Subject): string {
  const args = facts.value<readonly string[]>(install.id, 'install.args') ?? [];
  const at = args.findIndex((a) => a === '--subpath' || a.startsWith('--subpath='));
  const given = at < 0 ? '' : args[at]?.includes('=') ? args[at]?.slice(10) : args[at + 1];
  return given && /^[\w/.-]{1,80}$/.test(given) ? `/${given.replace(/^\/+|\/+$/g, '')}/` : '/';
}

function named(facts: FactStore, url: string): Program | null {
  if (!URL.canParse(url)) return null;
  const base = new URL(url);
  const port = Number(base.port || (base.protocol === 'https:' ? 443 : 80));
  const installs = facts.subjects('install');
  const fits = installs.filter((i) => (facts.value<number>(i.id, 'install.port') ?? null) === port);
  const [only] = fits.length === 1 ? fits : installs;
  const install = only && (fits.length === 1 || installs.length === 1) ? only : null;
  return { base, install, ui: install ? (facts.value<Ui>(install.id, 'install.ui') ?? null) : null };
}

/** The address without user name and password. */
function shownUrl(base: URL): string {
  return `${base.protocol}//${base.host}${base.pathname}`;
}

function strangerAt(url: string, told: Told): Subject {
  return { kind: 'install', id: `install:${url}`, path: url, label: told.ui ?? url };
}

function liveFactsOf(facts: FactStore, install: Subject | null, url: string, told: Told): FactMap {
  const stated = (value: string | number | boolean | null): Fact => (value === null ? unknown('not-stated') : known(value));
  const list = (value: readonly string[] | null): Fact => (value === null ? unknown('not-stated') : known([...value]));
  const compared = compareLists(facts, install, told);
  return {
    'install.liveUrl': known(url),
    'install.liveState': known(told.state),
    'install.liveVersion': stated(told.version),
    'install.liveArgs': list(told.args),
    'install.liveLoras': list(told.loras),
    'install.liveLoraCount': stated(told.loras?.length ?? null),
    'install.liveUnlisted': list(compared?.unlisted ?? null),
    'install.liveGone': list(compared?.gone ?? null),
    'install.liveOptions': told.options === null ? unknown('not-stated') : known([...told.options]),
    'install.liveVramFree': stated(told.vramFree),
    'install.liveVramTotal': stated(told.vramTotal),
    'install.liveOoms': stated(told.ooms),
    'install.liveBusy': stated(told.busy),
  };
}

/** What the disk has and the program does not list, and the other way round. Null when there is nothing to compare. */
function compareLists(facts: FactStore, install: Subject | null, told: Told): { unlisted: string[]; gone: string[] } | null {
  if (install === null || told.loras === null || told.ui === null) return null;
  const ui = facts.value<Ui>(install.id, 'install.ui');
  if ((ui === 'comfyui') !== (told.ui === 'comfyui')) return null;
  const mine = facts
    .subjects('lora')
    .filter((l) => l.links?.install === install.id && facts.value(l.id, 'lora.folder') === 'lora')
    .filter((l) => facts.value<boolean>(l.id, 'lora.visible') !== false);
  const nameOf = (label: string): string => stemOf(label).toLowerCase();
  const listed = new Set(told.loras.map(nameOf));
  const present = new Set(mine.map((l) => nameOf(l.label)));
  return {
    unlisted: mine.filter((l) => !listed.has(nameOf(l.label))).map((l) => l.label.slice(0, 500)),
    gone: told.loras.filter((name) => !present.has(nameOf(name))),
  };
}

function stemOf(name: string): string {
  return baseName(name).replace(/\.(?:safetensors|sft|ckpt|pt2?|pth|bin|pkl)$/i, '');
}
