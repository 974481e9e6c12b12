import http from 'node:http';
import type net from 'node:net';
import { onTestFinished } from 'vitest';

/** What a stand-in gives for a path: JSON, a status, or its own way of answering. */
export type Reply =
  | { readonly json: unknown }
  | { readonly status: number; readonly text?: string; readonly headers?: Record<string, string> }
  | ((response: http.ServerResponse, socket: net.Socket) => void);

export interface Stand {
  readonly url: string;
  /** Requests as `METHOD path`, in order; and the most that were open at once. */
  readonly seen: string[];
  readonly most: () => number;
  readonly headers: http.IncomingHttpHeaders[];
}

/** A program on a free port of this machine, ended with the test. Unknown paths answer 404. */
export async function standIn(replies: Readonly<Record<string, Reply>>): Promise<Stand> {
  const seen: string[] = [];
  const headers: http.IncomingHttpHeaders[] = [];
  let open = 0;
  let most = 0;
  const server = http.createServer((request, response) => {
    open++;
    most = Math.max(most, open);
    response.on('close', () => {
      open--;
    });
    seen.push(`${request.method} ${request.url}`);
    headers.push(request.headers);
    const reply = replies[(request.url ?? '').split('?')[0] ?? ''] ??
      replies['*'] ?? { status: 404, text: '{"detail":"Not Found"}' };
    if (typeof reply === 'function') reply(response, request.socket);
    else if ('json' in reply)
      response
        .setHeader('content-type', 'application/json')
        .end(typeof reply.json === 'string' ? reply.json : JSON.stringify(reply.json));
    else response.writeHead(reply.status, reply.headers).end(reply.text ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address() as net.AddressInfo;
  return { url: `http://127.0.0.1:${address.port}`, seen, most: () => most, headers };
}

const loras = [{ name: 'mika', alias: 'mika', path: '/w/models/Lora/mika.safetensors', metadata: {} }];

/** A1111 with its API on and a card with 8 GiB. */
export const A1111_ROUTES: Readonly<Record<string, Reply>> = {
  '/sdapi/v1/loras': { json: loras },
  '/sdapi/v1/options': { json: { sd_vae: 'Automatic', sd_lora: 'None', CLIP_stop_at_last_layers: 2, secret_setting: 'x' } },
  '/sdapi/v1/cmd-flags': { json: { api: true, medvram: true, port: null, api_auth: 'user:pass', ckpt_dir: '/w/c' } },
  '/sdapi/v1/memory': {
    json: {
      ram: { free: 1, used: 1, total: 2 },
      cuda: { system: { free: 2 ** 31, used: 0, total: 2 ** 33 }, events: { retries: 0, oom: 3 } },
    },
  },
  '/sdapi/v1/progress': { json: { progress: 0.2, state: { job_count: 1 } } },
  '/internal/ping': { json: {} },
};

export const COMFY_ROUTES: Readonly<Record<string, Reply>> = {
  '/system_stats': {
    json: {
      system: { os: 'nt', comfyui_version: '0.3.64', argv: ['main.py', '--lowvram'] },
      devices: [{ name: 'cuda:0 X', type: 'cuda', index: 0, vram_total: 2 ** 33, vram_free: 2 ** 32 }],
    },
  },
  '/models/loras': { json: ['mika.safetensors', 'sub/two.safetensors'] },
  '/queue': { json: { queue_running: [], queue_pending: [] } },
};
