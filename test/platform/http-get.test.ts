import { spawn } from 'node:child_process';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { httpGet } from '../../src/platform/http-get';
import { standIn } from '../checks/live/servers';
import { SELF_SIGNED } from './self-signed';

const options = (more: { timeoutMs?: number; connectMs?: number; maxBytes?: number } = {}) => ({
  timeoutMs: 2000,
  maxBytes: 1 << 20,
  signal: new AbortController().signal,
  ...more,
});

/** A listener that answers every connection in its own way, below HTTP. */
async function listener(answer: (socket: net.Socket) => void): Promise<string> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/`;
}

describe('one GET on this machine', () => {
  it('AP-01: says that nothing listens', async () => {
    const free = await new Promise<number>((resolve) => {
      const probe = net.createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as net.AddressInfo;
        probe.close(() => resolve(port));
      });
    });
    expect(await httpGet(`http://127.0.0.1:${free}/`, options())).toEqual({ failed: 'refused' });
  });

  it.runIf(process.platform === 'linux')(
    'AP-01: a port that takes no connection is given up long before the deadline',
    async () => {
      // Its queue is full and nobody takes from it: what comes then is dropped, as by a filter.
      const blocked = spawn(process.execPath, [
        '-e',
        "const s=require('net').createServer();s.listen({port:0,host:'127.0.0.1',backlog:1},()=>{require('fs').writeSync(1,String(s.address().port)+'\\n');Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0)})",
      ]);
      const fillers: net.Socket[] = [];
      onTestFinished(() => {
        for (const socket of fillers) socket.destroy();
        blocked.kill('SIGKILL');
      });
      const port = await new Promise<number>((resolve) => blocked.stdout.once('data', (text: Buffer) => resolve(Number(text))));
      for (let i = 0; i < 6; i++) {
        const socket = net.connect(port, '127.0.0.1').on('error', () => {});
        fillers.push(socket);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      const url = `http://127.0.0.1:${port}/`;
      expect(await httpGet(url, options({ timeoutMs: 600_000, connectMs: 100 }))).toEqual({ failed: 'timed-out' });
    },
  );

  it('AP-02, AP-03: one deadline for silence, slow headers and slow bodies', async () => {
    const drip = (text: string) => (socket: net.Socket) => {
      socket.write(text);
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    };
    for (const way of [() => {}, drip('HTTP/1.1 200 OK\r\nX-'), drip('HTTP/1.1 200 OK\r\n\r\n')]) {
      expect(await httpGet(await listener(way), options({ timeoutMs: 200 }))).toEqual({ failed: 'timed-out' });
    }
  });

  it('AP-04: an endless body ends at the limit', async () => {
    const stand = await standIn({
      '/': (response) => {
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536))) {}
        };
        response.on('drain', more);
        more();
      },
    });
    expect(await httpGet(`${stand.url}/`, options())).toEqual({ failed: 'too-large' });
  });

  it('AP-05: asks for no compression and unpacks none', async () => {
    const packed = gzipSync(Buffer.alloc(4 << 20));
    const stand = await standIn({ '/': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed) });
    const answer = await httpGet(`${stand.url}/`, options());
    expect('body' in answer && answer.body.length).toBe(packed.length);
    expect(stand.headers[0]?.['accept-encoding']).toBeUndefined();
  });

  it('AP-12: TLS that was not asked for, asked for in vain, and with a certificate of its own: each is named', async () => {
    const secret = 'user:s3cret@';
    const seen: (string | undefined)[] = [];
    const secure = https.createServer(SELF_SIGNED, (request, response) => {
      seen.push(request.headers.authorization);
      response.end('[]');
    });
    const taken = new Promise((resolve) => secure.once('tlsClientError', resolve));
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void secure.close());
    const { port } = secure.address() as net.AddressInfo;
    expect(await httpGet(`https://127.0.0.1:${port}/`, options())).toEqual({ failed: 'certificate' });
    expect(await httpGet(`http://${secret}127.0.0.1:${port}/`, options())).toEqual({ failed: 'tls' });
    await taken;
    expect(seen).toEqual([]);
    const plain = await standIn({ '/': { json: 1 } });
    expect(await httpGet(`${plain.url.replace('http:', 'https:')}/`, options())).toEqual({ failed: 'no-tls' });
    expect(plain.seen).toEqual([]);
  });

  it('AP-06: lengths that lie, garbage and huge headers are failures, never exceptions', async () => {
    const answers = [
      'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}{"more":1}',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(1 << 20)}\r\n\r\n`,
      `HTTP/1.1 200 OK\r\n${'X: a\r\n'.repeat(10_000)}\r\n`,
      '\x15\x03\x01\x00\x02\x02\x16',
      'SSH-2.0-OpenSSH_9\r\n',
    ];
    for (const answer of answers) {
      const got = await httpGet(await listener((socket) => socket.end(answer)), options());
      expect('failed' in got && ['bad-answer', 'reset'].includes(got.failed)).toBe(true);
    }
  });

  it('AP-07: follows no redirect', async () => {
    for (const status of [301, 302, 307, 308]) {
      for (const location of ['http://127.0.0.2:1/', 'http://example.org/', 'file:///etc/hosts', '/', '//127.0.0.1:1/x']) {
        const stand = await standIn({ '/': { status, headers: { location } } });
        expect(await httpGet(`${stand.url}/`, options())).toMatchObject({ status });
        expect(stand.seen).toEqual(['GET /']);
      }
    }
  });

  it('AP-13: literal loopback addresses only', async () => {
    for (const url of [
      'http://192.168.1.2/',
      'http://example.org/',
      'http://0.0.0.0/',
      'http://[fe80::1]/',
      'http://127.0.0.1.example.org/',
    ]) {
      expect(await httpGet(url, options())).toEqual({ failed: 'not-loopback' });
    }
    expect(await httpGet('file:///etc/hosts', options())).toEqual({ failed: 'not-a-url' });
    expect(await httpGet('nonsense', options())).toEqual({ failed: 'not-a-url' });
    const stand = await standIn({ '/': { json: 1 } });
    expect(await httpGet(`${stand.url.replace('127.0.0.1', 'localhost')}/`, options())).toMatchObject({ status: 200 });
  });

  it('AP-13: a program that listens on ::1 alone is found as localhost', async (context) => {
    const server = http.createServer((_, response) => response.end('[]'));
    const listening = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(0, '::1', () => resolve(true));
    });
    if (!listening) return context.skip('this machine has no IPv6');
    onTestFinished(() => void server.close());
    const { port } = server.address() as net.AddressInfo;
    expect(await httpGet(`http://localhost:${port}/`, options())).toMatchObject({ status: 200 });
    expect(await httpGet(`http://[::1]:${port}/`, options())).toMatchObject({ status: 200 });
  });

  const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
  it.each<[string, (socket: net.Socket) => void]>([
    ['before an answer', (socket) => socket.resetAndDestroy()],
    ['in the middle of one', (socket) => socket.write(whole.slice(0, -1), () => socket.resetAndDestroy())],
    ['closed in the middle', (socket) => socket.end(whole.slice(0, -1))],
  ])('AP-16: a connection lost %s is tried once more', async (_name, lose) => {
    let times = 0;
    const url = await listener((socket) => {
      times++;
      if (times === 1) lose(socket);
      else socket.end(whole);
    });
    expect(await httpGet(url, options())).toMatchObject({ status: 200 });
    expect(times).toBe(2);
  });

  it('AP-16: a connection that is always lost is asked twice, and once for TLS', async () => {
    const first: number[] = [];
    const url = await listener((socket) => {
      socket.once('data', (data) => {
        first.push(data[0] ?? 0);
        socket.resetAndDestroy();
      });
    });
    expect(await httpGet(url, options())).toEqual({ failed: 'reset' });
    expect(first).toEqual(['G'.charCodeAt(0), 'G'.charCodeAt(0), 0x16]);
  });

  it('AP-17: HTTP/1.0 and early hints are fine', async () => {
    const old = await listener((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n[]'));
    expect(await httpGet(old, options())).toMatchObject({ status: 200 });
    const hints = await listener((socket) =>
      socket.end('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]'),
    );
    expect(await httpGet(hints, options())).toMatchObject({ status: 200 });
    const goOn = await listener((socket) => socket.end(`HTTP/1.1 100 Continue\r\n\r\n${whole}`));
    expect(await httpGet(goOn, options())).toMatchObject({ status: 200 });
  });

  it('AP-17: no connection is kept', async () => {
    const stand = await standIn({ '/': { json: 1 } });
    for (let i = 0; i < 3; i++) await httpGet(`${stand.url}/`, options());
    expect(stand.headers.map((headers) => headers.connection)).toEqual(['close', 'close', 'close']);
  });

  it('AP-18: a proxy of the environment is not used', async () => {
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']) vi.stubEnv(name, 'http://127.0.0.1:1');
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const stand = await standIn({ '/': { json: 1 } });
    expect(await httpGet(`${stand.url}/`, options())).toMatchObject({ status: 200 });
  });
});
