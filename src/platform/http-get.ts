import http from 'node:http';
import https from 'node:https';
import type { HttpAnswer, HttpFailure, HttpOptions } from './platform';

/** For the connection alone (AP-01). */
const CONNECT_MS = 2000;
/** 127.0.0.0/8 and ::1; `localhost` is tried as both, never asked of a name server (it may be mapped to anything). */
const IPV4 = /^127(?:\.\d{1,3}){3}$/;

/**
 * One GET to a program on this machine: literal loopback addresses only, no redirect is followed, no proxy, no compressed body,
 * one deadline for the whole exchange, at most `maxBytes` of body. A lost connection is tried once more. Never throws.
 */
export async function httpGet(url: string, options: HttpOptions): Promise<HttpAnswer | HttpFailure> {
  let target: URL;
  try {
    target = new URL(url);
  } catch {
    return { failed: 'not-a-url' };
  }
  if (target.protocol !== 'http:' && target.protocol !== 'https:') return { failed: 'not-a-url' };
  const hosts = hostsOf(target.hostname);
  if (hosts.length === 0) return { failed: 'not-loopback' };
  const deadline = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  const exchange = { maxBytes: options.maxBytes, connectMs: options.connectMs ?? CONNECT_MS, signal: deadline };
  let last: HttpAnswer | HttpFailure = { failed: 'refused' };
  for (const host of hosts) {
    last = await once(target, host, exchange);
    if ('failed' in last && last.failed === 'reset') last = await once(target, host, exchange);
    if (!('failed' in last) || last.failed !== 'refused')
      return (await wantsTls(target, host, exchange, last)) ? { failed: 'tls' } : last;
  }
  return last;
}

/** A program that speaks TLS hangs up on plain HTTP, or answers with bytes that are none: it is asked once more, without password. */
async function wantsTls(target: URL, host: string, exchange: Exchange, got: HttpAnswer | HttpFailure): Promise<boolean> {
  if (target.protocol !== 'http:' || !('failed' in got) || (got.failed !== 'reset' && got.failed !== 'bad-answer')) return false;
  const secure = new URL(target);
  secure.protocol = 'https:';
  secure.port = target.port === '' ? '80' : target.port;
  secure.username = '';
  secure.password = '';
  const answer = await once(secure, host, exchange);
  return !('failed' in answer) || answer.failed === 'certificate';
}

function hostsOf(name: string): readonly string[] {
  const host = name.toLowerCase();
  if (host === 'localhost') return ['127.0.0.1', '::1'];
  if (host === '[::1]') return ['::1'];
  return IPV4.test(host) ? [host] : [];
}

interface Exchange {
  readonly maxBytes: number;
  readonly connectMs: number;
  readonly signal: AbortSignal;
}

function once(target: URL, host: string, { maxBytes, connectMs, signal }: Exchange): Promise<HttpAnswer | HttpFailure> {
  return new Promise((resolve) => {
    const secure = target.protocol === 'https:';
    const auth = target.username === '' ? {} : { auth: `${decode(target.username)}:${decode(target.password)}` };
    const request = (secure ? https : http).request(
      {
        host,
        port: target.port === '' ? (secure ? 443 : 80) : Number(target.port),
        path: `${target.pathname}${target.search}`,
        method: 'GET',
        headers: { Host: target.host, Accept: 'application/json', Connection: 'close' },
        agent: false,
        signal,
        ...auth,
      },
      (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > maxBytes) {
            resolve({ failed: 'too-large' });
            request.destroy();
          } else parts.push(part);
        });
        response.on('end', () =>
          resolve(
            response.complete
              ? { status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', body: Buffer.concat(parts) }
              : { failed: 'reset' },
          ),
        );
        response.on('error', (error) => resolve(failureOf(error, signal)));
      },
    );
    request.on('error', (error) => resolve(failureOf(error, signal)));
    // Port and program are of this machine: who does not take a connection at once is filtered or stuck.
    const patience = setTimeout(
      () => request.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' })),
      connectMs,
    );
    request.on('socket', (socket) => socket.once('connect', () => clearTimeout(patience)));
    request.on('close', () => clearTimeout(patience));
    request.end();
  });
}

/** Percent signs that stand for nothing stay as they are. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function failureOf(error: Error & { code?: string }, signal: AbortSignal): HttpFailure {
  const code = error.code ?? '';
  if (signal.aborted || code === 'ABORT_ERR' || code === 'ETIMEDOUT') return { failed: 'timed-out' };
  if (code === 'ECONNREFUSED' || code === 'EADDRNOTAVAIL' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return { failed: 'refused' };
  if (code === 'ECONNRESET' || code === 'EPIPE') return { failed: 'reset' };
  if (code === 'EPROTO' || /^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/.test(code)) return { failed: 'no-tls' };
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(code)) return { failed: 'certificate' };
  return { failed: 'bad-answer' };
}
