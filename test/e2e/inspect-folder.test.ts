import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, ftruncateSync, openSync, utimesSync, writeSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { put, ROOT, runCli, safetensors, temporaryFolder } from './helpers';

const KEY = 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k';

/** A LoRA of rank 1, told apart from others by its metadata. */
const lora = (steps: number): Uint8Array =>
  safetensors(
    {
      __metadata__: { ss_steps: String(steps), ss_output_name: `名 ${steps}` },
      [`${KEY}.lora_down.weight`]: { dtype: 'F16', shape: [1, 768], data_offsets: [0, 1536] },
      [`${KEY}.lora_up.weight`]: { dtype: 'F16', shape: [320, 1], data_offsets: [1536, 2176] },
    },
    2176,
  );

interface Entry {
  readonly path: string;
  readonly metadata: { readonly steps: number };
}

describe('inspect of a folder', () => {
  test('gives one answer for a long list, for its parts, and from memory', async () => {
    const [folder, cache] = [temporaryFolder(), temporaryFolder()];
    const long = new Date(Date.now() - 3_600_000);
    for (let i = 0; i < 420; i++) {
      const file = put(folder, `${i % 2 ? 'a' : 'b'}/lora-${i}.safetensors`, lora(i));
      utimesSync(file, long, long);
    }
    const answer = async (of: string, ...more: string[]): Promise<Entry[]> => {
      const { stdout, status } = await runCli(['inspect', path.join(folder, of), '--json', ...more], {
        env: { XDG_CACHE_HOME: cache, LOCALAPPDATA: cache },
      });
      expect(status).toBe(0);
      return JSON.parse(stdout).files;
    };
    const whole = await answer('', '--no-cache');
    expect(whole.map(({ metadata }) => metadata.steps).sort((x, y) => x - y)).toEqual(Array.from({ length: 420 }, (_, i) => i));
    const parts = [...(await answer('a', '--no-cache')), ...(await answer('b', '--no-cache'))];
    expect(whole).toEqual(parts);
    expect(await answer('')).toEqual(whole);
    expect(await answer('')).toEqual(whole);
  });

  test('finds copies that are too large to be read on the main thread', async () => {
    const folder = temporaryFolder();
    const size = 40 * 1024 * 1024;
    const tensor = { [`${KEY}.lora_down.weight`]: { dtype: 'F16', shape: [2, size / 4], data_offsets: [0, size] } };
    for (const name of ['a', 'b', 'other']) {
      const file = safetensors({ ...tensor, __metadata__: { ss_steps: name === 'other' ? '2' : '1' } }, size);
      put(folder, `${name}.safetensors`, file);
    }
    const { stdout } = await runCli(['inspect', folder, '--json', '--no-cache']);
    const [group, ...more] = JSON.parse(stdout).duplicates;
    expect(more).toEqual([]);
    expect({ ...group, paths: group.paths.map((file: string) => path.basename(file)) }).toEqual({
      same: 'tensors',
      confirmed: true,
      paths: ['a.safetensors', 'b.safetensors', 'other.safetensors'],
    });
  });

  test('a file of 40 GB stops on Ctrl-C', async () => {
    await runCli(['--version']);
    const file = path.join(temporaryFolder(), 'huge.safetensors');
    const columns = 10_000_000_000;
    const header = Buffer.from(
      JSON.stringify({
        [`${KEY}.lora_down.weight`]: { dtype: 'F16', shape: [2, columns], data_offsets: [0, 4 * columns] },
        [`${KEY}.lora_up.weight`]: { dtype: 'F16', shape: [320, 2], data_offsets: [4 * columns, 4 * columns + 1280] },
      }),
    );
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const descriptor = openSync(file, 'w');
    writeSync(descriptor, Buffer.concat([length, header]));
    // A hole: it takes no room, and as long to read as anything.
    ftruncateSync(descriptor, 8 + header.length + 4 * columns + 1280);
    closeSync(descriptor);
    const child = spawn(process.execPath, [path.join(ROOT, 'dist', 'cli.js'), 'inspect', file], { stdio: 'ignore' });
    setTimeout(() => child.kill('SIGINT'), 1500);
    const [status] = await once(child, 'close');
    expect(status).toBe(130);
  });
});
