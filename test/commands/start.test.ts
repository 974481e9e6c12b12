import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/context';
import { runStart } from '../../src/commands/start';
import { nodePlatform } from '../../src/platform/node';
import { A1111, plant } from '../checks/plant';

let base = '';
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'lora-start-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Which way is taken in an empty home, from `base`. */
async function wayTaken(words: readonly string[] = [], signal = new AbortController().signal): Promise<string> {
  const home = path.join(base, 'home');
  const context = {
    args: { words },
    cwd: path.join(base, 'here'),
    platform: { ...nodePlatform(), home, env: { HOME: home } },
    signal,
  } as unknown as CommandContext;
  let way = 'none';
  const take = (name: string) => () => {
    way = name;
    return Promise.resolve(0);
  };
  await runStart(context, { screen: take('screen'), demo: take('demo') });
  return way;
}

describe('no command on a terminal', () => {
  it('opens the demo when there is nothing here and nowhere else', async () => {
    plant(base, { 'here/notes.txt': 'x' });
    expect(await wayTaken()).toBe('demo');
  });

  it('opens the screen on a path that is named, whatever is there', async () => {
    expect(await wayTaken(['somewhere'])).toBe('screen');
  });

  it('opens the screen on an install in the current folder', async () => {
    plant(path.join(base, 'here', 'sd'), A1111);
    expect(await wayTaken()).toBe('screen');
  });

  it('opens the screen on an install in a usual place', async () => {
    plant(path.join(base, 'home', 'stable-diffusion-webui'), A1111);
    plant(base, { 'here/notes.txt': 'x' });
    expect(await wayTaken()).toBe('screen');
  });

  it('opens the screen when a model file lies here', async () => {
    plant(base, { 'here/a.safetensors': '' });
    expect(await wayTaken()).toBe('screen');
  });

  it('takes a folder that cannot be listed for an empty one', async () => {
    expect(await wayTaken()).toBe('demo');
  });

  it('takes no way after Ctrl-C', async () => {
    expect(await wayTaken([], AbortSignal.abort())).toBe('none');
  });
});
