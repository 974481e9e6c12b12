import type { Ui } from '../../facts/families';
import type { SignalHit } from '../../facts/signal';
import { baseName } from '../file-name';
import { createHits, type HitCollector, type NewHit } from './hits';
import { createUiVotes, type UiVotes } from './ui-votes';

export type LogOutcome = 'running' | 'stopped' | 'crashed' | 'never-started' | 'unknown';

/** One start of the program, as far as the log tells. Lines are 1-based, counted by `\n`. */
export interface LogSession {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly ui?: Ui;
  readonly version?: string;
  readonly commit?: string;
  readonly python?: string;
  readonly torch?: string;
  /** Build tag of torch: `cu121`, `rocm6.0`, `cpu`. */
  readonly torchBuild?: string;
  readonly gpuName?: string;
  /** Bytes. */
  readonly vramTotal?: number;
  readonly args?: readonly string[];
  readonly checkpoint?: string;
  readonly outcome: LogOutcome;
  readonly serverStarted: boolean;
  readonly generations: number;
  readonly lastFailureLine?: number;
  readonly lorasLoaded: readonly string[];
  readonly lorasFailed: readonly string[];
  readonly signals: readonly SignalHit[];
}

/** A hit with what the session wants to know besides. */
export interface SessionHit extends NewHit {
  readonly failure: boolean;
  readonly ui?: readonly Ui[];
}

export interface SessionBuilder {
  /** True when this start-up line opens another session. */
  startsAnew(hit: SessionHit): boolean;
  add(hit: SessionHit): void;
  /** The session reaches at least to this line. */
  reaches(line: number): void;
  vote(uis: readonly Ui[]): void;
  build(): LogSession;
  /** The same session, added to apart. */
  fork(): SessionBuilder;
}

/** Names that are kept of LoRAs loaded or failed; a session with more is not read by a person anyway. */
const NAMES = 500;
const BUNDLED_NOISE = 'noise-bundled-node-failed';
/** Programs that end with an argparse error before they do anything. */
const STARTERS: ReadonlySet<string> = new Set(['launch.py', 'main.py', 'webui.py', 'entry_with_update.py']);

export function createSession(firstLine: number, given?: Ui): SessionBuilder {
  return new Session(firstLine, createUiVotes(given), createHits());
}

class Session implements SessionBuilder {
  readonly #firstLine: number;
  readonly #hits: HitCollector;
  readonly #votes: UiVotes;
  readonly #starts = new Set<string>();
  readonly #known = new Map<string, string>();
  readonly #loaded = new Set<string>();
  readonly #failed = new Set<string>();
  #lastLine: number;
  #stopped = 0;
  #refused = 0;
  #crashed = 0;
  #served = false;
  #generations = 0;
  #lastFailure = 0;
  /** Of an optional node that ships with ComfyUI: a failure only as long as the server has not come up in spite of it. */
  #bundledFailure = 0;

  constructor(firstLine: number, votes: UiVotes, hits: HitCollector) {
    this.#firstLine = firstLine;
    this.#lastLine = firstLine;
    this.#votes = votes;
    this.#hits = hits;
  }

  fork(): Session {
    const other = new Session(this.#firstLine, this.#votes.fork(), this.#hits.fork());
    for (const start of this.#starts) other.#starts.add(start);
    for (const [name, value] of this.#known) other.#known.set(name, value);
    for (const name of this.#loaded) other.#loaded.add(name);
    for (const name of this.#failed) other.#failed.add(name);
    other.#lastLine = this.#lastLine;
    other.#stopped = this.#stopped;
    other.#refused = this.#refused;
    other.#crashed = this.#crashed;
    other.#served = this.#served;
    other.#generations = this.#generations;
    other.#lastFailure = this.#lastFailure;
    other.#bundledFailure = this.#bundledFailure;
    return other;
  }

  /** A start-up line that was there already, or any after the server had come up, had been stopped or had refused its options. */
  startsAnew(hit: SessionHit): boolean {
    const ended = this.#served || this.#stopped > 0 || this.#refused > 0;
    return hit.signal === 'session-start' && (ended || this.#starts.has(hit.signature));
  }

  add(hit: SessionHit): void {
    if (hit.ui) this.#votes.add(hit.ui);
    if (hit.signal.startsWith('session-')) {
      this.#remember(hit);
      return;
    }
    if (hit.signal === 'server-started') this.#served = true;
    if (hit.signal === 'generation-done') this.#generations++;
    if (hit.signal === 'process-killed' || hit.signal === 'process-crashed') this.#crashed = hit.line;
    if (hit.signal === 'unknown-option' && STARTERS.has(hit.captures.program ?? '')) this.#refused = hit.line;
    if (hit.failure && hit.captures.bundled) this.#bundledFailure = hit.line;
    else if (hit.failure) this.#lastFailure = Math.max(this.#lastFailure, hit.line);
    this.#keepNames(hit);
    this.#hits.add(hit);
  }

  reaches(line: number): void {
    this.#lastLine = Math.max(this.#lastLine, line);
  }

  vote(uis: readonly Ui[]): void {
    this.#votes.add(uis);
  }

  build(): LogSession {
    const version = this.#known.get('version');
    const torch = this.#known.get('torch');
    const args = this.#known.get('args');
    const vram = this.#known.get('vram');
    const ui = this.#votes.winner(version);
    const tag = torch?.split('+')[1];
    const lastFailure = this.#served ? this.#lastFailure : Math.max(this.#lastFailure, this.#bundledFailure);
    return {
      firstLine: this.#firstLine,
      lastLine: this.#lastLine,
      ...(ui ? { ui } : {}),
      ...pick(this.#known, { version: 'version', commit: 'commit', python: 'python', gpuName: 'gpu', checkpoint: 'checkpoint' }),
      ...(torch ? { torch } : {}),
      ...(tag ? { torchBuild: tag } : {}),
      ...(vram ? { vramTotal: Number(vram) * 1024 * 1024 } : {}),
      ...(args === undefined ? {} : { args: splitArguments(args) }),
      outcome: this.#outcome(lastFailure),
      serverStarted: this.#served,
      generations: this.#generations,
      ...(lastFailure > 0 ? { lastFailureLine: lastFailure } : {}),
      lorasLoaded: [...this.#loaded],
      lorasFailed: [...this.#failed],
      signals: this.#signals(),
    };
  }

  /** `session-NAME` with a capture `value` is remembered under NAME; the last one counts for what may change while it runs. */
  #remember(hit: SessionHit): void {
    if (hit.signal === 'session-start') this.#starts.add(hit.signature);
    else if (hit.signal === 'session-stopped') this.#stopped = hit.line;
    const value = hit.captures.value;
    if (value !== undefined) this.#known.set(hit.signal.slice('session-'.length), value);
  }

  #keepNames(hit: SessionHit): void {
    const names = hit.signal === 'lora-loaded' ? this.#loaded : hit.failure ? this.#failed : null;
    if (names === null || names.size >= NAMES) return;
    const { lora, lora2, loras } = hit.captures;
    if (lora) keep(names, lora);
    if (lora2) keep(names, lora2);
    for (const [, name] of loras?.matchAll(/['"]([^'":]{1,200})(?::[^'"]{0,80})?['"]/g) ?? []) if (name) keep(names, name);
  }

  #signals(): SignalHit[] {
    const all = this.#hits.list();
    return this.#served ? all.map((hit) => (hit.captures.bundled ? { ...hit, signal: BUNDLED_NOISE } : hit)) : all;
  }

  #outcome(lastFailure: number): LogOutcome {
    if (this.#crashed > 0 && this.#crashed >= this.#stopped) return 'crashed';
    if (this.#stopped > 0) return 'stopped';
    if (this.#served) return 'running';
    return this.#refused > 0 || (this.#starts.size > 0 && lastFailure > 0) ? 'never-started' : 'unknown';
  }
}

/** A path is kept as the name that a prompt would use: no folder, no extension of a model file. */
function keep(names: Set<string>, name: string): void {
  const file = baseName(name.trim());
  if (names.size < NAMES && file !== '') names.add(file.replace(/\.(?:safetensors|pt|ckpt|bin|pth)$/i, ''));
}

function pick<Key extends string>(known: ReadonlyMap<string, string>, wanted: Record<Key, string>): Partial<Record<Key, string>> {
  const out: Partial<Record<Key, string>> = {};
  for (const key of Object.keys(wanted) as Key[]) {
    const value = known.get(wanted[key]);
    if (value !== undefined) out[key] = value;
  }
  return out;
}

/** The printed argument line back to a list: blanks separate, quotes of either kind hold together. */
function splitArguments(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*'|["'])+/g)].slice(0, 200).map(([word]) => word.replace(/["']/g, ''));
}
