import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installCheck } from '../../../src/checks/install/check';
import { createLogsCheck } from '../../../src/checks/logs/check';
import { signatures } from '../../formats/log/load-signatures';
import { A1111, plant, runChecks, tempFolder } from '../plant';

const NAN = 'modules.devices.NansException: A tensor with all NaNs was produced in Unet.\n';
let base: string;
beforeEach(() => {
  base = tempFolder();
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

/** Names, from the base folder, of the installs found and of the logs read, the newest session first. */
async function look(...targets: readonly string[]) {
  const store = await runChecks(
    [installCheck, createLogsCheck(signatures)],
    targets.map((target) => path.join(base, target)),
  );
  const from = (file: string | undefined) => path.relative(base, file ?? '').replaceAll('\\', '/');
  return {
    store,
    installs: store.subjects('install').map((install) => from(install.path)),
    logs: store.subjects('log').map((log) => from(log.path)),
  };
}
const install = (folder: string, files: Parameters<typeof plant>[1] = {}) =>
  plant(path.join(base, folder), { ...A1111, ...files });

describe('a log that is named', () => {
  test('is judged alone: installs beside it are not searched for', async () => {
    install('sd', { 'webui.log': NAN });
    plant(base, { 'error.log': NAN, 'what he sent.txt': NAN, 'notes/a.log': NAN });
    for (const file of ['error.log', 'what he sent.txt', 'notes/a.log'])
      expect(await look(file)).toMatchObject({ installs: [], logs: [file] });
    expect((await look('error.log', 'notes/a.log')).logs.sort()).toEqual(['error.log', 'notes/a.log']);
  });

  test('of an install is judged with it, and its other logs are not read', async () => {
    install('sd', { 'webui.log': NAN, 'old.log': NAN, 'logs/x.log': NAN });
    install('sd/webui-copy');
    const { store, installs, logs } = await look('sd/old.log');
    expect([installs, logs]).toEqual([['sd'], ['sd/old.log']]);
    expect(store.subjects('log')[0]?.links).toEqual({ install: `install:${path.join(base, 'sd')}` });
    expect((await look('sd/logs/x.log')).logs).toEqual(['sd/logs/x.log']);
  });

  test('beside the Python of a package belongs to the program in it', async () => {
    install('pack/webui');
    plant(path.join(base, 'pack'), { 'environment.bat': '', 'console.log': NAN });
    expect(await look('pack/console.log')).toMatchObject({ installs: ['pack/webui'], logs: ['pack/console.log'] });
  });

  test('is read however old it is, and with a folder all its logs are read as well', async () => {
    install('sd', { 'webui.log': NAN, 'params.txt': 'a cat\nSteps: 20' });
    plant(base, { 'old.log': NAN });
    const day = 24 * 3600;
    for (const file of ['old.log', 'sd/webui.log'])
      fs.utimesSync(path.join(base, file), Date.now() / 1000 - 90 * day, Date.now() / 1000 - 90 * day);
    expect((await look('sd')).logs).toEqual([]);
    expect((await look('sd/webui.log')).logs).toEqual(['sd/webui.log']);
    expect((await look('sd', 'old.log')).logs).toEqual(['old.log']);
  });

  test('a folder named .log, or a text that is no log by its name, is none', async () => {
    plant(base, { 'x.log/a': '', 'list.csv': NAN, 'run.py': NAN });
    for (const target of ['x.log', 'list.csv', 'run.py']) expect((await look(target)).logs).toEqual([]);
  });
});
