import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path, { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/context';
import { inspectDocument, inspectFiles } from '../../src/commands/inspect/files';
import { FileJudge } from '../../src/commands/inspect/findings';
import { runInspect } from '../../src/commands/inspect/inspect';
import { Examiner } from '../../src/commands/inspect/one';
import { compileBuiltIn } from '../../src/commands/rule-files';
import type { SafetensorsHeader } from '../../src/formats/safetensors-header';
import { nodePlatform } from '../../src/platform/node';
import { inspectDocument as inspectSchema } from '../../src/report/documents';
import { fixture, headerOf } from '../formats/model/headers';

const compiled = compileBuiltIn(path.join(path.dirname(fileURLToPath(import.meta.url)), '../../rules')).result;
const base = compiled.base;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lora-inspect-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function bytesOf(header: SafetensorsHeader, fill = 0, cut = 0): Buffer {
  const entries = Object.fromEntries(
    header.tensors.map(({ name, dtype, shape, begin, end }) => [name, { dtype, shape, data_offsets: [begin, end] }]),
  );
  const json = Buffer.from(JSON.stringify({ __metadata__: Object.fromEntries(header.metadata), ...entries }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const end = header.tensors.reduce((most, tensor) => Math.max(most, tensor.end), 0);
  return Buffer.concat([length, json, Buffer.alloc(end - cut, fill)]);
}

const NAME = 'lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k';
const small = (metadata: Record<string, string> = {}): SafetensorsHeader =>
  headerOf({ [`${NAME}.alpha`]: [], [`${NAME}.lora_down.weight`]: [4, 768], [`${NAME}.lora_up.weight`]: [1280, 4] }, metadata);

async function run(
  words: string[],
  options: { json?: boolean; lang?: 'en' | 'zh-CN'; flags?: Record<string, string | true>; ascii?: boolean } = {},
): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const output = (add: (text: string) => void) => ({
    write: (text: string | Uint8Array) => add(typeof text === 'string' ? text : Buffer.from(text).toString()),
    isTTY: false,
  });
  const context = {
    args: { words, options: new Map(Object.entries(options.flags ?? {})) },
    version: '0',
    ascii: options.ascii ?? false,
    color: false,
    signal: new AbortController().signal,
    lang: options.lang ?? 'en',
    platform: { ...nodePlatform(), home: root, env: { XDG_CACHE_HOME: join(root, 'cache'), LOCALAPPDATA: join(root, 'cache') } },
    json: options.json ?? false,
    cwd: root,
    stdout: output((text) => {
      out += text;
    }),
    stderr: output((text) => {
      err += text;
    }),
  } as unknown as CommandContext;
  return { status: await runInspect(context, { hash: () => base.hash, base: () => base }), out, err };
}

describe('inspect', () => {
  it('gives the contract’s document', async () => {
    const file = join(root, 'a.safetensors');
    writeFileSync(file, bytesOf(small({ ss_network_dim: '4', ss_tag_frequency: '{"1_a": {"zvx": 9}}' }), 0x3c));
    const platform = nodePlatform();
    const options = {
      lang: 'en' as const,
      weights: false,
      examiner: async () => new Examiner(platform, new FileJudge(base, 'en'), 'en', () => false),
      remembered: null,
      signal: new AbortController().signal,
      threads: false,
      packed: false,
      progress: () => {},
    };
    const document = inspectDocument(await inspectFiles([file], options, platform), 'en');
    expect(document.schema).toBe('lora-doctor/inspect@1');
    expect(document.files).toMatchObject([
      {
        path: file,
        kind: 'lora',
        adapter: 'lora',
        keyStyle: 'kohya',
        container: { kind: 'safetensors', ok: true, error: null },
        family: { id: 'sd15', confidence: 'certain', candidates: ['sd15'] },
        rank: { min: 4, max: 4, typical: 4, perModule: { [NAME]: 4 } },
        modules: { unet: 1 },
        metadata: { triggerWords: ['zvx'], contradictions: [] },
        weights: null,
      },
    ]);
    expect(document.files[0]).toHaveProperty('alpha.stored', 1);
  });

  it('says in the first line that bytes are missing, and ends with 1', async () => {
    writeFileSync(join(root, 'cut.safetensors'), bytesOf(small(), 0, 500));
    const { status, out } = await run(['cut.safetensors']);
    expect(status).toBe(1);
    expect(out.split('\n')[1]).toMatch(/BROKEN.*500 bytes are missing/);
  });

  it('warns of a pickle that imports a program, whatever its name', async () => {
    writeFileSync(join(root, 'evil.safetensors'), Buffer.from('\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.', 'latin1'));
    const { status, out } = await run(['evil.safetensors']);
    expect(status).toBe(1);
    expect(out).toContain('UNSAFE');
    expect(out).toContain('os.system');
  });

  it('never prints a control character of the file', async () => {
    const header = small({
      ss_output_name: '\u001b[31mred\u0007',
      ss_sd_model_name: 'a\u202eb',
      'modelspec.trigger_phrase': 'x\u001b]0;t\u0007',
    });
    writeFileSync(join(root, 'a\u001b[2Jb.safetensors'), bytesOf(header, 0x3c));
    for (const lang of ['en', 'zh-CN'] as const) {
      const { out } = await run([root], { lang });
      expect(out).toContain('␛[31mred');
      expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(out)).toBe(false);
    }
  });

  it('speaks Chinese', async () => {
    writeFileSync(join(root, 'a.safetensors'), bytesOf(fixture('ti-sdxl-clip-l-g')));
    expect((await run(['a.safetensors'], { lang: 'zh-CN' })).out).toContain('嵌入式');
  });

  it('ends with 2 and the error document for a path that is not there', async () => {
    const { status, out } = await run(['nothing.safetensors'], { json: true });
    expect(status).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ schema: 'lora-doctor/error@1', error: { code: 'not-found' } });
  });

  it('goes through a folder and leaves out what is no model', async () => {
    writeFileSync(join(root, 'a.safetensors'), bytesOf(small(), 0x3c));
    writeFileSync(join(root, 'a.png'), 'picture');
    const { status, out } = await run([root], { json: true });
    expect(status).toBe(0);
    expect((JSON.parse(out) as { files: object[] }).files).toHaveLength(1);
  });

  const documentOf = async (words: string[], flags: Record<string, string | true> = {}) => {
    const { status, out } = await run(words, { json: true, flags });
    const document = inspectSchema.parse(JSON.parse(out));
    return { status, document, file: document.files[0] };
  };

  it('gives the four hashes, the trigger words with their sources, and who loads it', async () => {
    writeFileSync(join(root, 'a.safetensors'), bytesOf(small({ ss_tag_frequency: '{"1_a": {"zvx": 9}}' }), 0x3c));
    writeFileSync(join(root, 'a.json'), '{"activation text": "zvx, hat"}');
    const { file } = await documentOf(['a.safetensors']);
    expect(file?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(file?.autov2).toBe(file?.sha256?.slice(0, 10));
    expect(file?.autov3).toMatch(/^[0-9a-f]{12}$/);
    expect(file?.legacyHash).toBe('e3b0c442');
    expect(file?.triggers).toEqual([
      { word: 'zvx', count: 9, source: 'sidecar', likely: true },
      { word: 'hat', count: 0, source: 'sidecar', likely: true },
    ]);
    expect(file?.fits).toContainEqual(expect.objectContaining({ ui: 'a1111', loads: 'yes' }));
    expect((await documentOf(['a.safetensors'], { ui: 'fooocus' })).file?.fits.map(({ loads }) => loads)).toEqual(['no']);
  });

  it.each([
    ['a cut file', () => bytesOf(small(), 0x3c, 500), 'corrupt-or-truncated-file'],
    ['zeros only', () => bytesOf(small(), 0), 'dead-lora'],
    ['NaN', () => bytesOf(small(), 0x7e), 'lora-nan-weights'],
    ['a web page', () => Buffer.from('<!DOCTYPE html><html><body>404</body></html>'), 'wrong-file-type'],
    ['a program in a pickle', () => Buffer.from('\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.', 'latin1'), 'pickle-unsafe'],
    ['half pairs', () => bytesOf(fixture('edited-sd15-lora-missing-up'), 0x3c), 'corrupt-or-truncated-file'],
  ])('finds the cause in %s, with a remedy, and ends with 1', async (_, bytes, cause) => {
    writeFileSync(join(root, 'x.safetensors'), bytes());
    const { status, file } = await documentOf(['x.safetensors']);
    expect(status).toBe(1);
    expect(file?.findings.map((finding) => finding.cause)).toContain(cause);
    expect(file?.findings[0]?.fixes[0]?.steps.length).toBeGreaterThan(0);
    for (const [lang, word] of [
      ['en', 'remedy: '],
      ['zh-CN', '处理：'],
    ] as const)
      expect((await run(['x.safetensors'], { lang })).out).toContain(word);
  });

  it('has nothing to say against a healthy file', async () => {
    writeFileSync(join(root, 'a.safetensors'), bytesOf(small({ ss_network_dim: '4' }), 0x1c));
    const { status, file } = await documentOf(['a.safetensors']);
    expect({ status, findings: file?.findings.filter(({ severity }) => severity !== 'info') }).toEqual({
      status: 0,
      findings: [],
    });
  });

  it('says when the stored hash is not that of the tensors', async () => {
    writeFileSync(join(root, 'a.safetensors'), bytesOf(small({ sshs_model_hash: 'ab'.repeat(32) }), 0x1c));
    const { file } = await documentOf(['a.safetensors']);
    expect(file).toMatchObject({ storedHash: 'stale', a1111Hash: 'abababababab' });
    expect(file?.findings.map(({ rule }) => rule)).toContain('inspect/stale-hash');
  });

  it('compares two files, and lays one on a checkpoint', async () => {
    writeFileSync(join(root, 'a.safetensors'), bytesOf(small({ ss_session_id: '7', ss_steps: '100' }), 0x1c));
    writeFileSync(join(root, 'b.safetensors'), bytesOf(small({ ss_session_id: '7', ss_steps: '200' }), 0x1c));
    const { document } = await documentOf(['a.safetensors', 'b.safetensors']);
    expect(document.comparison).toMatchObject({
      sameRun: true,
      differences: [{ what: 'steps', a: 100, b: 200 }],
      tryFirst: { estimate: true },
    });
    const text = (await run(['a.safetensors', 'b.safetensors'], { ascii: true })).out;
    expect(text).toContain('try B first (an estimate, from numbers alone)');
    expect(text.replaceAll(root, '')).toMatch(/^[\x20-\x7e\n]*$/);
    const attention = 'model.diffusion_model.middle_block.1.transformer_blocks.0.attn2.to_k.weight';
    writeFileSync(join(root, 'c.safetensors'), bytesOf(headerOf({ [attention]: [1280, 1024] })));
    const laid = await documentOf(['a.safetensors'], { against: 'c.safetensors' });
    expect(laid.file?.against).toMatchObject({ loads: 'none', mismatched: [{ lora: [1280, 768], base: [1280, 1024] }] });
    expect((await run(['a.safetensors'], { flags: { against: 'nothing' } })).status).toBe(2);
    expect((await run(['a.safetensors'], { flags: { ui: 'comfi' } })).status).toBe(2);
  });

  it('lists a folder: sorted, filtered, with copies and clashes', async () => {
    mkdirSync(join(root, 'm', 'sub'), { recursive: true });
    writeFileSync(join(root, 'm', 'a.safetensors'), bytesOf(small({ ss_output_name: 'x' }), 0x1c));
    copyFileSync(join(root, 'm', 'a.safetensors'), join(root, 'm', 'sub', 'a.safetensors'));
    writeFileSync(join(root, 'm', 'z.safetensors'), bytesOf(small(), 0x3c, 9));
    const { status, document } = await documentOf(['m']);
    expect(status).toBe(1);
    expect(document.duplicates).toEqual([
      { same: 'file', confirmed: true, paths: [join(root, 'm', 'a.safetensors'), join(root, 'm', 'sub', 'a.safetensors')] },
    ]);
    expect(document.clashes?.map(({ name }) => name)).toContain('a');
    const rows = (await run(['m'], { flags: { sort: 'verdict' } })).out.split('\n');
    expect(rows[1]).toMatch(/^BROKEN +z\.safetensors/);
    const filtered = (await run(['m'], { flags: { filter: 'broken' } })).out;
    expect(filtered).toContain('1 of 3 files');
    expect(filtered.split('\n').slice(0, 3).join()).not.toContain('a.safetensors');
  });

  it('says of each file of a list what it says of the file alone, in whatever order they come', () => {
    const sick = small({ ss_base_model_version: 'sdxl_base_v1-0' });
    const lora = bytesOf(small(), 0x3c);
    const contents: Record<string, Buffer> = {
      'a.safetensors': lora,
      'b.safetensors': Buffer.alloc(0),
      'c.safetensors': bytesOf(small(), 0x3c, 500),
      'd.ckpt': lora,
      'e.safetensors': bytesOf(sick, 0x3c),
      'f.safetensors.corrupted': lora,
      'g.safetensors': Buffer.from('<!doctype html><title>no</title>'),
    };
    const platform = nodePlatform();
    const judge = (): Examiner => new Examiner(platform, new FileJudge(base, 'en'), 'en', () => false);
    const depth = { weights: false, hash: false, detail: false, alphas: 8 };
    const files = [...Object.keys(contents), ...Object.keys(contents)].map((name) => {
      const file = join(root, name);
      writeFileSync(file, contents[name] ?? '');
      const info = platform.stat(file);
      return info ? [{ path: file, info }] : [];
    });
    const found = files.flat();
    const alone = found.map((file) => judge().examine(file, depth).entry);
    expect(new Set(alone.map(({ findings }) => JSON.stringify(findings))).size).toBeGreaterThan(4);
    for (const list of [found, [...found].reverse()]) {
      const together = judge();
      for (const file of list) expect(together.examine(file, depth).entry).toEqual(alone[found.indexOf(file)]);
    }
  });

  it('remembers a folder, notices changes, and survives a damaged memory', async () => {
    mkdirSync(join(root, 'm'));
    const file = join(root, 'm', 'a.safetensors');
    const other = join(root, 'm', 'b.safetensors');
    const old = new Date(Date.now() - 60_000);
    const put = (header: SafetensorsHeader): void => {
      writeFileSync(file, bytesOf(header, 0x1c));
      utimesSync(file, old, old);
    };
    put(small({ ss_steps: '1' }));
    writeFileSync(other, bytesOf(small(), 0x1c, 3));
    utimesSync(other, old, old);
    const first = (await documentOf(['m'])).document;
    const kept = join(root, 'cache', 'lora-doctor', 'inspect-en.cache');
    expect(readdirSync(path.dirname(kept))).toEqual(['inspect-en.cache']);
    const bytes = readFileSync(kept);
    // The answer of the second call is what the first one kept, to the letter.
    const forged = Buffer.from(bytes.subarray(0, -8).toString('latin1').replace('"steps":1', '"steps":7'), 'latin1');
    writeFileSync(kept, Buffer.concat([forged, Buffer.from(crc32(forged).toString(16).padStart(8, '0'))]));
    expect((await documentOf(['m'])).file?.metadata).toHaveProperty('steps', 7);
    expect((await documentOf(['m'], { 'no-cache': true })).document).toEqual(first);
    for (const damaged of [bytes.subarray(0, bytes.length / 2), forged, Buffer.alloc(0)]) {
      writeFileSync(kept, damaged);
      expect((await documentOf(['m'])).document).toEqual(first);
    }
    put(small({ ss_steps: '1', more: 'metadata' }));
    expect((await documentOf(['m'])).file?.size).toBeGreaterThan(first.files[0]?.size ?? 0);
  });
});
