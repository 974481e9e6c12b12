import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/context';
import type { LoadedDoctor } from '../../src/commands/doctor';
import { announce, firstReport } from '../../src/commands/first-finding';
import { compileBuiltIn } from '../../src/commands/rule-files';
import { registry } from '../../src/facts/registry/all';
import { compileSignatures } from '../../src/formats/log/signature';
import { nodePlatform } from '../../src/platform/node';
import { A1111, plant } from '../checks/plant';

const { result, signatures } = compileBuiltIn(fileURLToPath(new URL('../../rules', import.meta.url)));
const doctor: LoadedDoctor = {
  platform: nodePlatform(),
  checks: [],
  base: result.base,
  registry,
  version: '0',
  identity: { home: '', user: '', host: '' },
  signatures: compileSignatures(signatures),
};

let base = '';
beforeEach(() => {
  base = plant(mkdtempSync(path.join(tmpdir(), 'lora-first-')), A1111);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** A terminal of `columns` and what was written on it. */
function terminal(columns: number) {
  const written: string[] = [];
  const stdout = { isTTY: true, columns, write: (text: string) => void written.push(text) };
  const context = {
    lang: 'en',
    signal: new AbortController().signal,
    stdout,
    color: false,
    ascii: true,
  } as unknown as CommandContext;
  return { context, written };
}

describe('the first finding', () => {
  it('is a broken file, on one line that is taken away again', async () => {
    const name = `${'long-'.repeat(30)}.safetensors`;
    writeFileSync(path.join(base, 'models', 'Lora', name), '');
    const { context, written } = terminal(60);
    const report = await firstReport(context, doctor, { targets: [base], searching: false });
    expect(report?.findings.map((finding) => finding.subject.label)).toEqual([name]);
    if (!report) return;
    const wipe = announce(context, report);
    expect(written.join('')).toMatch(/^ x "long-/);
    expect(written.join('').length).toBeLessThan(60);
    expect(written.join('')).not.toContain('\n');
    wipe();
    expect(written.at(-1)).toBe('\r\u001b[2K');
  });

  it('is none where no file is broken', async () => {
    const { context } = terminal(60);
    expect(await firstReport(context, doctor, { targets: [base], searching: false })).toBeNull();
  });
});
