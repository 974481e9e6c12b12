import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { httpGet } from '../../src/platform/http-get';
import { standIn } from '../checks/live/servers';

const options = (more: { timeoutMs?: number; maxBytes?: number } = {}) => ({
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
    const url = await listener(() => {});
    const free = await new Promise<number>((resolve) => {
      const probe = net.createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as net.AddressInfo;
        probe.close(() => resolve(port));
      });
    });
    expect(url).toMatch(/^http/);
    expect(await httpGet(`http://127.0.0.1:${free}/`, options())).toEqual({ failed: 'refused' });
  });

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

  it('AP-06, AP-12: lengths that lie, garbage, huge headers and TLS are failures, never exceptions', async () => {
    const answers = [
      'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort',
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
      const stand = await standIn({ '/': { status, headers: { location: 'http://127.0.0.2:1/' } } });
      expect(await httpGet(`${stand.url}/`, options())).toMatchObject({ status });
      expect(stand.seen).toEqual(['GET /']);
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

  it('AP-16: a lost connection is tried once more', async () => {
    let times = 0;
    const url = await listener((socket) => {
      times++;
      if (times === 1) socket.resetAndDestroy();
      else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
    });
    expect(await httpGet(url, options())).toMatchObject({ status: 200 });
    expect(times).toBe(2);
  });

  it('AP-17: HTTP/1.0 and early hints are fine', async () => {
    const old = await listener((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n[]'));
    expect(await httpGet(old, options())).toMatchObject({ status: 200 });
    const hints = await listener((socket) =>
      socket.end('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]'),
    );
    expect(await httpGet(hints, options())).toMatchObject({ status: 200 });
  });

  it('AP-18: a proxy of the environment is not used', async () => {
    const before = process.env.HTTP_PROXY;
    process.env.HTTP_PROXY = 'http://127.0.0.1:1';
    onTestFinished(() => {
      if (before === undefined) delete process.env.HTTP_PROXY;
      else process.env.HTTP_PROXY = before;
    });
    const stand = await standIn({ '/': { json: 1 } });
    expect(await httpGet(`${stand.url}/`, options())).toMatchObject({ status: 200 });
  });
});
