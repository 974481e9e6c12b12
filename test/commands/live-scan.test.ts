import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { allChecks } from '../../src/checks/all';
import type { LoadedDoctor } from '../../src/commands/doctor';
import { scanWith } from '../../src/commands/live-scan';
import { compileBuiltIn } from '../../src/commands/rule-files';
import { registry } from '../../src/facts/registry/all';
import { compileSignatures } from '../../src/formats/log/signature';
import { nodePlatform } from '../../src/platform/node';
import { A1111, plant, tempFolder } from '../checks/plant';

let root = '';
beforeEach(() => {
  root = plant(tempFolder(), { ...A1111, 'console.log': 'Python 3.10.6\n' });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function doctor(): LoadedDoctor {
  const { result, signatures } = compileBuiltIn(path.join(import.meta.dirname, '../../rules'));
  const compiled = compileSignatures(signatures);
  const identity = { home: '', user: '', host: '' };
  return {
    platform: nodePlatform(),
    checks: allChecks(compiled),
    base: result.base,
    registry,
    version: '0',
    identity,
    signatures: compiled,
  };
}

const request = {
  searching: false,
  depth: 'normal' as const,
  lang: 'en' as const,
  symptoms: [],
  signal: new AbortController().signal,
};

it('judges again only when a fact differs', async () => {
  const scan = scanWith(doctor(), { redact: false });
  const once = await scan({ ...request, targets: [root] });
  const twice = await scan({ ...request, targets: [root] });
  expect(twice.report).toBe(once.report);
  writeFileSync(
    path.join(root, 'console.log'),
    'Python 3.10.6\ntorch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB\n',
  );
  const grown = await scan({ ...request, targets: [root] });
  expect(grown.report).not.toBe(once.report);
  expect(grown.report.findings.map((f) => f.cause)).toContain('oom-vram');
});
