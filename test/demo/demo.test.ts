import { existsSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runDemo } from '../../src/commands/demo';
import { buildDemo, type Demo } from '../../src/demo/build';
import { half, numbers } from '../../src/demo/tensors';
import { bytesOf } from '../../src/formats/bytes';
import { readInfotext } from '../../src/formats/infotext/a1111';
import { lookOf } from '../../src/formats/picture/look';
import { readPng } from '../../src/formats/picture/png';
import { readPngPixels } from '../../src/formats/picture/png-pixels';
import { readSafetensors } from '../../src/formats/safetensors';
import { nodeInflate } from '../../src/platform/inflate';
import { nodePlatform } from '../../src/platform/node';

let demo: Demo;
const at = (relative: string) => path.join(demo.path, relative);
const lora = (name: string) => readSafetensors(bytesOf(readFileSync(at(`models/Lora/${name}.safetensors`))));

beforeAll(() => {
  demo = buildDemo();
});
afterAll(() => {
  demo.remove();
});

describe('the demo install', () => {
  it('stands in the temporary folder and takes little disk', () => {
    expect(demo.path.startsWith(path.join(tmpdir(), 'lora-doctor-demo-'))).toBe(true);
    for (const marker of ['launch.py', 'modules/launch_utils.py', 'extensions-builtin/Lora/lora_logger.py'])
      expect(existsSync(at(marker))).toBe(true);
    const checkpoint = statSync(at('models/Stable-diffusion/plainpaint-v15.safetensors'));
    expect(checkpoint.size).toBeGreaterThan(2_100_000_000);
    if (process.platform === 'linux') expect(checkpoint.blocks * 512).toBeLessThan(20_000_000);
  });

  it('has a whole SD 1.5 checkpoint by its header', () => {
    const result = nodePlatform().withFile(at('models/Stable-diffusion/plainpaint-v15.safetensors'), (bytes) =>
      readSafetensors(bytes),
    );
    expect(result.ok).toBe(true);
    const names = result.ok ? result.header.tensors.map((tensor) => tensor.name) : [];
    expect(names.length).toBe(1131);
    expect(names).toContain('model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight');
    expect(names).toContain('first_stage_model.decoder.up.3.upsample.conv.weight');
  });

  it('has a sound SD 1.5 LoRA, an SDXL one, and one that was cut off', () => {
    const whole = lora('paper-fox');
    const wide = lora('neon-harbour-xl');
    expect(whole.ok && whole.header.tensors.length).toBe(264 * 3);
    expect(wide.ok && wide.header.tensors.length).toBe(722 * 3);
    expect(wide.ok && wide.header.tensors.find((tensor) => tensor.name.endsWith('attn2_to_k.lora_down.weight'))?.shape).toEqual([
      1, 2048,
    ]);
    expect(lora('glass-garden')).toMatchObject({ ok: false, error: { code: 'metadata-incomplete-buffer' } });
  });

  it('has a picture that looks like one and names the SDXL LoRA as loaded', () => {
    const png = readFileSync(at('outputs/txt2img-images/2026-01-17/00001-20240117.png'));
    const reading = readPng(bytesOf(png), nodeInflate);
    expect([reading.width, reading.height]).toEqual([512, 512]);
    const stats = reading.layout ? readPngPixels(bytesOf(png), reading.layout, nodeInflate, { bytes: 1e7 }) : null;
    expect(stats && lookOf(stats, 512, 512)).toBe('normal');
    const text = reading.texts.map((entry) => entry.text).join('\n');
    expect(text).toContain('<lora:neon-harbour-xl:0.9>');
    expect(readInfotext(text).loraHashes?.get('neon-harbour-xl')).toMatch(/^[0-9a-f]{12}$/);
  });

  it('asks in params.txt for a name with other capitals than the file has', () => {
    const asked = /<lora:([^:]+):/.exec(readFileSync(at('params.txt'), 'utf8'))?.[1] ?? '';
    expect(existsSync(at(`models/Lora/${asked.toLowerCase()}.safetensors`))).toBe(true);
    expect(asked).not.toBe(asked.toLowerCase());
    expect(readFileSync(at('console.log'), 'utf8')).toContain('CUDA out of memory');
  });

  it('is the same every time and is removed whole', () => {
    const other = buildDemo();
    for (const name of [
      'models/Lora/paper-fox.safetensors',
      'outputs/txt2img-images/2026-01-17/00001-20240117.png',
      'params.txt',
    ]) {
      expect(readFileSync(path.join(other.path, name)).equals(readFileSync(at(name)))).toBe(true);
    }
    other.remove();
    expect(existsSync(path.dirname(other.path))).toBe(false);
  });
});

describe('half', () => {
  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [0.5, 0x3800],
    [65504, 0x7bff],
    [0, 0],
    [1e-9, 0],
    [0.1, 0x2e66],
  ])('%d is 0x%s', (value, bits) => {
    expect(half(value)).toBe(bits);
  });

  it('rounds up into the next power of two', () => {
    expect(half(1.99999)).toBe(0x4000);
  });

  it('numbers stay in range and differ', () => {
    const next = numbers(3);
    const values = Array.from({ length: 1000 }, next);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(new Set(values).size).toBeGreaterThan(990);
  });
});

describe('runDemo', () => {
  type Context = Parameters<typeof runDemo>[0];
  const context = (json: boolean, out: string[], err: string[]) =>
    ({
      lang: 'en',
      json,
      interactive: false,
      stdout: { write: (text: string) => void out.push(text), isTTY: false },
      stderr: { write: (text: string) => void err.push(text), isTTY: false },
      args: { options: new Map(), words: [], implied: false },
    }) as unknown as Context;

  it('says what to do when the disk is full', async () => {
    const out: string[] = [];
    const status = await runDemo(context(true, out, []), () => {
      throw new Error('ENOSPC: no space left');
    });
    expect(status).toBe(3);
    expect(JSON.parse(out.join(''))).toMatchObject({
      schema: 'lora-doctor/error@1',
      error: { code: 'demo-failed', message: expect.stringContaining('ENOSPC') },
    });
  });

  it('removes the demo even when the check fails', async () => {
    const remove = vi.fn();
    const broken = { ...context(false, [], []), platform: undefined } as unknown as Context;
    await expect(runDemo(broken, () => ({ path: '/nowhere', remove }))).rejects.toThrow();
    expect(remove).toHaveBeenCalledOnce();
  });
});
