import { describe, expect, it } from 'vitest';
import { installCheck } from '../../../src/checks/install/check';
import { createLiveCheck } from '../../../src/checks/live/check';
import { registry } from '../../../src/facts/registry/all';
import type { FactMap } from '../../../src/facts/snapshot';
import { Store } from '../../../src/facts/store';
import { known } from '../../../src/facts/value';
import type { Platform } from '../../../src/platform/platform';
import { noteMessage } from '../../../src/report/notes';
import { A1111, plant, runChecks, tempFolder } from '../plant';
import { A1111_ROUTES, COMFY_ROUTES, type Reply, standIn } from './servers';

/** Asks a stand-in; facts of the one subject that came of it, and the note codes. */
async function ask(replies: Readonly<Record<string, Reply>>, path = '', login = '') {
  const stand = await standIn(replies);
  const url = `${stand.url.replace('://', `://${login}`)}${path}`;
  const store = await runChecks([createLiveCheck(url)], [], { store: new Store(registry) });
  const [subject] = store.subjects('install');
  const value = (name: string): unknown => (subject ? store.value(subject.id, name) : undefined);
  const notes = store.notes().map((n) => n.code);
  return { stand, store, value, notes };
}

const ALLOWED =
  /^GET (?:\/system_stats|\/models\/loras|\/queue|\/sdapi\/v1\/(?:loras|cmd-flags|options|memory|progress\?skip_current_image=true)|\/internal\/ping)$/;

describe('a running A1111', () => {
  it('AP-21, AP-22: is asked by GET from the list only, one at a time, at most ten times', async () => {
    const { stand, value, notes } = await ask(A1111_ROUTES);
    expect(stand.seen.every((r) => ALLOWED.test(r))).toBe(true);
    expect(stand.seen.length).toBeLessThanOrEqual(10);
    expect(stand.most()).toBe(1);
    expect(notes).toEqual([]);
    expect(value('install.liveState')).toBe('running');
    expect(value('install.ui')).toBe('a1111');
    expect(value('install.liveLoras')).toEqual(['mika']);
    expect(value('install.liveVramFree')).toBe(2 ** 31);
    expect(value('install.liveVramTotal')).toBe(2 ** 33);
    expect(value('install.liveOoms')).toBe(3);
    expect(value('install.liveBusy')).toBe(true);
    expect(value('install.liveOptions')).toEqual([
      { name: 'sd_vae', value: 'Automatic' },
      { name: 'sd_lora', value: 'None' },
      { name: 'CLIP_stop_at_last_layers', value: '2' },
    ]);
  });

  it('tells its flags without the password', async () => {
    const { value } = await ask(A1111_ROUTES);
    expect(value('install.liveArgs')).toEqual(['--api', '--medvram', '--ckpt-dir=/w/c']);
  });

  it('AP-08, AP-09: without --api only the list answers', async () => {
    const { '/sdapi/v1/loras': loras, '/internal/ping': ping } = A1111_ROUTES;
    const off = await ask({ ...(loras ? { '/sdapi/v1/loras': loras } : {}), ...(ping ? { '/internal/ping': ping } : {}) });
    expect([off.value('install.liveState'), off.value('install.liveLoras'), off.notes]).toEqual([
      'api-off',
      ['mika'],
      ['live-api-off'],
    ]);
    const html: Reply = { status: 200, text: '<!doctype html><title>Stable Diffusion</title>' };
    // A page in place of 404, beside a ping that answers: the program is there, its API is not.
    const page = await ask({ '*': html, ...(ping ? { '/internal/ping': ping } : {}) });
    expect([page.value('install.liveState'), page.notes]).toEqual(['api-off', ['live-api-off']]);
    expect((await ask({ '*': html })).notes).toEqual(['live-other-program']);
  });

  it('AP-02, AP-04: a program that stays silent is asked once, under the deadline and the limit', async () => {
    const asked: { url: string; timeoutMs: number; maxBytes: number }[] = [];
    const httpGet: Platform['httpGet'] = (url, { timeoutMs, maxBytes }) => {
      asked.push({ url, timeoutMs, maxBytes });
      return Promise.resolve({ failed: 'timed-out' });
    };
    const store = await runChecks([createLiveCheck('http://127.0.0.1:7860')], [], {
      store: new Store(registry),
      platform: { httpGet },
    });
    expect(store.notes().map((n) => n.code)).toEqual(['live-no-answer']);
    expect(asked).toEqual([{ url: 'http://127.0.0.1:7860/sdapi/v1/loras', timeoutMs: 5000, maxBytes: 16 << 20 }]);
  });

  it.each(['tls', 'no-tls', 'certificate'] as const)(
    'AP-12: %s is told in both languages, and nothing else is asked',
    async (failed) => {
      let asked = 0;
      const httpGet: Platform['httpGet'] = () => {
        asked++;
        return Promise.resolve({ failed });
      };
      const store = await runChecks([createLiveCheck('http://127.0.0.1:7860')], [], {
        store: new Store(registry),
        platform: { httpGet },
      });
      const [note] = store.notes();
      expect([asked, note?.code]).toEqual([1, `live-${failed}`]);
      for (const lang of ['en', 'zh-CN'] as const) expect(noteMessage(note ?? { check: '', code: '' }, lang)).toContain('TLS');
    },
  );

  it.each([
    [401, 'live-locked'],
    [403, 'live-locked'],
    [404, 'live-other-program'],
    [405, 'live-other-program'],
    [429, 'live-busy'],
    [500, 'live-failing'],
    [503, 'live-busy'],
  ])('AP-08: status %i on everything is said for what it is', async (status, code) => {
    expect((await ask({ '*': { status } })).notes).toEqual([code]);
  });

  it('AP-10: tolerates a wrong content type, a byte-order mark and Python’s NaN', async () => {
    const { value } = await ask({
      ...A1111_ROUTES,
      '/sdapi/v1/memory': {
        status: 200,
        text: '\ufeff{"ram":{"free":NaN},"cuda":{"system":{"free":5,"total":Infinity}}}',
        headers: { 'content-type': 'text/plain' },
      },
    });
    expect([value('install.liveState'), value('install.liveVramFree'), value('install.liveVramTotal')]).toEqual([
      'running',
      5,
      undefined,
    ]);
  });

  it('AP-11: what a body calls __proto__ stays data', async () => {
    const { value } = await ask({ ...A1111_ROUTES, '/sdapi/v1/options': { json: '{"__proto__":{"polluted":1},"sd_vae":"x"}' } });
    expect(value('install.liveOptions')).toEqual([{ name: 'sd_vae', value: 'x' }]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('AP-11: a setting a million levels deep, and 17 MiB of settings, end nothing', async () => {
    const deep = `{"sd_vae":${'['.repeat(1e6)}${']'.repeat(1e6)},"sd_lora":{"a":{}},"disabled_extensions":["a","b"]}`;
    const { value, notes } = await ask({ ...A1111_ROUTES, '/sdapi/v1/options': { json: deep } });
    expect([value('install.liveState'), notes]).toEqual(['running', []]);
    expect(value('install.liveOptions')).toEqual([
      { name: 'sd_vae', value: '' },
      { name: 'sd_lora', value: '' },
      { name: 'disabled_extensions', value: 'a, b' },
    ]);
    const huge = `{"sd_vae":"${'x'.repeat(17 << 20)}"}`;
    const large = await ask({ ...A1111_ROUTES, '/sdapi/v1/options': { json: huge } });
    expect([large.value('install.liveState'), large.value('install.liveOptions')]).toEqual(['running', undefined]);
  });

  it.each<[string, Readonly<Record<string, Reply>>]>([
    ['Ollama', { '/': { status: 200, text: 'Ollama is running' }, '/api/tags': { json: { models: [] } } }],
    ['a program that answers everything with JSON', { '*': { json: { models: [] } } }],
    ['SwarmUI', { '/': { status: 302, headers: { location: '/Text2Image' } }, '*': { status: 404, text: '<html>404</html>' } }],
    ['a game', { '*': { status: 200, text: '<!doctype html><canvas></canvas>' } }],
    ['lists of numbers', { '*': { json: [1, 2] } }],
  ])('AP-14: %s on its port is called another program', async (_name, replies) => {
    const { notes, store } = await ask(replies);
    expect(notes).toEqual(['live-other-program']);
    expect(store.subjects('install')).toEqual([]);
  });

  it('AP-15: one right answer is not enough', async () => {
    const { notes } = await ask({ '/sdapi/v1/memory': { json: { ram: { free: 1 } } } });
    expect(notes).toEqual(['live-unsure']);
  });

  it('AP-19: a subpath comes before every route', async () => {
    const routes = Object.fromEntries(Object.entries(A1111_ROUTES).map(([k, v]) => [`/sub${k}`, v]));
    const { value, stand } = await ask(routes, '/sub/');
    expect(value('install.liveState')).toBe('running');
    expect(stand.seen.every((r) => r.startsWith('GET /sub/'))).toBe(true);
  });

  it('AP-20: user name and password go to that address and into no fact', async () => {
    const { stand, store } = await ask(A1111_ROUTES, '', 'user:s3cret@');
    expect(stand.headers[0]?.authorization).toBe(`Basic ${Buffer.from('user:s3cret').toString('base64')}`);
    expect(JSON.stringify(store.snapshot('x'))).not.toContain('s3cret');
  });
});

describe('a running ComfyUI', () => {
  it('AP-14: is recognised at any address', async () => {
    const { value, stand } = await ask(COMFY_ROUTES);
    expect(stand.seen.every((r) => ALLOWED.test(r))).toBe(true);
    expect([value('install.ui'), value('install.liveVersion'), value('install.liveState')]).toEqual([
      'comfyui',
      '0.3.64',
      'running',
    ]);
    expect(value('install.liveLoras')).toEqual(['mika.safetensors', 'sub/two.safetensors']);
    expect(value('install.liveArgs')).toEqual(['main.py', '--lowvram']);
    expect(value('install.liveVramFree')).toBe(2 ** 32);
    expect(value('install.liveBusy')).toBe(false);
  });
});

describe('beside an install on the disk', () => {
  it('says which files the running program does not list, and which it lists that are gone', async () => {
    const root = plant(tempFolder(), { ...A1111, 'models/Lora/late.safetensors': 'x' });
    const stand = await standIn(A1111_ROUTES);
    const store = await runChecks([installCheck], [root], { store: new Store(registry) });
    const [install] = store.subjects('install');
    const file = `${root}/models/Lora/late.safetensors`;
    const facts: FactMap = { 'lora.folder': known('lora'), 'lora.visible': known(true) };
    const links = install ? { install: install.id } : {};
    store.add('lora', new Set(['lora.folder', 'lora.visible']), {
      subjects: [{ kind: 'lora', id: `lora:${file}`, path: file, label: 'late.safetensors', links }],
      facts: { [`lora:${file}`]: facts },
      notes: [],
    });
    await runChecks([createLiveCheck(stand.url)], [root], { store });
    expect(store.value(install?.id ?? '', 'install.liveUnlisted')).toEqual(['late.safetensors']);
    expect(store.value(install?.id ?? '', 'install.liveGone')).toEqual(['mika']);
  });
});

describe('addresses', () => {
  it('AP-19: port and subpath are those of the start options', async () => {
    const routes = Object.fromEntries(Object.entries(A1111_ROUTES).map(([k, v]) => [`/my/sub${k}`, v]));
    const stand = await standIn(routes);
    const port = new URL(stand.url).port;
    const root = plant(tempFolder(), {
      ...A1111,
      'webui-user.sh': `export COMMANDLINE_ARGS="--api --subpath my/sub --port ${port}"\n`,
    });
    const store = await runChecks([installCheck, createLiveCheck(null)], [root], { store: new Store(registry) });
    expect(store.value(`install:${root}`, 'install.liveState')).toBe('running');
    expect(stand.seen.every((request) => request.startsWith('GET /my/sub/'))).toBe(true);
  });

  it('AP-13: another machine is never asked', async () => {
    let asked = 0;
    const httpGet: Platform['httpGet'] = () => {
      asked++;
      return Promise.resolve({ failed: 'not-loopback' });
    };
    const store = await runChecks([createLiveCheck('http://10.0.0.1:7860')], [], {
      store: new Store(registry),
      platform: { httpGet },
    });
    expect([asked, store.notes().map((n) => n.code)]).toEqual([1, ['live-not-loopback']]);
  });

  it('what is no address is said', async () => {
    const store = await runChecks([createLiveCheck('http://')], [], { store: new Store(registry) });
    expect(store.notes().map((n) => n.code)).toEqual(['live-not-a-url']);
  });
});
