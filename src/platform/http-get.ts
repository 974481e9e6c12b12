import http from 'node:http';
import https from 'node:https';
import type { HttpAnswer, HttpFailure, HttpOptions } from './platform';

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
  let last: HttpAnswer | HttpFailure = { failed: 'refused' };
  for (const host of hosts) {
    last = await once(target, host, options.maxBytes, deadline);
    if ('failed' in last && last.failed === 'reset') last = await once(target, host, options.maxBytes, deadline);
    if (!('failed' in last) || last.failed !== 'refused') return last;
  }
  return last;
}

function hostsOf(name: string): readonly string[] {
  const host = name.toLowerCase();
  if (host === 'localhost') return ['127.0.0.1', '::1'];
  if (host === '[::1]') return ['::1'];
  return IPV4.test(host) ? [host] : [];
}

function once(target: URL, host: string, maxBytes: number, signal: AbortSignal): Promise<HttpAnswer | HttpFailure> {
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
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(code)) return { failed: 'certificate' };
  return { failed: 'bad-answer' };
}
