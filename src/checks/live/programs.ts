import type { Ui } from '../../facts/families';
import type { LiveState } from '../../facts/registry/live';
import { isRecord } from '../../formats/json';
import { type Answer, type Asker, listIn, numberIn, recordIn } from './ask';

/** What a running program tells of itself. */
export interface Told {
  readonly state: LiveState;
  readonly ui: Ui | null;
  readonly version: string | null;
  readonly args: readonly string[] | null;
  /** Names as prompts or nodes use them; null when there is no list. */
  readonly loras: readonly string[] | null;
  readonly options: readonly { readonly name: string; readonly value: string }[] | null;
  readonly vramFree: number | null;
  readonly vramTotal: number | null;
  readonly ooms: number | null;
  readonly busy: boolean | null;
}

const SILENT: Told = {
  state: 'not-running',
  ui: null,
  version: null,
  args: null,
  loras: null,
  options: null,
  vramFree: null,
  vramTotal: null,
  ooms: null,
  busy: null,
};
const NAME_LIMIT = 20_000;
/** Settings that decide whether and how a LoRA works (webui-a1111-family.md §5.2). */
const OPTIONS = [
  'sd_model_checkpoint',
  'sd_vae',
  'sd_lora',
  'CLIP_stop_at_last_layers',
  'lora_functional',
  'lora_preferred_name',
  'lora_add_hashes_to_infotext',
  'lora_hide_unknown_for_versions',
  'list_hidden_files',
  'upcast_attn',
  'auto_vae_precision',
  'disable_all_extensions',
  'disabled_extensions',
  'extra_networks_default_multiplier',
  'forge_preset',
  'forge_unet_storage_dtype',
  'forge_additional_modules',
];

/** Asks until two answers agree on what program this is. `expect`: what should be there, asked first. */
export async function tellsOfItself(asker: Asker, expect: Ui | null): Promise<Told> {
  const first = expect === 'comfyui' ? await askComfy(asker) : await askFamily(asker);
  if (first.ui !== null || isUnreachable(first.state)) return first;
  const second = expect === 'comfyui' ? await askFamily(asker) : await askComfy(asker);
  if (second.ui !== null || isUnreachable(second.state)) return second;
  // A page that says it is there, without an API, is told from a stranger by its ping.
  return first.state === 'other-program' ? (second.state === 'other-program' ? first : second) : first;
}

const isUnreachable = (state: LiveState): boolean =>
  ['not-running', 'no-answer', 'certificate', 'tls', 'no-tls', 'locked', 'not-loopback'].includes(state);

async function askComfy(asker: Asker): Promise<Told> {
  const stats = await asker.get('/system_stats');
  const system = recordIn(stats)?.system;
  const devices = recordIn(stats)?.devices;
  if (!isRecord(system) || !Array.isArray(devices)) return { ...SILENT, state: stateOf(stats) };
  const list = listIn(await asker.get('/models/loras'));
  const queue = recordIn(await asker.get('/queue'));
  const card = devices.find((d: unknown) => isRecord(d) && d.type !== 'cpu') as unknown;
  const running = queue?.queue_running;
  return {
    state: list ? 'running' : 'unsure',
    ui: 'comfyui',
    version: typeof system.comfyui_version === 'string' ? system.comfyui_version.slice(0, 60) : null,
    args: Array.isArray(system.argv) ? texts(system.argv) : null,
    loras: list ? texts(list) : null,
    options: null,
    vramFree: isRecord(card) ? numberIn(card.vram_free) : null,
    vramTotal: isRecord(card) ? numberIn(card.vram_total) : null,
    ooms: null,
    busy: Array.isArray(running) ? running.length > 0 : null,
  };
}

async function askFamily(asker: Asker): Promise<Told> {
  const loras = await asker.get('/sdapi/v1/loras');
  if (loras.kind === 'failed') return { ...SILENT, state: stateOf(loras) };
  if (loras.kind === 'status' && (loras.status === 401 || loras.status === 403)) return { ...SILENT, state: 'locked' };
  const memory = await asker.get('/sdapi/v1/memory');
  if (memory.kind === 'status' && (memory.status === 401 || memory.status === 403)) return { ...SILENT, state: 'locked' };
  const names = familyNames(listIn(loras));
  const ram = recordIn(memory)?.ram;
  if (!isRecord(ram)) return withoutApi(asker, loras, memory, names);
  const options = recordIn(await asker.get('/sdapi/v1/options'));
  const flags = recordIn(await asker.get('/sdapi/v1/cmd-flags'));
  const progress = recordIn(await asker.get('/sdapi/v1/progress'));
  const cuda = recordIn(memory)?.cuda;
  const card = isRecord(cuda) && isRecord(cuda.system) ? cuda.system : null;
  const events = isRecord(cuda) && isRecord(cuda.events) ? cuda.events : null;
  return {
    // SD.Next answers the same routes; its settings name its own backend.
    ui:
      options && Object.hasOwn(options, 'forge_preset')
        ? 'forge'
        : options && Object.hasOwn(options, 'sd_backend')
          ? 'sdnext'
          : 'a1111',
    state: names || options || flags ? 'running' : 'unsure',
    version: null,
    args: flags ? flagsIn(flags) : null,
    loras: names,
    options: options ? optionsIn(options) : null,
    vramFree: card ? numberIn(card.free) : null,
    vramTotal: card ? numberIn(card.total) : null,
    ooms: events ? numberIn(events.oom) : null,
    busy: isRecord(progress?.state) ? Number(progress.state.job_count ?? 0) > 0 : null,
  };
}

/** Without --api the list of LoRAs and the ping of the page still answer in A1111, Forge and reForge (§8.1). */
async function withoutApi(asker: Asker, loras: Answer, memory: Answer, names: string[] | null): Promise<Told> {
  const trouble = troubleOf(loras) ?? troubleOf(memory);
  if (trouble && names === null) return { ...SILENT, state: trouble };
  const ping = await asker.get('/internal/ping');
  const pong = recordIn(ping);
  const pings = pong !== null && Object.keys(pong).length === 0;
  if (names && pings) return { ...SILENT, ui: 'a1111', state: 'api-off', loras: names };
  if (names || pings) {
    // Where there is no route, a page may be given instead of 404.
    const noRoute = memory.kind === 'status' && (memory.status === 404 || (memory.status === 200 && memory.html));
    return { ...SILENT, ui: 'a1111', state: noRoute ? 'api-off' : 'unsure', loras: names };
  }
  return { ...SILENT, state: 'other-program' };
}

function stateOf(answer: Answer): LiveState {
  if (answer.kind === 'failed') {
    if (answer.why === 'refused') return 'not-running';
    const { why } = answer;
    return why === 'certificate' || why === 'not-loopback' || why === 'tls' || why === 'no-tls' ? why : 'no-answer';
  }
  if (answer.kind === 'json') return 'other-program';
  if (answer.status === 401 || answer.status === 403) return 'locked';
  return troubleOf(answer) ?? 'other-program';
}

/** Too many questions, or not ready yet; or broken inside. */
function troubleOf(answer: Answer): 'busy' | 'failing' | null {
  if (answer.kind !== 'status') return null;
  if (answer.status === 429 || answer.status === 503) return 'busy';
  return answer.status >= 500 ? 'failing' : null;
}

const texts = (list: readonly unknown[]): string[] =>
  list.slice(0, NAME_LIMIT).flatMap((v) => (typeof v === 'string' ? [v.slice(0, 500)] : []));

function familyNames(list: readonly unknown[] | null): string[] | null {
  if (list === null) return null;
  const names = texts(list.map((v) => (isRecord(v) ? v.name : null)));
  return names.length === 0 && list.length > 0 ? null : names;
}

/** Flags that are switched on or set, as they are typed; parsed names have underscores. */
function flagsIn(flags: { readonly [name: string]: unknown }): string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    if (value === false || value === null || value === '' || /auth|password|token|secret|key/i.test(name)) return [];
    const flag = `--${name.replaceAll('_', '-').slice(0, 80)}`;
    if (value === true) return [flag];
    return typeof value === 'string' || typeof value === 'number' ? [`${flag}=${String(value).slice(0, 300)}`] : [];
  });
}

function optionsIn(options: { readonly [name: string]: unknown }): { name: string; value: string }[] {
  return OPTIONS.filter((name) => Object.hasOwn(options, name)).map((name) => {
    const value = options[name];
    return { name, value: (Array.isArray(value) ? value.slice(0, 50).map(plain).join(', ') : plain(value)).slice(0, 300) };
  });
}

/** A value of a setting as text. What is nested is none of those that we ask for; it may be a million levels deep. */
function plain(value: unknown): string {
  return value === null || typeof value === 'object' ? '' : String(value);
}
