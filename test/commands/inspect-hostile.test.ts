import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path, { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookAt, startReading } from '../../src/checks/lora/look';
import { splitName } from '../../src/checks/lora/names';
import type { CommandContext } from '../../src/commands/context';
import { runInspect } from '../../src/commands/inspect/inspect';
import { compileBuiltIn } from '../../src/commands/rule-files';
import type { Note } from '../../src/facts/snapshot';
import { nodePlatform } from '../../src/platform/node';
import type { FileInfo, Platform } from '../../src/platform/platform';
import { entry, file } from '../formats/safetensors-samples';

const { base } = compileBuiltIn(path.join(path.dirname(fileURLToPath(import.meta.url)), '../../rules')).result;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lora-hostile-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function inspect(name: string, platform: Platform): Promise<{ status: number; out: string }> {
  let out = '';
  const write = (text: string): void => {
    out += text;
  };
  const output = { write, isTTY: false };
  const context = {
    args: { words: [name], options: new Map() },
    version: '0',
    ascii: false,
    color: false,
    signal: new AbortController().signal,
    lang: 'en',
    platform: { ...platform, home: root, env: { XDG_CACHE_HOME: join(root, 'cache'), LOCALAPPDATA: join(root, 'cache') } },
    json: false,
    cwd: root,
    stdout: output,
    stderr: output,
  } as unknown as CommandContext;
  return { status: await runInspect(context, { hash: () => base.hash, base: () => base }), out };
}

describe('PK-26 names in a pickle', () => {
  it('are shown escaped, each in its line', async () => {
    const module = 'evil\x1b[2J\nclean: true\u202e';
    const bytes = Buffer.from(module);
    const head = Buffer.concat([Buffer.from([0x80, 4, 0x8c, bytes.length]), bytes]);
    writeFileSync(join(root, 'x.ckpt'), Buffer.concat([head, Buffer.from('\x8c\x04name\x93)R.', 'latin1')]));
    const { status, out } = await inspect('x.ckpt', nodePlatform());
    expect(status).toBe(1);
    expect(out).toContain('evil');
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(out.split('\n').filter((line) => line.trim().startsWith('clean: true'))).toEqual([]);
  });
});

describe('a file that is being written', () => {
  const whole = file(`{${entry('lora_unet_x.lora_down.weight', 'F32', '[2]', '[0,8]')}}`, 8);
  /** The system as it is a moment after the file was opened. */
  const later = (change: (info: FileInfo) => FileInfo): Platform => {
    const real = nodePlatform();
    let opened = false;
    return {
      ...real,
      withFile: (where, use) => {
        opened = true;
        return real.withFile(where, use);
      },
      stat: (where) => {
        const info = real.stat(where);
        return opened && info && where.endsWith('x.safetensors') ? change(info) : info;
      },
    };
  };
  const cases: readonly (readonly [string, (info: FileInfo) => FileInfo])[] = [
    ['ST-76 another file has its name by now', (info) => ({ ...info, ino: info.ino + 1 })],
    ['ST-77 it has grown since', (info) => ({ ...info, size: info.size + 4096, mtimeMs: info.mtimeMs + 10 })],
  ];

  it.each(cases)('%s: it is not called broken', async (_, change) => {
    const where = join(root, 'x.safetensors');
    writeFileSync(where, whole.subarray(0, whole.length - 4));
    const { out } = await inspect('x.safetensors', later(change));
    expect(out).toContain('the file is being written');
    expect(out).not.toContain('BROKEN');

    const notes: Note[] = [];
    const info = nodePlatform().stat(where);
    if (!info) throw new Error('no file');
    const folder = { path: root, kind: 'lora', install: null } as const;
    const name = splitName('x.safetensors');
    const platform = later(change);
    const seen = { path: where, relative: 'x.safetensors', name, info, folder, looked: null, failure: null };
    const looked = lookAt(platform, seen, startReading(platform, true), notes);
    expect(looked).toMatchObject({ looked: null, failure: 'unreadable' });
    expect(notes).toMatchObject([{ code: 'unreadable-being-written', path: where }]);
  });

  it('the same file, at rest, is', async () => {
    writeFileSync(join(root, 'x.safetensors'), whole.subarray(0, whole.length - 4));
    expect(
      (
        await inspect(
          'x.safetensors',
          later((info) => info),
        )
      ).out,
    ).toContain('BROKEN');
  });
});
