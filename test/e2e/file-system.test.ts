import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, rmdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { A1111, plant } from '../checks/plant';
import { put, ROOT, runCli, safetensors, temporaryFolder } from './helpers';

const KEY = 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k';
const LORA = safetensors(
  {
    [`${KEY}.lora_down.weight`]: { dtype: 'F16', shape: [1, 768], data_offsets: [0, 1536] },
    [`${KEY}.lora_up.weight`]: { dtype: 'F16', shape: [320, 1], data_offsets: [1536, 2176] },
  },
  2176,
);

LORA.fill(0x2c, LORA.length - 2176); // every value 0x2c2c: a small number, not zero

interface Looked {
  readonly loras: string[];
  readonly notes: string[];
  readonly causes: string[];
}

async function check(root: string): Promise<Looked> {
  const ran = await runCli(['check', root, '--json', '--no-redact']);
  const report = JSON.parse(ran.stdout);
  expect(report.schema).toBe('lora-doctor/report@1');
  return {
    loras: report.facts.subjects.filter((s: { kind: string }) => s.kind === 'lora').map((s: { label: string }) => s.label),
    notes: report.notes.map((n: { code: string }) => n.code),
    causes: report.findings.map((f: { cause: string }) => f.cause),
  };
}

const install = (): string => plant(temporaryFolder(), A1111);

describe('file system cases', () => {
  test('FS-08 a hard link is listed under both names', async () => {
    const root = install();
    const file = put(root, 'models/Lora/one.safetensors', LORA);
    linkSync(file, path.join(root, 'models/Lora/two.safetensors'));
    expect((await check(root)).loras.sort()).toEqual(['one.safetensors', 'two.safetensors']);
  });

  test('FS-12 more files than a check looks at: a note says so, one finding stands for the flood', async () => {
    const root = install();
    for (let i = 0; i < 20_500; i++) writeFileSync(path.join(root, 'models/Lora', `x${i}.safetensors`), '');
    const { notes, causes } = await check(root);
    expect(notes).toContain('too-many-files');
    expect(causes.length).toBeLessThan(100);
    expect(causes[0]).toBe('corrupt-or-truncated-file');
  });

  test('FS-12 folders 400 deep do not overflow anything', async () => {
    const root = install();
    const deep = path.join(root, 'models/Lora', ...Array.from({ length: 400 }, () => 'd'));
    mkdirSync(deep, { recursive: true });
    put(root, 'models/Lora/top.safetensors', LORA);
    expect((await check(root)).loras).toContain('top.safetensors');
  });

  test('FS-13 a name of 255 bytes is read', async () => {
    const root = install();
    const name = `${'n'.repeat(255 - '.safetensors'.length)}.safetensors`;
    put(root, `models/Lora/${name}`, LORA);
    const { loras, causes } = await check(root);
    expect(loras).toEqual([name]);
    expect(causes).toEqual([]);
  });

  test('FS-16 names that differ only in Unicode form or case are two files', async () => {
    const root = install();
    const names = ['caf\u00e9.safetensors', 'cafe\u0301.safetensors', 'Foo.safetensors', 'foo.safetensors'];
    for (const name of names) put(root, `models/Lora/${name}`, LORA);
    expect((await check(root)).loras.sort()).toEqual([...names].sort());
  });

  test('FS-17, FS-18 names with control, bidi, wide and joined characters: all listed, none live', async () => {
    const root = install();
    for (const name of ['a\nb', 'c\u001b[2Jd', 'e\u202ef', 'g\u200bh', '猫耳娘', '👩‍👩‍👧', 'عربي', '𠮷'])
      put(root, `models/Lora/${name}.safetensors`, LORA);
    const ran = await runCli(['check', root]);
    expect(ran.status).toBe(0);
    expect(ran.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u200b]/);
    expect((await check(root)).loras).toHaveLength(8);
  });

  test('FS-21 dates in 1970 and in 2107 are dates', async () => {
    const root = install();
    utimesSync(put(root, 'models/Lora/old.safetensors', LORA), 0, 0);
    utimesSync(put(root, 'models/Lora/far.safetensors', LORA), 4_323_000_000, 4_323_000_000);
    const { loras, causes } = await check(root);
    expect(loras).toHaveLength(2);
    expect(causes).toEqual([]);
  });

  test('FS-24 a download that still runs is no damaged file', async () => {
    const root = install();
    for (const ending of ['part', 'crdownload', 'aria2', 'tmp'])
      put(root, `models/Lora/a.safetensors.${ending}`, LORA.subarray(0, 100));
    expect((await check(root)).causes).toEqual([]);
  });

  test.runIf(process.platform !== 'win32')('FS-28 a working folder that was deleted: a clear error and exit 2', () => {
    const gone = path.join(temporaryFolder(), 'gone');
    mkdirSync(gone);
    const script = `cd "${gone}" && rmdir "${gone}" && "${process.execPath}" "${path.join(ROOT, 'dist', 'cli.js')}" check --json; echo "status $?"`;
    const out = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [document = '', status] = out.trim().split('\n');
    expect(JSON.parse(document)).toMatchObject({ schema: 'lora-doctor/error@1', error: { code: 'no-current-folder' } });
    expect(status).toBe('status 2');
    expect(() => rmdirSync(gone)).toThrow();
  });
});
