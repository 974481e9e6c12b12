import { isRecord, type JsonRecord, parseJson } from '../../formats/json';
import type { HttpFailure, Platform } from '../../platform/platform';

/**
 * Every address that may be asked: GET, read-only, cheap. Nothing that changes, queues, loads or rescans (webui-a1111-family.md
 * §8, traps 49; webui-comfyui-and-others.md A9).
 */
export const ALLOWED = [
  '/system_stats',
  '/models/loras',
  '/queue',
  '/sdapi/v1/loras',
  '/sdapi/v1/cmd-flags',
  '/sdapi/v1/options',
  '/sdapi/v1/memory',
  '/sdapi/v1/progress',
  '/internal/ping',
] as const;
export type Route = (typeof ALLOWED)[number];

const TIMEOUT_MS = 5000;
const MAX_BYTES = 16 << 20;
/** Of one program. */
const MAX_CALLS = 10;

export type Answer =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'status'; readonly status: number; readonly html: boolean }
  | { readonly kind: 'failed'; readonly why: HttpFailure['failed'] };

/** Asks one program, one question after the other, at most ten. */
export class Asker {
  readonly #platform: Pick<Platform, 'httpGet'>;
  readonly #base: URL;
  readonly #signal: AbortSignal;
  #calls = 0;

  /** @param base address of the program, with its subpath and, when the user gave them, user name and password. */
  constructor(platform: Pick<Platform, 'httpGet'>, base: URL, signal: AbortSignal) {
    this.#platform = platform;
    this.#base = base;
    this.#signal = signal;
  }

  async get(route: Route): Promise<Answer> {
    if (this.#calls >= MAX_CALLS) return { kind: 'failed', why: 'too-large' };
    this.#calls++;
    const url = new URL(this.#base);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}${route}`;
    // Progress without the preview picture.
    url.search = route === '/sdapi/v1/progress' ? '?skip_current_image=true' : '';
    const answer = await this.#platform.httpGet(url.href, { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, signal: this.#signal });
    if ('failed' in answer) return { kind: 'failed', why: answer.failed };
    const text = new TextDecoder('utf-8').decode(answer.body);
    const html = /^\s{0,100}</.test(text.slice(0, 200)) || /html/i.test(answer.type);
    if (answer.status !== 200) return { kind: 'status', status: answer.status, html };
    const value = html ? undefined : parseJson(text);
    return value === undefined ? { kind: 'status', status: 200, html } : { kind: 'json', value };
  }
}

export const recordIn = (answer: Answer): JsonRecord | null =>
  answer.kind === 'json' && isRecord(answer.value) ? answer.value : null;

export const listIn = (answer: Answer): readonly unknown[] | null =>
  answer.kind === 'json' && Array.isArray(answer.value) ? answer.value : null;

export const numberIn = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
